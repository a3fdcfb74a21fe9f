"""The search box suggests while one types: by keyboard, by mouse, on a telephone, or not at all."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from asdg_portal.moderation.models import State
from asdg_portal.search.sources import all_documents, get_index
from tests.browser.conftest import Site, Visitor


def before_the_box(site: Site, path: str = "/", **options: object) -> tuple[Visitor, Page]:
    """Somebody before the search box of a portal with a practice of Omsk."""
    site.world.practice(State.PUBLISHED, title="Новости двора")
    with site.world.app.app_context():
        get_index().rebuild(all_documents())
    visitor = site.visitor(None, **options)
    return visitor, visitor.open(path)


def test_by_keyboard(site: Site) -> None:
    visitor, page = before_the_box(site)
    box, options = page.get_by_role("combobox"), page.get_by_role("option")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("опыт нов")
    expect(options.first).to_have_text("Новосибирск город")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"\d подсказ.* выбирать стрелками"))
    visitor.look()
    box.press("ArrowDown")
    box.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    chosen = options.nth(1).get_attribute("id")
    expect(box).to_have_attribute("aria-activedescendant", chosen or "")
    expect(box).to_be_focused()
    visitor.look()
    box.press("ArrowUp")
    box.press("ArrowUp")  # nothing is chosen: what was typed stands
    expect(page.get_by_role("option", selected=True)).to_have_count(0)
    box.press("ArrowUp")  # and round to the last one
    expect(options.last).to_have_attribute("aria-selected", "true")
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("опыт нов")
    box.press("ArrowDown")
    expect(options.first).to_be_visible()
    box.press("ArrowDown")
    with page.expect_navigation():
        box.press("Enter")
    assert page.url.endswith("/search?q=%D0%BE%D0%BF%D1%8B%D1%82&city=novosibirsk")
    expect(page.get_by_role("combobox")).to_have_value("опыт")
    visitor.look()


def test_tab_leaves_and_enter_without_a_choice_searches(site: Site) -> None:
    _visitor, page = before_the_box(site, "/search?year=2026")
    box = page.get_by_role("combobox")
    box.press_sequentially("новости")
    expect(page.get_by_role("option")).to_have_text("Новости двора Омск")
    box.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.get_by_role("button", name="Найти")).to_be_focused()
    box.press("End")
    box.press_sequentially(" двора")
    expect(page.get_by_role("listbox")).to_be_visible()
    with page.expect_navigation():
        box.press("Enter")
    assert "year=2026" in page.url
    assert page.get_by_role("main").get_by_role("link", name="Новости двора").is_visible()


def test_by_mouse_and_on_a_telephone_what_is_hit_opens(site: Site) -> None:
    _visitor, page = before_the_box(site)
    box = page.get_by_role("combobox")
    box.press_sequentially("двор")
    with page.expect_navigation():
        page.get_by_role("option", name="Новости двора").click()
    assert re.search(r"/practices/\d+/$", page.url)
    telephone, page = before_the_box(
        site, "/search", viewport={"width": 390, "height": 800}, has_touch=True
    )
    page.set_viewport_size({"width": 390, "height": 800})
    page.get_by_role("combobox").press_sequentially("омск")
    option = page.get_by_role("option", name="Омск")
    expect(option).to_be_in_viewport()
    size = option.bounding_box()
    assert size is not None
    assert size["height"] >= 40
    with page.expect_navigation():
        option.tap()
    assert page.url.endswith("/search?city=omsk")
    telephone.look()


def test_an_answer_that_was_overtaken_is_not_shown(site: Site) -> None:
    _visitor, page = before_the_box(site)
    page.route("**/search/suggest?**", lambda route: None)  # nobody answers
    box = page.get_by_role("combobox")
    with page.expect_request("**/search/suggest?**"):
        box.fill("омск")
    with page.expect_event("requestfailed") as failed:  # the first one is given up
        box.fill("томск")
    assert "net::ERR_ABORTED" in (failed.value.failure or "")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.unroute_all(behavior="ignoreErrors")
    box.fill("чита")
    expect(page.get_by_role("option")).to_have_text(["Чита город"])


def test_without_a_network_or_a_script_the_form_works(site: Site) -> None:
    _visitor, page = before_the_box(site)
    page.route("**/search/suggest?**", lambda route: route.abort())
    box = page.get_by_role("combobox")
    with page.expect_event("requestfailed"):
        box.fill("новости")
    expect(page.get_by_role("listbox")).to_be_hidden()
    _plain, page = before_the_box(site, java_script_enabled=False)
    page.get_by_role("searchbox").fill("новости")
    with page.expect_navigation():
        page.get_by_role("button", name="Найти").click()
    assert page.get_by_role("link", name="Новости двора").first.is_visible()
