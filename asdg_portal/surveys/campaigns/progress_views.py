"""How far a year is, for the staff: the table, the same as a workbook, and when the sheets came."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext as _
from markupsafe import Markup

from asdg_portal.accounts.guard import only_for
from asdg_portal.accounts.policies import is_staff
from asdg_portal.core.errors import NotFound
from asdg_portal.core.excel import MEDIA_TYPE
from asdg_portal.core.latest import until_next_act
from asdg_portal.core.tables import CSV_TYPE, to_csv, to_xlsx
from asdg_portal.surveys.campaigns import arrivals, workbook, years
from asdg_portal.surveys.campaigns.matrix import Wanted, chosen, matrix, standing_names
from asdg_portal.surveys.campaigns.progress import quarter, year_board
from asdg_portal.surveys.campaigns.year_tables import answers_tables, progress_table
from asdg_portal.surveys.models import Campaign
from asdg_portal.surveys.queries import newest_campaign

bp = Blueprint("progress", __name__, url_prefix="/desk/progress")
only_for(bp, is_staff)


@bp.get("/")
def newest() -> ResponseReturnValue:
    """Go to the year that runs now."""
    campaign = newest_campaign()
    if campaign is None:
        raise NotFound(_("This year has not been opened."))
    return redirect(url_for(".table", year=campaign.year), code=303)


def _wanted() -> Wanted:
    words = {name: request.args.get(name, "") for name in ("region", "sector", "standing")}
    ticks = {name: bool(request.args.get(name)) for name in ("late", "unassigned")}
    return Wanted(**words, **ticks)  # type: ignore[arg-type]


@bp.get("/<int:year>/")
def table(year: int) -> ResponseReturnValue:
    """Show every city and direction of a year at once."""
    campaign, wanted = years.get_year(year), _wanted()
    shown = until_next_act(
        f"progress:{year}:{get_locale()}:{quarter()}:{wanted}", lambda: _draw(campaign, wanted)
    )
    return render_template("surveys/campaigns/progress.html", campaign=campaign, shown=shown)


def _draw(campaign: Campaign, wanted: Wanted) -> Markup:
    """Draw the page as everybody of the staff sees it."""
    board = year_board(campaign)
    template = current_app.jinja_env.get_template("surveys/campaigns/_table.html")
    drawn = template.render(
        campaign=campaign,
        wanted=wanted,
        matrix=matrix(campaign, wanted),
        regions=sorted({place.region for place in board.cities if place.region}),
        directions=board.sectors,
        names=standing_names(),
        kept=wanted.kept(),
        others=years.opened_years(),
    )
    return Markup(drawn)  # noqa: S704  the template has escaped it


@bp.get("/<int:year>/file")
def file(year: int) -> ResponseReturnValue:
    """Give the same as a workbook, narrowed in the same way."""
    board = year_board(years.get_year(year))
    data = BytesIO(workbook.workbook(board, _wanted()))
    return send_file(
        data,
        mimetype=MEDIA_TYPE,
        as_attachment=True,
        download_name=workbook.file_name(board),
    )


@bp.get("/<int:year>/file.csv")
def sheets_csv(year: int) -> ResponseReturnValue:
    """Give the sheets of the table one by one as CSV, narrowed in the same way."""
    board = year_board(years.get_year(year))
    data = to_csv(progress_table(board, chosen(board, _wanted())))
    name = workbook.file_name(board).replace(".xlsx", ".csv")
    return send_file(BytesIO(data), mimetype=CSV_TYPE, as_attachment=True, download_name=name)


@bp.get("/<int:year>/answers")
def answers(year: int) -> ResponseReturnValue:
    """Give the published answers as a workbook: a sheet a question, a row a city."""
    campaign, wanted = years.get_year(year), _wanted()
    tables = answers_tables(campaign, sector=wanted.sector, region=wanted.region)
    title = _("Answers to the questionnaire of %(year)s", year=year)
    return send_file(
        BytesIO(to_xlsx(tables, title)),
        mimetype=MEDIA_TYPE,
        as_attachment=True,
        download_name=f"{title}.xlsx",
    )


@bp.get("/<int:year>/arrivals")
def curve(year: int) -> ResponseReturnValue:
    """Show when the sheets came, against the year before."""
    campaign = years.get_year(year)
    last = years.year_before(campaign)
    drawn = until_next_act(f"arrivals:{year}", lambda: arrivals.chart(campaign, last))
    return render_template("surveys/campaigns/arrivals.html", campaign=campaign, chart=drawn)
