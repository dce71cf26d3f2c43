"""Make the database of a new installation on a PostgreSQL server, once, as its superuser.

    python -m app.core.new_installation postgresql://postgres@db.example/postgres aalborg

makes the roles `aalborg_owner`, `aalborg_app`, `aalborg_job` and `aalborg_stat` and the database `aalborg`, and prints
their addresses with new passwords, in the form that the environment takes. Running it again changes the passwords.
The superuser's own password is best left to `~/.pgpass`.
"""

import re
import secrets
import sys
from collections.abc import Sequence
from dataclasses import astuple
from urllib.parse import urlsplit

import psycopg

from app.core.bootstrap import close_schema, create_database, create_roles
from app.core.database import RoleNames

_ARGUMENTS = 2
_VARIABLES = ("DATABASE_OWNER_URL", "DATABASE_URL", "DATABASE_JOB_URL", "STATISTICS_DATABASE_URL")


def make(superuser_url: str, name: str) -> dict[str, str]:
    """Make roles and database of the installation called `name`; return the settings that lead to them."""
    roles = RoleNames.with_prefix(name)
    passwords = {role: secrets.token_hex(24) for role in astuple(roles)}
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        create_roles(connection, name, passwords)
        create_database(connection, name, roles)
    with psycopg.connect(_at(superuser_url, database=name), autocommit=True) as connection:
        close_schema(connection, roles)
    return {
        variable: _at(superuser_url, login=f"{role}:{passwords[role]}", database=name)
        for variable, role in zip(_VARIABLES, astuple(roles), strict=True)
    }


def main(arguments: Sequence[str]) -> None:
    """Do it for the command line; a name must be what PostgreSQL takes unquoted, because it stands in addresses."""
    if len(arguments) != _ARGUMENTS or not re.fullmatch("[a-z][a-z0-9_]*", arguments[1]):
        sys.exit("usage: python -m app.core.new_installation postgresql://SUPERUSER@HOST/postgres NAME (a-z, 0-9, _)")
    try:
        settings = make(*arguments)
    except psycopg.Error as error:
        sys.exit(str(error).strip().replace("\n", " "))
    sys.stdout.writelines(f"{variable}='{url}'\n" for variable, url in settings.items())


def _at(url: str, *, database: str, login: str | None = None) -> str:
    """The same server, as somebody else and in another database."""
    parts = urlsplit(url)
    present, _, server = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{login or present}@{server}", path=f"/{database}").geturl()


if __name__ == "__main__":
    main(sys.argv[1:])
