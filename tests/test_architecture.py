"""What holds for the whole of the code, whoever adds to it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from jinja2 import Environment, nodes
from jinja2.meta import find_referenced_templates
from sqlalchemy import Engine

from app import PUBLIC, create_app
from app.access.policy import Permission, permission_of, requires
from app.core.crypto import Keyring
from app.extensions import db
from app.scheduler import JOBS
from config import ROOT, Config
from tests.addresses import Addresses, relations_of, routes
from tests.browser import Browser
from tests.conftest import Applications
from tests.contents import TRACES, contents
from tests.factories import Make
from tests.permission_rows import MATRIX, outcomes
from tests.world import World

APP = ROOT / "app"
TEMPLATES = APP / "templates"
SOURCES = sorted([*APP.rglob("*.py"), *(ROOT / "local").rglob("*.py"), *ROOT.glob("*.py")])
TESTS = sorted((ROOT / "tests").rglob("*.py"))
FILE_LINES = 300
FUNCTION_LINES = 40
TEST_LINES = 400
SAYS_NOTHING = re.compile(r"(\w+_)?(base|common|helpers?|managers?|misc|utils?)")
SEGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.(<.+>|csv|pdf|xlsx))?|<(int|link|string\(length=\d+\)):[a-z_]+>")


def unmarked(app: Flask) -> set[str]:
    """The endpoints that no permission guards."""
    return {endpoint for endpoint, view in app.view_functions.items() if permission_of(view) is None}


# ---------------------------------------------------------------- routes


def test_every_view_is_guarded_or_known_to_be_public(app: Flask) -> None:
    assert unmarked(app) == PUBLIC & set(app.view_functions)


def test_nothing_is_public_that_does_not_exist(app: Flask) -> None:
    assert set(app.view_functions) | {"static"} >= PUBLIC


@pytest.fixture
def careless(config: Config, app: Flask) -> Iterator[Flask]:
    """An application to which somebody has added two views in a hurry, one of them without a permission."""
    grown = create_app(config)
    grown.testing = True
    grown.add_url_rule("/glemt", "careless.forgotten", lambda: "hemmeligt")
    guarded = requires(Permission.FRONT_PAGE)(lambda: "nyt")
    grown.add_url_rule("/nyt/<navn>", "careless.new", guarded)
    yield grown
    with grown.app_context():
        for engine in db.engines.values():
            engine.dispose()


def test_a_view_without_a_permission_is_found_and_refused(careless: Flask, owner: Engine, make: Make) -> None:
    assert "careless.forgotten" in unmarked(careless) - PUBLIC
    with pytest.raises(RuntimeError, match=r"careless\.forgotten has no permission"):
        Browser(careless, owner).sign_in(make.user()).get("/glemt")
    assert Browser(careless, owner).get("/glemt", status=302).location.startswith("/log-ind")


def test_a_view_that_nobody_has_decided_about_is_found(careless: Flask) -> None:
    assert {"GET careless.new", "GET careless.forgotten"} <= set(routes(careless)) - set(MATRIX)


def addresses_not_as_agreed(app: Flask) -> list[str]:
    """The rules with an untyped value, or with a part that is not kebab-case."""
    rules = [rule.rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    return [rule for rule in rules if not all(SEGMENT.fullmatch(part) for part in rule.split("/") if part)]


def test_addresses_are_kebab_case_with_typed_values(app: Flask) -> None:
    assert addresses_not_as_agreed(app) == []


def test_an_untyped_value_is_found(careless: Flask) -> None:
    assert addresses_not_as_agreed(careless) == ["/nyt/<navn>"]


READABLE = [route for route, row in MATRIX.items() if route.startswith("GET") and "o" in row]


@pytest.mark.parametrize("route", READABLE)
def test_reading_a_page_twice_changes_nothing(
    app: Flask, world: World, make: Make, client: Browser, owner: Engine, route: str
) -> None:
    addresses = Addresses(world, make, owner)
    for rule in routes(app)[route]:
        letters = outcomes(MATRIX[route], relations_of(rule))
        role, relation = next((role, relation) for role, relation, letter in letters if letter == "o")
        user = world.nord.of(role)
        address = addresses.of(rule, user, relation)
        client.sign_in(user)
        before = contents(owner, but=TRACES)
        for _ in range(2):
            client.get(address, status=None)
        assert contents(owner, but=TRACES) == before


# ---------------------------------------------------------------- templates


@cache
def template_names() -> list[str]:
    """Every template."""
    files = [*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt")]
    return sorted(str(file.relative_to(TEMPLATES)) for file in files)


@cache
def names_in_code() -> list[str]:
    """Regular expressions for the names of templates that the code mentions; a value in a name stands for anything."""
    return [pattern for file in APP.rglob("*.py") for pattern in _names(ast.parse(file.read_text()))]


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.escape(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else "[^/]+" for p in node.values]
            yield "".join(parts)


@pytest.fixture
def jinja(apps: Applications, keyring: Keyring) -> Environment:
    return apps.of("web").jinja_env


def parsed(jinja: Environment, name: str) -> nodes.Template:
    return jinja.parse((TEMPLATES / name).read_text(), name, str(TEMPLATES / name))


@pytest.mark.parametrize("name", template_names())
def test_template_compiles(jinja: Environment, name: str) -> None:
    jinja.get_template(name)


def test_every_template_is_used(jinja: Environment) -> None:
    referenced = {used for name in template_names() for used in find_referenced_templates(parsed(jinja, name))}
    in_code = re.compile("|".join(pattern for pattern in names_in_code() if pattern.endswith((r"\.html", r"\.txt"))))

    assert [name for name in template_names() if name not in referenced and not in_code.fullmatch(name)] == []


def imported(tree: nodes.Template) -> set[str]:
    """What a template imports, under the name it goes by there."""
    lists = [statement.names for statement in tree.find_all(nodes.FromImport)]
    names = {name if isinstance(name, str) else name[1] for names in lists for name in names}
    return names | {statement.target for statement in tree.find_all(nodes.Import)}


@pytest.mark.parametrize("name", template_names())
def test_template_uses_what_it_imports(jinja: Environment, name: str) -> None:
    tree = parsed(jinja, name)

    assert imported(tree) - {used.name for used in tree.find_all(nodes.Name)} == set()


def test_every_macro_is_used(jinja: Environment) -> None:
    trees = [parsed(jinja, name) for name in template_names()]
    macros = {macro.name for tree in trees for macro in tree.find_all(nodes.Macro)}
    used = {used.name for tree in trees for used in tree.find_all(nodes.Name)}

    assert macros - used == set()


# ---------------------------------------------------------------- files


def body_lines(function: ast.FunctionDef) -> int:
    """How long a function is without its signature and docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("file", [*SOURCES, *TESTS], ids=lambda file: str(file.relative_to(ROOT)))
def test_file_and_its_functions_are_short(file: Path) -> None:
    text = file.read_text()
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    long = [function.name for function in functions if body_lines(function) > FUNCTION_LINES]

    assert len(text.splitlines()) <= (TEST_LINES if file in TESTS else FILE_LINES)
    assert long == []


def names_that_say_nothing(files: list[Path]) -> list[str]:
    return [
        str(file) for file in files if SAYS_NOTHING.fullmatch(file.stem) or SAYS_NOTHING.fullmatch(file.parent.name)
    ]


def test_files_are_named_after_what_is_in_them() -> None:
    assert names_that_say_nothing([file.relative_to(ROOT) for file in [*SOURCES, *TESTS]]) == []
    assert len(names_that_say_nothing([Path("app/utils.py"), Path("app/form_helpers.py"), Path("app/base/x.py")])) == 3


def test_migrations_have_one_head() -> None:
    assert len(ScriptDirectory(str(ROOT / "migrations")).get_heads()) == 1


@pytest.mark.parametrize("job", JOBS)
def test_job_is_in_the_readme(job: str) -> None:
    assert f"`{job}`" in (ROOT / "README.md").read_text()
