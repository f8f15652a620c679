"""Scenarios: the real service against the fakes. SQLite, but where a test asks for both databases."""

from tests.support.databases import bare_url, dialect, postgres_server

__all__ = ["bare_url", "dialect", "postgres_server"]
