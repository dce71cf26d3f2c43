"""What a database is made of, in a form that two states can be compared by: tables, rights, policies, functions."""

from sqlalchemy import Engine, text

PARTS = {
    "columns": """
        SELECT table_name, column_name, data_type, udt_name, character_maximum_length, is_nullable, column_default,
               is_identity, identity_generation, generation_expression
        FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "sequences": "SELECT sequencename, data_type::text, start_value FROM pg_sequences WHERE schemaname = 'public'",
    "functions": """
        SELECT oid::regprocedure::text, pg_get_functiondef(oid), proacl::text FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace""",
    "triggers": """
        SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal""",
    "row scope": """
        SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'""",
    "policies": """
        SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies
        WHERE schemaname = 'public'""",
    "table rights": """
        SELECT relname, relkind::text, entry::text FROM pg_class, unnest(relacl) entry
        WHERE relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'""",
    "column rights": """
        SELECT attrelid::regclass::text, attname, entry::text FROM pg_attribute, unnest(attacl) entry
        WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)""",
    "types": """
        SELECT typname, typtype::text FROM pg_type
        WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')""",
    "comments": "SELECT objoid::regclass::text, objsubid, description FROM pg_description WHERE objoid >= 16384",
}


def schema(owner: Engine) -> dict[str, list[str]]:
    """Everything in the schema, part by part, sorted."""
    with owner.connect() as connection:
        return {
            part: sorted(str(tuple(row)) for row in connection.execute(text(statement)))
            for part, statement in PARTS.items()
        }


def differences(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
    """What is in one and not in the other, one line each."""
    return [
        f"{sign} {part}: {row}"
        for part in before
        for sign, here, there in (("-", before, after), ("+", after, before))
        for row in here[part]
        if row not in there[part]
    ]
