"""Collections: texts that somebody has put together, with notes, to be shown and exported."""
