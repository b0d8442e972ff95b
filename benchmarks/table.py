"""The tables of docs/performance.md: what stands between a benchmark's two markers is what it last found."""

from collections.abc import Iterable, Sequence
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "performance.md"


def rows(head: Iterable[str], body: Iterable[Iterable[str]]) -> list[str]:
    """A Markdown table."""
    columns = list(head)
    return [_line(columns), "|" + "---|" * len(columns), *(_line(row) for row in body)]


def aim(
    words: str, body: Sequence[Sequence[str]], *, column: int, most: float | None = None, least: float | None = None
) -> str:
    """Whether the cells of a column, as they are printed, keep to an aim; named by their first cell where not."""
    missed = []
    for one in body:
        figure = float(one[column].replace(",", ""))
        if (most is not None and figure > most) or (least is not None and figure < least):
            missed.append(one[0])
    return f"The aim is {words}: {'not met by ' + '; '.join(dict.fromkeys(missed)) if missed else 'met'}."


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def write(name: str, lines: list[str], *, page: Path = PAGE) -> None:
    """Put these lines between the markers of this benchmark."""
    begins, ends = f"<!-- measured: {name} -->", f"<!-- measured: {name}, to here -->"
    before, found, rest = page.read_text(encoding="utf-8").partition(begins)
    _, found_end, after = rest.partition(ends)
    if not (found and found_end):
        raise SystemExit(f"{page} has no place for {name}: it needs the lines {begins} and {ends}")
    page.write_text("\n".join([before + begins, "", *lines, "", ends + after]), encoding="utf-8")
