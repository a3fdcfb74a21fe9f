"""The description of the API, made from the addresses that there really are."""

from __future__ import annotations

import re
from typing import Any

from flask import current_app
from werkzeug.routing import Rule

from asdg_portal.api.parameters import MOST
from asdg_portal.search.index import FACETS
from asdg_portal.search.service import SORTS

NUMBER = {"type": "integer", "minimum": 1}
LISTS = ("api.reports", "api.practices")


def describe() -> dict[str, Any]:
    """Describe every address of the API."""
    rules = [rule for rule in current_app.url_map.iter_rules() if rule.endpoint.startswith("api.")]
    return {
        "openapi": "3.1.0",
        "info": {"title": "АСДГ", "version": "1"},
        "paths": {_path(rule): {"get": _operation(rule)} for rule in rules},
    }


def _path(rule: Rule) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)


def _operation(rule: Rule) -> dict[str, Any]:
    view = current_app.view_functions[rule.endpoint]
    return {
        "operationId": rule.endpoint.removeprefix("api."),
        "summary": (view.__doc__ or "").strip(),
        "parameters": _parameters(rule),
        "responses": {
            "200": {"description": "OK", "content": {"application/json": {}}},
            "400": {"description": "Bad input", "content": {"application/problem+json": {}}},
        },
    }


def _parameters(rule: Rule) -> list[dict[str, Any]]:
    found = [_parameter(name, NUMBER, "path") for name in sorted(rule.arguments)]
    if rule.endpoint == "api.search":
        text = {"type": "string"}
        found += [_parameter("q", {"type": "string", "maxLength": 200})]
        found += [_parameter(name, {"type": "array", "items": text}) for name in FACETS]
        found += [_parameter("sort", {"type": "string", "enum": list(SORTS)})]
    if rule.endpoint in LISTS:
        found += [_parameter(name, {"type": "string"}) for name in ("city", "sector", "year")]
    if rule.endpoint in {*LISTS, "api.search"}:
        found += [_parameter("page", NUMBER), _parameter("limit", NUMBER | {"maximum": MOST})]
    return found


def _parameter(name: str, schema: dict[str, Any], place: str = "query") -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": schema}
