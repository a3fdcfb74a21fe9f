"""The engine of many machines: PostgreSQL looks up our own dictionary forms, we rank the best."""

from asdg_portal.search.postgres_engine.engine import PostgresIndex

__all__ = ["PostgresIndex"]
