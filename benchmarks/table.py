"""The tables of docs/performance.md: what stands between a benchmark's two markers is what it last found."""

from collections.abc import Iterable
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"


def rows(head: Iterable[str], body: Iterable[Iterable[str]]) -> list[str]:
    """A Markdown table."""
    columns = list(head)
    return [_line(columns), "|" + "---|" * len(columns), *(_line(row) for row in body)]


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
