"""Saved searches: kept under a name, run again, followed by letters or a private feed."""
