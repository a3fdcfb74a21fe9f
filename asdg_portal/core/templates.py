"""Templates compiled for each language apart, with our own words already in their places.

A page holds a hundred messages that are the same for every reader of its language. They are looked
up when a template is compiled, and not for every page.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, Self

from flask.sansio.app import App
from flask.templating import Environment
from flask_babel import get_domain, get_locale
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer


class Templates(Environment):
    """The templates of an application; each language has an environment of its own behind it."""

    language = ""
    catalogue: Any = None

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, **options)
        self._languages: dict[str, Self] = {}

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:
        if self.language:
            return super()._load_template(name, globals)
        return self._in_language(str(get_locale()))._load_template(name, globals)

    def _in_language(self, language: str) -> Self:
        """The environment of a language, made when a page is first drawn in it."""
        if language not in self._languages:
            apart = self.overlay()
            apart.language, apart.catalogue = language, get_domain().get_translations()
            self._languages[language] = apart
        return self._languages[language]

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Share one plain dictionary: templates here have no globals of their own.

        The chain of dictionaries that Jinja makes is walked through at each include and import.
        """
        return {**self.globals, **d} if d else self.globals

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        return _Said(self.catalogue).visit(tree) if self.language else tree


class _Said(NodeTransformer):
    """Puts in the place of ``_("…")`` what it says; what takes values is still said later."""

    def __init__(self, catalogue: Any) -> None:
        self._catalogue = catalogue

    def visit_Call(self, call: nodes.Call) -> nodes.Node:  # noqa: N802  as Jinja looks for it
        """Replace a call of ``_`` that is given a text and nothing else."""
        self.generic_visit(call)
        function, more = call.node, (call.kwargs, call.dyn_args, call.dyn_kwargs)
        if isinstance(function, nodes.Name) and function.name == "_" and not any(more):
            (message,) = call.args
            if isinstance(message, nodes.Const):
                text = self._catalogue.ugettext(message.value)
                return nodes.TemplateData(text, lineno=call.lineno)
        return call
