"""The storage engine: one transaction shape over SQLite and PostgreSQL."""
