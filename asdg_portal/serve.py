"""What ``./portal run`` starts: the web server and the background work in one process."""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import signal
import sys
from pathlib import Path
from types import FrameType

import click
from flask import Flask
from waitress import create_server

from asdg_portal import create_app
from asdg_portal.config import ROOT, BadSetting, Config
from asdg_portal.core.worker import Worker
from asdg_portal.demo.services import ACCOUNTS_FILE, is_untouched, load_demo
from asdg_portal.search.warming import begin_warming

THREADS = 8
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  asked for by who starts it


def main() -> None:
    """Prepare the data folder, load the demonstration where it belongs, and serve."""
    options = _read_arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for talkative in ("alembic", "huey", "pymorphy3"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    _prepare_environment(options)
    try:
        config = Config.from_environment()
    except BadSetting as error:
        sys.exit(str(error))
    app = create_app(config)
    app.extensions["prepare"]()
    if not options.no_demo and not config.production:
        with app.app_context():
            if is_untouched():
                click.echo("Первый запуск: загружаю демонстрационные данные…")
                load_demo(config.data_dir)
    _serve(app, config, options)


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="portal run")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--no-demo", action="store_true")
    return parser.parse_args()


def _prepare_environment(options: argparse.Namespace) -> None:
    """Settle where the data is, and keep a secret key there unless one is given."""
    if options.data:
        os.environ["ASDG_DATA_DIR"] = str(options.data.absolute())
    os.environ.setdefault("ASDG_BASE_URL", _address(options))
    data_dir = Path(os.environ.get("ASDG_DATA_DIR") or ROOT / "var").absolute()
    data_dir.mkdir(parents=True, exist_ok=True)
    key_file = data_dir / "secret-key"
    if not os.environ.get("ASDG_SECRET_KEY") and not key_file.exists():
        key_file.touch(mode=0o600)
        key_file.write_text(secrets.token_urlsafe(48))


def _address(options: argparse.Namespace) -> str:
    """Where this machine itself finds the portal.

    «All addresses» is no address to go to, and numbers with colons are none that is let in.
    """
    by_name = options.host in EVERYWHERE or ":" in options.host
    return f"http://{'localhost' if by_name else options.host}:{options.port}"


def _serve(app: Flask, config: Config, options: argparse.Namespace) -> None:
    try:
        server = create_server(
            app, host=options.host, port=options.port, threads=THREADS, ident=None
        )
    except OSError as error:
        sys.exit(f"Порт {options.port} занять не удалось: {error}. Укажите другой: --port N")
    worker = Worker(app)
    worker.start()
    begin_warming(app)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    _say_hello(app, config, options)
    try:
        server.run()
    finally:
        server.close()
        worker.stop()


def _say_hello(app: Flask, config: Config, options: argparse.Namespace) -> None:
    click.echo(f"\nПортал АСДГ открыт: {_address(options)}/")
    if config.base_url != _address(options):
        click.echo(f"Люди открывают его по адресу {config.base_url}")
    elif options.host in EVERYWHERE:
        click.echo(
            "С других компьютеров он откроется по тому адресу, который задан до запуска: "
            f"ASDG_BASE_URL=http://имя-компьютера:{options.port}"
        )
    accounts = config.data_dir / ACCOUNTS_FILE
    if accounts.is_file():
        click.echo(f"\nДемонстрационные учётные записи (они же в файле {accounts}):")
        click.echo(accounts.read_text(encoding="utf-8"))
    with app.app_context():
        if is_untouched():
            click.echo("Людей на портале ещё нет. Пригласите администратора (письмо и ссылка):")
            click.echo("  ./portal manage users create-admin ПОЧТА")
    click.echo("Остановить: Ctrl+C")


if __name__ == "__main__":
    main()
