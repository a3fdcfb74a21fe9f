"""Collections: texts with notes in an order of one's own; what is withdrawn is gone from them."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.db import db
from asdg_portal.moderation.models import Audience, State
from asdg_portal.search.sources import all_documents, get_index
from asdg_portal.shelf.collections import services
from asdg_portal.shelf.models import Collection, CollectionItem
from asdg_portal.surveys.models import ReportRevision
from tests.factories import World
from tests.functional.shelf.test_searches import signed_in

ADD, MINE = "/my/collections/add", "/my/collections/"
GONE = "Этот текст больше не опубликован или не открыт для вас."


def begin(client: FlaskClient, name: str = "Опыт") -> str:
    """Begin a collection; give its address."""
    answer = client.post(MINE, data={"name": name})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def put(client: FlaskClient, address: str, key: str, note: str = "") -> int:
    """Put a text into a collection; give the status of the answer."""
    number = address.strip("/").rpartition("/")[2]
    fields = {"key": key, "collection": number, "note": note}
    return client.post(ADD, data=fields).status_code


def titles(client: FlaskClient, address: str) -> list[str]:
    """What the page of a collection lists, line by line."""
    page = client.get(address)
    assert page.status_code == 200
    found = re.findall(
        r'<li id="item-\d+".*?(?:<a href="([^"]+)">|<p class="meta">([^<]+)</p>)',
        page.text,
        re.DOTALL,
    )
    return [address or words for address, words in found]


def items(client: FlaskClient, address: str) -> list[str]:
    """The addresses of the items of a collection."""
    return [
        f"{address}items/{n}/" for n in re.findall(r'id="item-(\d+)"', client.get(address).text)
    ]


def withdraw(world: World, item_id: int, act: str = "withdraw") -> None:
    """Let the staff take a text away from its readers."""
    staff = world.browser("moderator")
    version = re.findall(r'name="version"[^>]*value="(\d+)"', staff.get(f"/desk/{item_id}/").text)
    fields = {"act": act, "reason": "Проверяем", "version": version[0]}
    assert staff.post(f"/desk/{item_id}/", data=fields).status_code == 303


def publish_again(world: World, item_id: int, kind: str = "practices") -> None:
    city = world.browser("omsk")
    for act in ("revise", "submit"):
        assert city.post(f"/{kind}/{item_id}/{act}").status_code == 303
    withdraw(world, item_id, "publish")


def test_texts_are_put_in_from_the_results_and_from_their_pages(world: World) -> None:
    practice, report = world.practice(State.PUBLISHED), world.report(State.PUBLISHED)
    with world.app.app_context():
        get_index().rebuild(all_documents())
    client = world.browser("specialist")
    links = []
    for path in ("/search?q=инструкция", f"/practices/{practice}/", f"/reports/{report}/"):
        found = re.findall(r'href="(/my/collections/add\?[^"]+)"', client.get(path).text)
        links += [link.replace("&amp;", "&") for link in found]
        assert "collections/add" not in world.browser().get(path).text
    assert len(links) == 1 + 1 + 6
    page = client.get(links[0]).text
    assert "Омск — Организационная работа, 2026" in page
    back = re.findall(r'name="back"[^>]*value="([^"]*)"', page)[0]
    fields = {"key": f"report:{report}:1", "back": back, "collection": "new", "name": "Новая"}
    answer = client.post(ADD, data=fields | {"note": "Позвонить"})
    assert answer.location.startswith("/search?q=")
    assert "Добавлено в подборку «Новая»." in client.get(answer.location).text
    mine = client.get(MINE).text
    address = re.findall(r'href="(/my/collections/\d+/)"', mine)[0]
    assert titles(client, address) == [f"/reports/{report}/#q1"]
    assert "Позвонить" in client.get(address).text


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/", "/\\evil", "x"])
def test_nobody_is_led_elsewhere(world: World, back: str) -> None:
    key = f"practice:{world.practice(State.PUBLISHED)}"
    client = world.browser("specialist")
    fields = {"key": key, "collection": "new", "name": "А", "back": back}
    assert client.post(ADD, data=fields).location.startswith(MINE)
    assert (
        "evil"
        not in client.get(ADD, query_string={"key": key, "back": back})
        .text.partition("<form")[2]
        .partition("Вернуться")[0]
        .rpartition("<a")[2]
    )


def test_an_order_of_ones_own(world: World) -> None:
    keys = [f"practice:{world.practice(State.PUBLISHED, title=f'П{n}')}" for n in range(3)]
    paths = [f"/practices/{key.partition(':')[2]}/" for key in keys]
    client = world.browser("specialist")
    address = begin(client)
    assert [put(client, address, key) for key in keys] == [303] * 3
    first, second, third = items(client, address)
    assert titles(client, address) == paths
    for item, act in ((third, "up"), (first, "down"), (first, "down")):
        assert client.post(f"{item}{act}").status_code == 303
    assert titles(client, address) == [paths[2], paths[1], paths[0]]
    client.post(f"{third}up")  # at the edge
    assert titles(client, address) == [paths[2], paths[1], paths[0]]
    assert client.post(f"{second}out").status_code == 303
    assert titles(client, address) == [paths[2], paths[0]]
    assert put(client, address, keys[1]) == 303
    assert titles(client, address) == [paths[2], paths[0], paths[1]]


def test_a_note_is_written_and_given_back_when_it_is_too_long(world: World) -> None:
    client = world.browser("specialist")
    address = begin(client)
    put(client, address, f"practice:{world.practice(State.PUBLISHED)}", "Раз\n<b>два</b>")
    assert "Раз<br>&lt;b&gt;два&lt;/b&gt;" in client.get(address).text
    (item,) = items(client, address)
    assert client.post(item, data={"note": "Три"}).status_code == 303
    long = "слово " * 400
    answer = client.post(item, data={"note": long})
    assert answer.status_code == 400
    assert long.strip() in answer.text
    assert "Три" in client.get(address).text


def test_what_is_withdrawn_is_gone_and_comes_back(world: World) -> None:
    item, report = world.practice(State.PUBLISHED, title="Тайна"), world.report(State.PUBLISHED)
    client = world.browser("specialist")
    address = begin(client)
    put(client, address, f"practice:{item}", "моя заметка")
    put(client, address, f"report:{report}:1")
    for gone in (item, report):
        withdraw(world, gone)
    page = client.get(address)
    assert titles(client, address) == [GONE, GONE]
    assert "моя заметка" in page.text
    assert "Тайна" not in page.text
    assert "Омск" not in page.text
    for note in items(client, address):
        assert "Тайна" not in client.get(note).text
    assert client.get(f"{ADD}?key=practice:{item}").status_code == 404
    publish_again(world, item)
    assert titles(client, address) == [f"/practices/{item}/", GONE]


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.RETURNED, State.WITHDRAWN])
@pytest.mark.parametrize("name", ["specialist", "omsk", "moderator"])
def test_what_is_not_published_is_kept_by_nobody(world: World, state: State, name: str) -> None:
    item, report = world.practice(state), world.report(state)
    client = world.browser(name)
    address = begin(client)
    for key in (f"practice:{item}", f"report:{report}:1", f"report:{report}:0"):
        assert client.get(f"{ADD}?key={key}").status_code == 404
        assert put(client, address, key) == 404


@pytest.mark.parametrize(
    "key",
    ["", "practice:", "practice:0", "practice:99999999999", "report:1", "report:1:999", "x:1",
     "report:1:1;", "practice:１", "practice:1\n", "\x00", "report:-1:1", "practice:1 OR 1=1"],
)  # fmt: skip
def test_a_key_of_nothing_leads_nowhere(world: World, key: str) -> None:
    world.report(State.PUBLISHED)
    client = world.browser("specialist")
    assert client.get(ADD, query_string={"key": key}).status_code == 404
    assert put(client, begin(client), key) == 404


def test_limits_are_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_COLLECTIONS", 2)
    monkeypatch.setattr(services, "MOST_ITEMS", 1)
    keys = [f"practice:{world.practice(State.PUBLISHED)}" for _ in range(2)]
    client = world.browser("specialist")
    address = begin(client)
    assert client.post(MINE, data={"name": " Опыт "}).status_code == 400
    assert client.post(MINE, data={"name": "  "}).status_code == 400
    assert client.post(MINE, data={"name": "я" * 121}).status_code == 400
    begin(client, "Второй")
    refused = client.post(MINE, data={"name": "Третий"})
    assert (refused.status_code, 'value="Третий"' in refused.text) == (400, True)
    assert "У вас уже 2 подборок" in refused.text
    assert put(client, address, keys[0]) == 303
    number = address.strip("/").rpartition("/")[2]
    for key, words in ((keys[0], "Этот текст уже есть в подборке"), (keys[1], "не больше 1")):
        fields = {"key": key, "collection": number, "note": "Заметка"}
        refused = client.post(ADD, data=fields)
        assert refused.status_code == 400
        assert words in refused.text
        assert "Заметка" in refused.text
    assert client.post(address, data={"name": "Второй"}).status_code == 400
    assert client.post(address, data={"name": "Опыт"}).status_code == 303
    assert client.post(ADD, data={"key": keys[0], "collection": "9999"}).status_code == 400
    assert client.post(ADD, data={"key": keys[0], "collection": "new"}).status_code == 400
    assert put(world.browser("omsk"), address, keys[0]) == 400


@pytest.mark.parametrize("name", ["omsk", "admin"])
def test_what_is_somebody_elses_does_not_exist(world: World, name: str) -> None:
    key, owner = f"practice:{world.practice(State.PUBLISHED)}", world.browser("specialist")
    address = begin(owner)
    put(owner, address, key)
    (item,) = items(owner, address)
    stranger = world.browser(name)
    own = begin(stranger, "Моё")
    other = item.replace(address, own)  # an item under a collection that is not its own
    for path in (address, item, other, f"{address}file.docx", f"{address}file.xlsx"):
        assert stranger.get(path).status_code == 404, path
    for path in ("share", "stop-sharing", "remove"):
        assert stranger.post(f"{address}{path}").status_code == 404
    for act in ("up", "down", "out", ""):
        for path in (item, other):
            assert stranger.post(f"{path}{act}", data={"note": "x"}).status_code == 404
    assert titles(owner, address)


def test_it_is_removed_after_being_asked(world: World) -> None:
    client = world.browser("specialist")
    address = begin(client)
    put(client, address, f"practice:{world.practice(State.PUBLISHED)}")
    assert re.search(
        r'<details class="confirm">\s*<summary[^>]*>Удалить подборку', client.get(address).text
    )
    assert client.post(f"{address}remove").status_code == 303
    assert client.get(address).status_code == 404
    with world.app.app_context():
        assert not db.session.query(CollectionItem).count()
    assert "Подборка хранит найденное" in client.get(MINE).text


def shared_at(client: FlaskClient, address: str) -> str:
    """Open a collection to colleagues; give the path of its address."""
    assert client.post(f"{address}share").status_code == 303
    found = re.findall(r'href="http://localhost(/collections/[^"]+/)"', client.get(address).text)
    return str(found[0])


def test_a_colleague_reads_with_rights_of_their_own_and_changes_nothing(world: World) -> None:
    report = world.report(State.PUBLISHED)
    client = world.browser("specialist")
    address = begin(client)
    for number in (1, 4):
        put(client, address, f"report:{report}:{number}", f"заметка {number}")
    path = shared_at(client, address)
    assert titles(world.browser(), path) == [f"/reports/{report}/#q1", GONE]
    assert titles(world.browser("tomsk"), path) == [
        f"/reports/{report}/#q1",
        f"/reports/{report}/#q4",
    ]
    page = world.browser().get(path)
    assert "no-store" in page.headers["Cache-Control"]
    assert "noindex" in page.text
    assert "Имя specialist" not in page.text
    assert "Имя specialist" in world.browser("tomsk").get(path).text
    assert "методические рекомендации" not in page.text
    assert 'method="post" action="/my/' not in world.browser("tomsk").get(path).text
    with world.app.app_context():
        revision = db.session.scalars(select(ReportRevision)).one()
        revision.answers[4].audience = Audience.STAFF
        db.session.commit()
    assert titles(client, address) == [f"/reports/{report}/#q1", GONE]
    assert titles(world.browser("moderator"), path)[1] == f"/reports/{report}/#q4"


def test_the_address_for_colleagues_ends(world: World) -> None:
    client = world.browser("specialist")
    address = begin(client)
    first = shared_at(client, address)
    second = shared_at(client, address)
    assert [world.browser().get(path).status_code for path in (first, second)] == [404, 200]
    client.post(f"{address}stop-sharing")
    assert world.browser().get(second).status_code == 404
    third, person = shared_at(client, address), world.id_of("specialist")
    world.browser("admin").post(f"/admin/people/{person}/block")
    for path in (third, f"{third}file.docx", "/collections/nonsense/"):
        assert world.browser().get(path).status_code == 404
    with world.app.app_context():
        acts = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [act for act in acts if "shar" in act] == [
        *["share_collection"] * 2,
        "stop_sharing_collection",
        "share_collection",
    ]


def test_who_leaves_keeps_what_they_have_put_together(world: World) -> None:
    begin(world.browser("omsk"))
    old = world.id_of("omsk")
    fields = {"email": "new@example.org", "name": "Новый"}
    assert world.browser("admin").post(f"/admin/people/{old}/", data=fields).status_code == 303
    with world.app.app_context():
        assert db.session.scalars(select(Collection.user_id)).all() == [old]


def test_a_change_needs_its_token_and_gives_the_words_back(world: World) -> None:
    key, client = f"practice:{world.practice(State.PUBLISHED)}", signed_in(world)
    address = begin(client)
    put(client, address, key)
    (item,) = items(client, address)
    client.with_token = False  # type: ignore[attr-defined]
    for path in (ADD, MINE, address, item, f"{item}up", f"{address}share", f"{address}remove"):
        fields = {"name": "Моё слово", "note": "Моё слово", "key": key}
        answer = client.post(path, data=fields)
        assert answer.status_code == 400, path
        assert "Моё слово" in answer.text, path
    assert titles(client, address)


def test_the_pages_stay_light(world: World) -> None:
    client = world.browser("specialist")
    address = begin(client)
    for number in range(4):
        put(client, address, f"practice:{world.practice(State.PUBLISHED)}")
        report = world.report(State.PUBLISHED, year=2000 + number)
        put(client, address, f"report:{report}:1")
    assert world.statements(address, "specialist") <= 12
    assert world.statements(f"{address}file.docx", "specialist") <= 12
    assert world.statements(MINE, "specialist") <= 12
