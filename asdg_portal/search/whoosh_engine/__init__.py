"""The embedded engine: whoosh 2.7.4 keeps the postings, the counting and ranking are ours."""

from asdg_portal.search.whoosh_engine.engine import WhooshIndex

__all__ = ["WhooshIndex"]
