"""An analyst's own list of codes for a method that has none that may be copied: the columns code and condition."""

from pathlib import Path
from typing import TYPE_CHECKING

from locality.base import Refused
from locality.methods.scores.method import Method
from locality.methods.table_files import FILE, load, place

if TYPE_CHECKING:
    import duckdb


def read_codes(*, engine: "duckdb.DuckDBPyConnection", method: Method, path: Path) -> Method:
    """The method over the codes of a file; raise Refused, naming the row, for a condition that the method lacks."""
    at: list[str] = []

    def choose(headers: list[str]) -> set[str]:
        at[:] = [place(path, name, headers) for name in ("code", "condition")]
        return set(at)

    load(engine, path, choose)
    rows = engine.execute(f"select rowid + 1, {', '.join(at)} from {FILE} order by 1").fetchall()
    found: dict[str, tuple[str, ...]] = {}
    for row, code, condition in rows:
        name = method.read(condition or "").code
        if code is None or name is None:
            wrong = (
                f"the condition {condition!r} is not one of {', '.join(method.groups)}" if code else "there is no code"
            )
            raise Refused(f"{path}, row {row}: {wrong}.")
        found[code] = (*found.get(code, ()), name)
    if not found:
        raise Refused(f"{path} has no rows.")
    return method.with_codes(found)
