"""The five questions of the association, as they have been asked since the first campaigns."""

from __future__ import annotations

from asdg_portal.moderation.models import Audience
from asdg_portal.surveys.models import Question

WORDINGS = (
    ("Что наиболее значительное удалось сделать в {year} году?", Audience.PUBLIC),
    (
        "Какие успехи и достижения ваших коллег из других городов Вы особо отметили?",
        Audience.PUBLIC,
    ),
    ("Какие задачи стоят в {next_year} году?", Audience.PUBLIC),
    (
        "Какую помощь и содействие может оказать АСДГ в решении стоящих проблем?",
        Audience.MEMBERS,
    ),
    (
        (
            "Считаете ли вы целесообразным проведение конференции (совещания и пр.) по обсуждению "
            "наиболее актуальных вопросов и решению проблем отрасли?"
        ),
        Audience.MEMBERS,
    ),
)


def standard_questions() -> list[Question]:
    """Make the five questions for a new campaign."""
    return [
        Question(number=number, wording=wording, audience=audience)
        for number, (wording, audience) in enumerate(WORDINGS, 1)
    ]
