"""Words, queries and snippets, without an index."""
