"""Every setting of the portal, read from ``ASDG_*`` variables and checked at start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parent.parent
ENGINES = ("whoosh", "tantivy", "postgres")
POSTGRES = "postgresql+psycopg://"


class BadSetting(ValueError):
    """A variable has a value that nothing can work with; said in Russian, to whoever starts."""


@dataclass(frozen=True, slots=True)
class Config:
    """What an installation decides; see docs/operations.md for each variable."""

    data_dir: Path
    secret_key: str | None
    database_url: str
    search_engine: str
    redis_url: str | None
    mail_url: str | None
    mail_from: str
    base_url: str
    production: bool
    testing: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Config:
        """Read the variables.

        :raises BadSetting: if one of them makes no sense, or production has no secret key.
        """
        data_dir = Path(environ.get("ASDG_DATA_DIR") or ROOT / "var").absolute()
        key_file = data_dir / "secret-key"
        key = environ.get("ASDG_SECRET_KEY") or (
            key_file.read_text().strip() if key_file.is_file() else None
        )
        database_url = environ.get("ASDG_DATABASE_URL") or f"sqlite:///{data_dir}/portal.db"
        usual_engine = "postgres" if database_url.startswith(POSTGRES) else "whoosh"
        config = cls(
            data_dir=data_dir,
            secret_key=key,
            database_url=database_url,
            search_engine=environ.get("ASDG_SEARCH_ENGINE") or usual_engine,
            redis_url=environ.get("ASDG_REDIS_URL"),
            mail_url=environ.get("ASDG_MAIL_URL"),
            mail_from=environ.get("ASDG_MAIL_FROM") or "portal@asdg.example",
            base_url=(environ.get("ASDG_BASE_URL") or "http://127.0.0.1:8000").rstrip("/"),
            production=environ.get("ASDG_ENV") == "production",
        )
        config.check()
        return config

    def check(self) -> None:
        """Refuse what could only fail later and elsewhere.

        :raises BadSetting: with the name of the variable.
        """
        if self.production and not self.secret_key:
            raise BadSetting("ASDG_SECRET_KEY: в рабочем режиме нужен собственный секретный ключ.")
        if self.production and not self.base_url.startswith("https://"):
            raise BadSetting("ASDG_BASE_URL: в рабочем режиме нужен адрес https://…")
        if self.search_engine not in ENGINES:
            raise BadSetting(
                f"ASDG_SEARCH_ENGINE: {self.search_engine!r}; есть: {', '.join(ENGINES)}."
            )
        if not self.database_url.startswith(("sqlite:///", POSTGRES)):
            raise BadSetting("ASDG_DATABASE_URL: sqlite:///… или postgresql+psycopg://…")
        if self.redis_url and urlsplit(self.redis_url).scheme not in {"redis", "rediss", "unix"}:
            raise BadSetting(
                "ASDG_REDIS_URL: redis://user:password@host:port/0, rediss://… или unix://…"
            )
        if self.search_engine == "postgres" and not self.database_url.startswith(POSTGRES):
            raise BadSetting(
                "ASDG_SEARCH_ENGINE: postgres ищет в базе данных портала, а она не PostgreSQL. "
                "Задайте ASDG_DATABASE_URL=postgresql+psycopg://… или выберите whoosh или tantivy."
            )
        if self.mail_url and urlsplit(self.mail_url).scheme not in {"smtp", "smtps"}:
            raise BadSetting("ASDG_MAIL_URL: smtp://user:password@host:port или smtps://…")

    @property
    def host(self) -> str:
        """The name under which the portal is reached."""
        return urlsplit(self.base_url).hostname or "127.0.0.1"

    @property
    def is_secure(self) -> bool:
        """Whether people reach the portal through https."""
        return self.base_url.startswith("https://")

    def flask_settings(self) -> dict[str, object]:
        """Translate to what Flask and its extensions call these things."""
        hosts = {self.host} if self.production else {self.host, "127.0.0.1", "localhost"}
        return {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "TRUSTED_HOSTS": sorted(hosts),
            "TESTING": self.testing,
            "BASE_URL": self.base_url,
            "DATA_DIR": self.data_dir,
            "MAIL_FROM": self.mail_from,
            "SEVERAL_MACHINES": self.redis_url is not None,
            "SESSION_COOKIE_NAME": "__Host-session" if self.is_secure else "session",
            "SESSION_COOKIE_SECURE": self.is_secure,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            # As long as the session: a questionnaire takes longer than the usual hour.
            "WTF_CSRF_TIME_LIMIT": None,
            # A page's own address is checked by the token; old proxies drop the Referer.
            "WTF_CSRF_SSL_STRICT": False,
            "MAX_CONTENT_LENGTH": 25 * 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 16 * 1024 * 1024,
            "MAX_FORM_PARTS": 200,
        }
