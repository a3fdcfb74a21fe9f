"""The embedded engine of a large archive: tantivy finds and counts, the best are ranked here."""

from asdg_portal.search.tantivy_engine.engine import TantivyIndex

__all__ = ["TantivyIndex"]
