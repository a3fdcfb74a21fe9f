"""The portal beside two tiny Flask pages, in one server: what the ratios are taken against."""

from __future__ import annotations

from flask import Flask, render_template
from jinja2 import DictLoader
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from asdg_portal import create_app

LIST = """<!doctype html><title>List</title><ul>
{% for row in rows %}
<li><a href="/{{ row.id }}">{{ row.title }}</a> <span>{{ row.city }}</span></li>
{% endfor %}
</ul>"""
ROWS = [{"id": n, "title": f"Практика {n}", "city": "Омск"} for n in range(20)]

hello = Flask("hello")
listing = Flask("listing")
listing.jinja_loader = DictLoader({"list.html": LIST})  # type: ignore[assignment]


@hello.get("/")
def say_hello() -> str:
    """Give the smallest page that Flask can give."""
    return "Hello"


@listing.get("/")
def show_list() -> str:
    """Give a list of twenty rows without a database."""
    return render_template("list.html", rows=ROWS)


app = DispatcherMiddleware(
    create_app().wsgi_app, {"/bench-hello": hello.wsgi_app, "/bench-list": listing.wsgi_app}
)
