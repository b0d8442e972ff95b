"""What the documents say is so: the generated ones are fresh, and the written ones name only what is there."""

import re
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from benchmarks import table
from benchmarks.__main__ import BENCHMARKS, PAGES
from locality.cli import app, docs

ROOT = Path(__file__).parents[1]
WRITTEN = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
COMMAND = re.compile(r"\blocality ([a-z]+(?:-[a-z]+)*)\b(?=[ `\n])")
IN_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
TARGET = re.compile(r"\bmake ([a-z]+)\b")
PATH = re.compile(r"\b(?:locality|tests|docs|benchmarks|scripts)/[\w./-]*\w")

each_document = pytest.mark.parametrize("document", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))


def test_the_generated_documents_say_what_the_code_says():
    answer = CliRunner().invoke(app, ["print-docs", "--check"])

    assert (answer.exit_code, answer.stderr) == (0, "The documents say what the code says.\n")


def test_a_stale_document_fails_the_check_and_is_named(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    monkeypatch.setattr(docs, "ROOT", tmp_path)
    CliRunner().invoke(app, ["print-docs"])
    stale = tmp_path / "docs" / "generated" / "roles.md"
    stale.write_text(stale.read_text().replace("permit", "hide"))

    answer = CliRunner().invoke(app, ["print-docs", "--check"])

    assert (answer.exit_code, answer.stderr) == (
        1,
        "Stale: roles.md. Run `locality print-docs` and keep what it writes.\n",
    )


def test_outside_a_repository_the_command_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(docs, "ROOT", tmp_path)

    answer = CliRunner().invoke(app, ["print-docs"])

    assert (answer.exit_code, list(tmp_path.iterdir())) == (1, [])


@each_document
def test_every_link_leads_somewhere(document):
    here = [link for link in LINK.findall(document.read_text()) if not link.startswith(("http", "mailto:"))]
    broken = [link for link in here if not (document.parent / link.partition("#")[0]).exists()]
    nowhere = [link for link in here if "#" in link and not has_heading(document, link)]

    assert (broken, nowhere) == ([], [])


def has_heading(document: Path, link: str) -> bool:
    """Whether the file a link names has the heading, or the mark, that it names."""
    path, _, name = link.partition("#")
    text = (document.parent / path if path else document).read_text()
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return name in re.findall(r'<a id="([\w-]+)">', text) or name in [anchor(words) for words in headings]


def anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@each_document
def test_every_command_and_target_in_code_is_there(document):
    code = "\n".join(IN_CODE.findall(document.read_text()))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    # commands that a document says are not there yet
    unknown = set(COMMAND.findall(code)) - set(get_command(app).commands) - {"backup"}

    assert (sorted(unknown), sorted(set(TARGET.findall(code)) - targets)) == ([], [])


@each_document
def test_every_path_in_code_is_there(document):
    code = "\n".join(IN_CODE.findall(document.read_text()))

    assert [path for path in PATH.findall(code) if not (ROOT / path).exists()] == []


def test_every_benchmark_has_its_place_on_a_page():
    wanted: dict[Path, list[tuple[str, str]]] = {}
    for name in BENCHMARKS:
        wanted.setdefault(PAGES.get(name, table.PAGE), []).append((name, name))
    place = re.compile(r"<!-- measured: ([\w-]+) -->\n.*?<!-- measured: ([\w-]+), to here -->", re.DOTALL)

    assert {page: place.findall(page.read_text()) for page in wanted} == wanted
