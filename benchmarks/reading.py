"""How hard our own words to people are to read: their own pages, those for everybody, the letters of the pack.

Of a page its sentences are read, not its labels: what has fewer than five words is none. What is filled in stands as
one short word; of words for oneself and for whoever acts, those for oneself are read. What a person or a source wrote
is not ours and is not read.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes

from benchmarks import table
from locality.methods.readability import reading

HOUSE = Path(__file__).parents[1] / "locality"
PAGES = HOUSE / "web" / "jinja2"
TO_PEOPLE = {"person", "proxy"}
LEAST_WORDS, MOST_GRADE = 5, 6.0
# by itself a short line says little: one long word makes it hard
LONG_WORDS, MOST_OF_ONE = 8, 8.5
# words of the field that no other says, each counted as an easy one
EXCUSED = frozenset({"pharmacy", "pharmacies", "pharmacist", "neighbourhood", "neighbourhoods"})
FILLED = "Ann"
INLINE = {"a", "b", "i", "bdi", "span", "strong", "em"}


@dataclass(frozen=True, slots=True)
class Read:
    """One page or letter, its grade, and the hardest of its longer sentences."""

    name: str
    words: int
    grade: float
    hardest: str
    hardest_grade: float


def run(*, copies: int, repeats: int) -> list[str]:
    """Every page and letter beside its grade, the hardest first."""
    found = sorted(everything(), key=lambda one: -one.grade)
    body = [[one.name, f"{one.words:,}", f"{one.grade:.1f}", f"{one.hardest_grade:.1f}", one.hardest] for one in found]
    head = ("page or letter", "words", "grade", "its hardest", "which is")
    return [*table.rows(head, body), "", table.aim("a grade of at most 6", body, column=2, most=MOST_GRADE)]


def everything() -> Iterator[Read]:
    """All that is measured: templates, words in the code beside them, letters."""
    files = [*sorted((PAGES / "me").glob("*.jinja")), *sorted((PAGES / "public").glob("*.jinja"))]
    for path in (*files, PAGES / "plan" / "plain.jinja", PAGES / "plan" / "mine.jinja"):
        yield from _read(path.relative_to(PAGES).as_posix(), sentences(path.read_text(encoding="utf-8")))
    for folder in ("me", "public"):
        code = [path.read_text(encoding="utf-8") for path in sorted((HOUSE / "web" / folder).glob("*.py"))]
        yield from _read(f"web/{folder}, in code", [line for text in code for line in said_in_code(text)])
    classes = (HOUSE / "neighbourhoods" / "actions" / "course_messages.py").read_text(encoding="utf-8")
    yield from _read("letters about classes", [line for one in _texts(classes) for line in _lines(letter(one))])
    for path in sorted((HOUSE / "packs").glob("*/messages.toml")):
        for one in tomllib.loads(path.read_text(encoding="utf-8"))["message"]:
            if TO_PEOPLE & set(one["to"].split(";")):
                yield from _read(f"{path.parent.name}: {one['name']}", _lines(letter(one["body"])))


def _read(name: str, lines: list[str]) -> Iterator[Read]:
    found = reading("\n".join(lines), excused=EXCUSED)
    if found.grade is None:
        return
    graded = [(reading(line, excused=EXCUSED).grade or 0.0, line) for line in lines]
    hardest, line = max([one for one in graded if len(one[1].split()) >= LONG_WORDS] or graded)
    yield Read(name, found.words, found.grade, line, hardest)


def letter(body: str) -> str:
    """A letter, with what is filled in and what is left to write as one short word each."""
    return re.sub(r"\{\w+\}|\[[^\]]*\]", FILLED, body).replace("\n\n", ".\n")


def said_in_code(text: str) -> list[str]:
    """The sentences that stand in a file of code, without what it says of itself."""
    return [line for one in _texts(text) for line in _lines(one)]


def _texts(code: str) -> list[str]:
    tree = ast.parse(code)
    every = list(ast.walk(tree))
    whole = [node for node in every if isinstance(node, ast.JoinedStr)]
    # a docstring is for us, and a part of a longer text is read with it
    apart = {id(part) for one in whole for part in ast.walk(one) if part is not one}
    apart |= {id(node.value) for node in every if isinstance(node, ast.Expr)}
    plain = [
        one for one in every if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in apart
    ]
    filled = [
        "".join(str(part.value) if isinstance(part, ast.Constant) else FILLED for part in one.values) for one in whole
    ]
    return [str(one.value) for one in plain] + filled


def sentences(template: str) -> list[str]:
    """The sentences of a template, in its order; those of another way than the first come after it."""
    tree, later = Environment(autoescape=True).parse(template), list[str]()
    first = "".join(_words(node, later) for node in tree.body)
    return [line for part in (first, *later) for line in _lines(_unmarked(part))]


def _lines(text: str) -> list[str]:
    split = re.split(r"(?<=[.!?:;])\s+|\n\s*\n?", text)
    flat = (re.sub(r"\s+", " ", one).strip() for one in split)
    return [one for one in flat if len(one.split()) >= LEAST_WORDS]


def _words(node: nodes.Node, later: list[str]) -> str:
    if isinstance(node, nodes.If):
        others = [*node.else_, *(part for one in node.elif_ for part in one.body)]
        later.extend(_words(one, later) for one in others)
        return _all(node.body, later)
    if isinstance(node, nodes.Output):
        return "".join(part.data if isinstance(part, nodes.TemplateData) else _said(part) for part in node.nodes)
    if isinstance(node, nodes.CallBlock):
        return f"\n{_said(node.call)}\n{_all(node.body, later)}\n"
    if isinstance(node, nodes.For):
        return f"{_all(node.body, later)}\n{_all(node.else_, later)}\n"
    if isinstance(node, nodes.Block | nodes.Macro | nodes.With | nodes.Scope):
        return f"\n{_all(node.body, later)}\n"
    return ""


def _all(body: list[nodes.Node], later: list[str]) -> str:
    return "".join(_words(one, later) for one in body)


def _said(node: nodes.Node) -> str:
    """What an expression says: its own words where it has some, else one short word."""
    if isinstance(node, nodes.Const):
        return str(node.value)
    if isinstance(node, nodes.CondExpr):
        return _said(node.expr2) if isinstance(node.expr2, nodes.Const) and node.expr2.value else _said(node.expr1)
    if isinstance(node, nodes.Concat):
        return "".join(_said(one) for one in node.nodes)
    if isinstance(node, nodes.Filter) and node.name == "counted":
        return f"three {_said(node.args[0])}s"
    if isinstance(node, nodes.Call):
        said = [_said(one) for one in (*node.args, *(kwarg.value for kwarg in node.kwargs))]
        own = [one for one in said if " " in one]
        return "".join(f"\n{one}\n" for one in own) or FILLED
    if isinstance(node, nodes.List | nodes.Tuple):
        return "\n".join(_said(one) for one in node.items)
    return FILLED


class _Text(HTMLParser):
    """What is read of a page: each part that stands by itself on its own lines."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts += [] if tag in INLINE else ["\n\n"]

    def handle_endtag(self, tag: str) -> None:
        self.parts += [] if tag in INLINE else ["\n\n"]

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def _unmarked(text: str) -> str:
    read = _Text()
    read.feed(text)
    return "".join(read.parts)
