"""The rules of the house that a machine can keep."""

import ast
from collections.abc import Iterator
from pathlib import Path

import django.apps
import pytest
from django.urls import URLPattern, get_resolver

import locality

HOUSE = Path(locality.__file__).parent
EDGES = {"web", "fhir", "watch", "demo", "cli", "config"}
MOST_LINES, MOST_FUNCTION_LINES = 400, 40
CLOCKS = {"now", "today", "utcnow", "localdate", "time"}


def sources() -> Iterator[Path]:
    return (path for path in sorted(HOUSE.rglob("*.py")) if "migrations" not in path.parts)


def floor(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0]


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("path", list(sources()), ids=lambda path: str(path.relative_to(HOUSE)))
def test_files_and_functions_fit_on_a_screen(path):
    lines = len(path.read_text().splitlines())
    long = [f.name for f in functions(path) if f.end_lineno - f.lineno + 1 > MOST_FUNCTION_LINES]

    assert lines <= MOST_LINES
    assert long == []


def test_only_edges_read_the_clock():
    readers = [
        f"{path.relative_to(HOUSE)}:{call.lineno}"
        for path in sources()
        if floor(path) not in EDGES
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and reads_a_clock(call)
    ]

    # a version 7 id begins with the time by its definition; nothing is decided by it
    assert [reader for reader in readers if not reader.startswith("base/ids.py")] == []


def reads_a_clock(call: ast.Call) -> bool:
    named = call.func
    if not isinstance(named, ast.Attribute) or named.attr not in CLOCKS | {"time_ns", "perf_counter"}:
        return False
    return isinstance(named.value, ast.Name) and named.value.id in {"datetime", "date", "time", "timezone"}


WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"}


def test_only_actions_write():
    writers = [
        f"{path.relative_to(HOUSE)}:{call.lineno}"
        for path in sources()
        if floor(path) not in {"base", "methods", "config"} and "actions" not in {path.stem, *path.parts}
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in WRITES
        if any(isinstance(part, ast.Attribute) and part.attr == "objects" for part in ast.walk(call.func))
        or call.func.attr == "save"
    ]

    assert writers == []


def public_actions() -> list[tuple[str, ast.FunctionDef]]:
    return [
        (f"{path.relative_to(HOUSE)}:{f.name}", f)
        for path in sources()
        if "actions" in {path.stem, *path.parts} and floor(path) not in EDGES
        for f in ast.parse(path.read_text()).body
        if isinstance(f, ast.FunctionDef) and not f.name.startswith("_")
    ]


def test_a_public_action_says_in_one_sentence_what_it_does():
    silent = [name for name, f in public_actions() if ast.get_docstring(f) is None]

    assert silent == []


@pytest.mark.parametrize("model", django.apps.apps.get_models(), ids=lambda model: model.__name__)
def test_every_field_has_a_privacy_class(model):
    if not model.__module__.startswith("locality."):
        pytest.skip("not ours")
    fields = {field.name for field in model._meta.get_fields() if field.concrete}
    classes = [model.Privacy.open, model.Privacy.identifying, model.Privacy.clinical]

    assert sorted(name for one in classes for name in one) == sorted(fields)


def pages() -> list[URLPattern]:
    found: list[URLPattern] = []
    waiting = list(get_resolver().url_patterns)
    while waiting:
        one = waiting.pop()
        if isinstance(one, URLPattern):
            found.append(one)
        else:
            waiting += one.url_patterns
    return found


def test_every_page_has_a_guard():
    open_pages = {page.name for page in pages() if getattr(page.callback, "need", None) is None}

    assert open_pages == set()


def test_the_pages_open_to_all_are_these_and_no_more():
    open_pages = {page.name for page in pages() if page.callback.need.action == "open"}

    ways_in = {"second_factor", "with_passkey", "sign_on", "sign_on_back", "forgotten", "follow_link", "new_password"}
    by_link = {"referral_follow", "referral_by_link"}
    for_everybody = {"public_help", "public_service", "public_pharmacies", "public_how"}
    known = {"sign_in", "choose_role", "sign_out", "help"} | ways_in | by_link | for_everybody
    assert open_pages == known


def test_only_access_makes_a_grant():
    makers = [
        str(path.relative_to(HOUSE))
        for path in sources()
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Grant"
    ]

    assert makers == ["access/actions/opening.py"]


def test_record_rows_are_read_only_through_the_predicate():
    """A file of record's queries that reads Resource rows of people names the predicate."""
    readers = [path for path in (HOUSE / "record" / "queries").glob("*.py") if "Resource.objects" in path.read_text()]
    told = ("visible", "told_of(grant)")
    careless = [path.name for path in readers if not any(word in path.read_text() for word in told)]

    assert careless == []


def test_nothing_marks_text_as_safe_but_the_cleaner_of_narratives():
    holes = [
        f"{path.relative_to(HOUSE)}"
        for path in [*sources(), *HOUSE.rglob("*.jinja")]
        if "|safe" in (text := path.read_text().replace(" ", "")) or "mark_safe(" in text
    ]

    assert holes == []


def test_no_code_names_the_place():
    """Everything about Bury is in its pack; any place is adopted by writing one."""
    named = [
        str(path.relative_to(HOUSE))
        for path in sources()
        if "bury" in path.read_text().lower() and "packs" not in path.parts
    ]

    assert named == []


def test_only_the_wall_itself_sets_what_the_database_shows():
    setting = [str(path.relative_to(HOUSE)) for path in sources() if "locality.wall" in path.read_text()]

    assert setting == ["access/wall.py", "config/database.py"]
