"""What the database holds, in a form that two instants can be compared by."""

from collections.abc import Collection

from sqlalchemy import Engine, text

# What a reader leaves behind by reading: the record, and that his session is in use.
TRACES = frozenset({"audit_events", "web_sessions"})


def contents(owner: Engine, *, but: Collection[str] = ()) -> dict[str, str]:
    """Rows and digest of every table."""
    with owner.connect() as connection:
        names = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        )
        asked = [name for name in names if name not in but]
        selects = [
            f"SELECT '{name}' AS name, concat(count(*), ' ', md5(string_agg(t::text, '|' ORDER BY t::text))) AS digest"
            f" FROM {name} t"
            for name in asked
        ]
        return {row.name: row.digest for row in connection.execute(text(" UNION ALL ".join(selects)))}
