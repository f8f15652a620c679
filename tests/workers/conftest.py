"""Workers run over a database too."""

from tests.support.databases import (
    bare_url,
    database_url,
    dialect,
    engine,
    keys,
    postgres_databases,
    postgres_server,
    sealer,
    sqlite_template,
)

__all__ = [
    "bare_url",
    "database_url",
    "dialect",
    "engine",
    "keys",
    "postgres_databases",
    "postgres_server",
    "sealer",
    "sqlite_template",
]
