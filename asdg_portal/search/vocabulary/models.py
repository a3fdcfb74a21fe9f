"""The table of synonyms and abbreviations."""

from __future__ import annotations

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from asdg_portal.core.db import Model, intpk
from asdg_portal.search.vocabulary.groups import Group


class WordGroup(Model):
    """Ways to say one thing: «СЭД», «система электронного документооборота».

    Who asks with one of ``same`` finds the others, too. ``near`` are found as well but stand lower,
    and lead back in the same way. ``broader`` are found by the others and lead nowhere.
    """

    id: Mapped[intpk]
    # The first of the same words, folded: by it a group is known when a file is loaded again.
    name: Mapped[str] = mapped_column(unique=True)
    same: Mapped[list[str]] = mapped_column(JSON)
    near: Mapped[list[str]] = mapped_column(JSON, default=list)
    broader: Mapped[list[str]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def group(self) -> Group:
        """The words alone."""
        return Group(tuple(self.same), tuple(self.near), tuple(self.broader))
