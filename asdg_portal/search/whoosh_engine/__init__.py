"""The embedded engine: whoosh 2.7.4 keeps the postings, the counting and ranking are ours."""

import warnings

with warnings.catch_warnings():
    # It is older than the Python that compiles it; its remarks on that are for nobody here.
    warnings.simplefilter("ignore")
    import whoosh.codec.whoosh3
    import whoosh.index  # noqa: F401

from asdg_portal.search.whoosh_engine.engine import WhooshIndex

__all__ = ["WhooshIndex"]
