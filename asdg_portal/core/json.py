"""JSON as the portal answers it: Russian letters as they are, moments as ISO 8601."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask
from flask.json.provider import DefaultJSONProvider


class Json(DefaultJSONProvider):
    """Flask writes Cyrillic as escapes and moments as letters do; scripts want neither."""

    ensure_ascii = False
    sort_keys = False

    def dumps(self, obj: Any, **options: Any) -> str:
        """Write anything as JSON; half a character, which no encoding has, stays an escape."""
        text = super().dumps(obj, default=_default, **options)
        return text.encode(errors="backslashreplace").decode()


def _default(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else DefaultJSONProvider.default(value)


def init_json(app: Flask) -> None:
    """Let every answer in JSON be written so."""
    app.json = Json(app)
