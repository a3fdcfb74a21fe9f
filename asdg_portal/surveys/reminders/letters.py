"""The reminder itself: until when, which sheets, and a link to each of them."""

from __future__ import annotations

from flask import current_app
from flask_babel import force_locale, format_date, gettext as _, ngettext

from asdg_portal.core.formats import utc_offset
from asdg_portal.core.letters import Letter
from asdg_portal.moderation.models import State
from asdg_portal.surveys.models import Campaign
from asdg_portal.surveys.reminders.owed import Notice, Sheet


def reminder(campaign: Campaign, notice: Notice, words: str = "") -> Letter:
    """Write the letter to one person; ``words`` are those of the executive office."""
    person = notice.person
    with force_locale(person.language):
        greeting = _("Dear %(name)s,", name=person.name) if person.name else _("Dear colleague,")
        lines = [greeting, "", _opening(campaign, notice), ""]
        lines += [words, ""] if words else []
        for sheet in notice.begun:
            lines += [f"— {sheet.sector}: {_standing(sheet)}", f"  {_address(campaign, sheet)}", ""]
        if notice.not_begun:
            lines += [_("Not begun yet; a link opens the questionnaire:"), ""]
            for sheet in notice.not_begun:
                lines += [f"— {sheet.sector}", f"  {_address(campaign, sheet)}", ""]
        lines.append(_("You get this letter because you answer for your city on the ASDG portal. If it is somebody else's work now, tell the executive office: replacing a person takes a minute."))  # fmt: skip  # noqa: E501
        return Letter(person.email, person.name, _subject(campaign, notice), "\n".join(lines))


def _subject(campaign: Campaign, notice: Notice) -> str:
    due, left = notice.due, notice.days_left
    if due is None or left is None:
        return str(_("ASDG questionnaire of %(year)s: answers are awaited", year=campaign.year))
    day = format_date(due, "d MMMM")
    if left < 0:
        return str(_("ASDG questionnaire of %(year)s: answers were due on %(day)s", year=campaign.year, day=day))  # fmt: skip  # noqa: E501
    return str(_("ASDG questionnaire of %(year)s: answers are due by %(day)s", year=campaign.year, day=day))  # fmt: skip  # noqa: E501


def _opening(campaign: Campaign, notice: Notice) -> str:
    """Say until when, by the clock of the city, and how long that is."""
    due, left, city = notice.due, notice.days_left, notice.city
    if due is None or left is None:
        return str(_("The association awaits the answers of your city (%(city)s) for %(year)s.", city=city.name, year=campaign.year))  # fmt: skip  # noqa: E501
    day = format_date(due, "d MMMM y")
    if left < 0:
        late = str(_("The last day for the answers of your city (%(city)s) for %(year)s was %(day)s. Late answers are still taken and marked as late.", city=city.name, year=campaign.year, day=day))  # fmt: skip  # noqa: E501
        if last := campaign.last_day(city):
            until = format_date(last, "d MMMM y")
            late += " " + str(_("They are taken until %(day)s.", day=until))
        return late
    until = str(_("The answers of your city (%(city)s) for %(year)s are awaited until 23:59 on %(day)s, by the clock of your city (%(zone)s)", city=city.name, year=campaign.year, day=day, zone=utc_offset(city.timezone)))  # fmt: skip  # noqa: E501
    left_words = ngettext("%(num)s day is left.", "%(num)s days are left.", left) if left else _("that is today.")  # fmt: skip  # noqa: E501
    return f"{until}: {left_words}"


def _standing(sheet: Sheet) -> str:
    saved = format_date(sheet.saved_at, "d MMMM") if sheet.saved_at else ""
    if sheet.standing == State.RETURNED:
        return str(_("returned with remarks on %(day)s", day=saved))
    if sheet.standing == State.APPROVAL:
        return str(_("with the head of the city since %(day)s", day=saved))
    return str(_("a draft, last saved on %(day)s", day=saved))


def _address(campaign: Campaign, sheet: Sheet) -> str:
    base: str = current_app.config["BASE_URL"]
    if sheet.report_id:
        return f"{base}/reports/{sheet.report_id}/edit"
    return f"{base}/reports/new?year={campaign.year}&sector={sheet.sector_slug}"
