"""`locality print-docs`: the documents that the code can write itself, so that they are never out of date."""

import inspect
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

import locality
from locality.base import Refused
from locality.cli import edge, measure_tables, role_tables
from locality.cli.hazards import hazard_log
from locality.cli.tables import table

ROOT = Path(locality.__file__).parents[1]
HEAD = "<!-- Written by `locality print-docs`; do not edit. -->"

# how people say what a column holds
KINDS = {
    "UUIDField": "id",
    "BigAutoField": "number, counted up",
    "AutoField": "number, counted up",
    "TextField": "text",
    "CharField": "text",
    "DateField": "day",
    "TimeField": "time of day",
    "DateTimeField": "moment",
    "BooleanField": "yes or no",
    "JSONField": "JSON",
    "BinaryField": "bytes",
    "DecimalField": "number",
    "PositiveIntegerField": "whole number",
    "PositiveSmallIntegerField": "whole number",
    "PositiveBigIntegerField": "whole number",
    "BigIntegerField": "whole number",
    "IntegerField": "whole number",
    "SmallIntegerField": "whole number",
    "FloatField": "number",
}
PRIVACY = ("open", "identifying", "clinical")


@edge.says_it_clearly
def print_docs(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail when a document is stale.")] = False,
) -> None:
    """Write docs/generated from the code (data dictionary, roles, house, commands, the copy) and the hazard log."""
    edge.start_django()
    folder = ROOT / "docs" / "generated"
    if not (ROOT / "pyproject.toml").exists():
        raise Refused(f"The documents belong to a copy of the repository, and {ROOT} is none.")
    stale = [name for name, text in documents().items() if not _says(folder / name, text)]
    if check and stale:
        raise Refused(f"Stale: {', '.join(stale)}. Run `locality print-docs` and keep what it writes.")
    for name in stale:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(documents()[name], encoding="utf-8")
    edge.people.print(f"Written: {', '.join(stale)}." if stale else "The documents say what the code says.")


def documents() -> dict[str, str]:
    """Every document that is written from code: its file name and its text."""
    written = {
        "data-dictionary.md": data_dictionary(),
        "roles.md": role_tables.roles(),
        "stack.md": stack(),
        "commands.md": commands(),
        "analytical-copy.md": analytical_copy(),
        "measures.md": measure_tables.measures(),
        "../safety/hazard-log.md": hazard_log(),
    }
    return {name: "\n".join([HEAD, "", *lines]).rstrip() + "\n" for name, lines in written.items()}


def _says(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


# ---- the data dictionary


def data_dictionary() -> Iterator[str]:
    """Every model: what it is, its fields, and how private each of them is."""
    from django.apps import apps
    from django.conf import settings

    yield from ("# Data dictionary", "")
    yield "Every row that Locality keeps, floor by floor from the ground up. *Null* means that it may be unsaid."
    yield "Every field has a privacy class: **open** names nobody, **identifying** tells who somebody is,"
    yield "**clinical** tells how they are. The build fails when a field has none."
    yield ""
    for app in settings.FIRST_PARTY_APPS:
        models = list(apps.get_app_config(app.rpartition(".")[2]).get_models())
        if models:
            yield from (f"## {app.rpartition('.')[2]}", "")
        for model in models:
            yield from _model(model)


def _model(model: Any) -> Iterator[str]:
    yield from (f"### {model.__name__}", "", " ".join((inspect.getdoc(model) or "").split()), "")
    yield f"Table `{model._meta.db_table}`."
    yield ""
    fields = model._meta.concrete_fields
    rows = ([f"`{one.name}`", _kind(one), "yes" if one.null else "", _privacy(model, one.name)] for one in fields)
    yield from table(["field", "holds", "null", "privacy"], rows)
    held = [one.name.replace("_", " ") for one in model._meta.constraints]
    if held:
        yield from ("What the database holds: " + "; ".join(held) + ".", "")


def _kind(field: Any) -> str:
    if field.is_relation:
        return f"a {field.related_model.__name__}"
    if hasattr(field, "base_field"):
        return f"list of {_kind(field.base_field)}"
    return KINDS[type(field).__name__]


def _privacy(model: Any, name: str) -> str:
    return next(privacy for privacy in PRIVACY if name in getattr(model.Privacy, privacy))


def analytical_copy() -> Iterator[str]:
    """Every table and column of the analytical copy, from the list that the refresh writes by."""
    from locality.population.rules.columns import TABLES, VERSION

    yield from ("# The analytical copy", "")
    yield f"What `locality refresh` writes, version {VERSION}, and no more: no names, addresses, NHS numbers, whole"
    yield "dates of birth or free text. Privacy: **open** names nobody, **person** is the keyed pseudonym, **clinical**"
    yield "tells how somebody is, **coarse** tells something of who somebody is, made coarser than it was sent."
    yield ""
    for one in TABLES.values():
        yield from (f"## {one.name}", "", one.says, "")
        rows = ([f"`{column.name}`", column.type, column.privacy, column.says, column.origin] for column in one.columns)
        yield from table(["column", "type", "privacy", "what it is", "where it comes from"], rows)


# ---- the house


def stack() -> Iterator[str]:
    """The floors and their rules, from the contracts that import-linter keeps."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    yield from ("# The house, as the machine checks it", "")
    yield "`make check` runs import-linter with these contracts, read from `pyproject.toml`."
    yield ""
    for contract in project["tool"]["importlinter"]["contracts"]:
        yield from (f"## {contract['name']}", "")
        yield from _layers(contract) if contract["type"] == "layers" else _forbidden(contract)


def _layers(contract: dict[str, Any]) -> Iterator[str]:
    yield "The highest floor first. `|` parts rooms that may not know each other, `:` rooms that may; a room in"
    yield "brackets is not built, and its place is kept."
    yield ""
    yield "```"
    yield from contract["layers"]
    yield from ("```", "")


def _forbidden(contract: dict[str, Any]) -> Iterator[str]:
    for who, modules in (("These", contract["source_modules"]), ("may not import", contract["forbidden_modules"])):
        yield f"{who}: {', '.join(f'`{module}`' for module in modules)}."
        yield ""


# ---- the commands


def commands() -> Iterator[str]:
    """Every command with its arguments and options, as `--help` has them."""
    from typer.main import get_command

    from locality.cli import app

    yield from ("# Commands", "")
    yield "`make setup` leaves the command at `.venv/bin/locality`. On bad input each ends with a non-zero exit and"
    yield "one clear sentence; `--json` prints exactly one line for machines."
    yield ""
    group: Any = get_command(app)
    for name, command in group.commands.items():
        yield from (f"## locality {name}", "", command.help or "", "")
        if command.params:
            rows = ([f"`{_name(one)}`", _needed(one), one.help or ""] for one in command.params)
            yield from table(["option", "needed", "what"], rows)


def _name(option: Any) -> str:
    if option.param_type_name == "argument":
        return option.metavar or option.name.upper()
    return " / ".join([*option.opts, *option.secondary_opts])


def _needed(option: Any) -> str:
    if option.required:
        return "yes"
    if option.default in (None, "", []) or option.is_flag:
        return ""
    return f"else `{option.default}`"
