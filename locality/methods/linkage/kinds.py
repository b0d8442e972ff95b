"""The kinds of agreement that levels are made of: what each means in SQL and in Python, side by side.

Columns are those of `standard.py`. In SQL a missing value makes a condition unknown, and so not met; the Python does
the same. A condition is written "same given", "alike family 0.9", "share givens families"; "|" between two means or.
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler, Levenshtein

from locality.base import Refused

Read = Callable[[Any], Any]
Holds = Callable[[Any, Any], bool]
EXTRA = "x_"

alikeness = JaroWinkler.similarity
slips = Levenshtein.distance
keyed = DamerauLevenshtein.distance


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: its SQL by dialect, its Python, and the columns that it reads."""

    duckdb: str
    spark: str
    holds: Holds
    columns: tuple[str, ...]

    def sql(self, dialect: str) -> str:
        """The condition in the SQL of an engine that Splink knows."""
        return self.spark if dialect == "spark" else self.duckdb


def read(column: str) -> Read:
    """How a column is read from a Standard."""
    if column.startswith(EXTRA):
        name = column.removeprefix(EXTRA)
        return lambda one: one.extra.get(name)
    return attrgetter(column)


def _plain(sql: str, holds: Holds, *columns: str) -> Condition:
    return Condition(sql, sql, holds, columns)


def missing(x: str) -> Condition:
    """One of the two says nothing."""
    of = read(x)
    return _plain(f"{x}_l is null or {x}_r is null", lambda a, b: not of(a) or not of(b), x)


def same(x: str) -> Condition:
    """Both say the same."""
    of = read(x)
    return _plain(f"{x}_l = {x}_r", lambda a, b: of(a) == of(b) and of(a) is not None, x)


def turned(x: str, y: str) -> Condition:
    """What one says in x the other says in y; enough in one direction, because y is x the other way about."""
    x_of, y_of = read(x), read(y)
    return _plain(f"{x}_l = {y}_r", lambda a, b: x_of(a) == y_of(b) and x_of(a) is not None, x, y)


def crossed(x: str, y: str) -> Condition:
    """Each says in x what the other says in y."""
    x_of, y_of = read(x), read(y)

    def holds(a: Any, b: Any) -> bool:
        return x_of(a) == y_of(b) and x_of(b) == y_of(a) and x_of(a) is not None and x_of(b) is not None

    return _plain(f"({x}_l = {y}_r and {y}_l = {x}_r)", holds, x, y)


def across(x: str, y: str, least: str) -> Condition:
    """Each in x is alike to the other in y: two names in each other's place, and mistyped besides."""
    x_of, y_of, bar = read(x), read(y), float(least)

    def holds(a: Any, b: Any) -> bool:
        ax, ay, bx, by = x_of(a), y_of(a), x_of(b), y_of(b)
        known = ax is not None and ay is not None and bx is not None and by is not None
        return known and alikeness(ax, by) >= bar and alikeness(ay, bx) >= bar

    sql = "({0}({x}_l, {y}_r) >= cast({bar} as double) and {0}({y}_l, {x}_r) >= cast({bar} as double))"
    duckdb, spark = (sql.format(name, x=x, y=y, bar=bar) for name in ("jaro_winkler_similarity", "jaro_winkler"))
    return Condition(duckdb, spark, holds, (x, y))


def alike(x: str, least: str) -> Condition:
    """Alike by Jaro and Winkler's measure, from 0 to 1 (Winkler 1990)."""
    of, bar = read(x), float(least)

    def holds(a: Any, b: Any) -> bool:
        left, right = of(a), of(b)
        return left is not None and right is not None and alikeness(left, right) >= bar

    sql = f"({x}_l, {x}_r) >= cast({bar} as double)"
    return Condition(f"jaro_winkler_similarity{sql}", f"jaro_winkler{sql}", holds, (x,))


def slip(x: str, most: str) -> Condition:
    """So many letters put in, left out or changed, at most (Levenshtein 1966)."""
    of, bar = read(x), int(most)

    def holds(a: Any, b: Any) -> bool:
        left, right = of(a), of(b)
        return left is not None and right is not None and slips(left, right, score_cutoff=bar) <= bar

    return _plain(f"levenshtein({x}_l, {x}_r) <= {bar}", holds, x)


def typed(x: str) -> Condition:
    """One slip of the keys: a letter put in, left out or changed, or two changed about (Damerau 1964)."""
    of = read(x)

    def holds(a: Any, b: Any) -> bool:
        left, right = of(a), of(b)
        return left is not None and right is not None and keyed(left, right, score_cutoff=1) <= 1

    return _plain(f"damerau_levenshtein({x}_l, {x}_r) <= 1", holds, x)


def inside(x: str, fewest: str) -> Condition:
    """One slip of the keys in a name of so many letters at least, and neither in its first letter nor its last two.

    Names of a man and a woman, and of two brothers, mostly part at their ends.
    """
    of, bar = read(x), int(fewest)

    def holds(a: Any, b: Any) -> bool:
        left, right = of(a), of(b)
        if left is None or right is None or left[0] != right[0] or left[-2:] != right[-2:]:
            return False
        return min(len(left), len(right)) >= bar and keyed(left, right, score_cutoff=1) <= 1

    ends = f"substr({x}_l, 1, 1) = substr({x}_r, 1, 1) and right({x}_l, 2) = right({x}_r, 2)"
    long = f"least(length({x}_l), length({x}_r)) >= {bar}"
    return _plain(f"({ends} and {long} and damerau_levenshtein({x}_l, {x}_r) <= 1)", holds, x)


def begins(x: str, fewest: str) -> Condition:
    """One is the beginning of the other, of so many letters at least."""
    of, bar = read(x), int(fewest)

    def holds(a: Any, b: Any) -> bool:
        left, right = of(a), of(b)
        if left is None or right is None or min(len(left), len(right)) < bar:
            return False
        return bool(left.startswith(right) or right.startswith(left))

    least = f"least(length({x}_l), length({x}_r))"
    return _plain(f"({least} >= {bar} and substr({x}_l, 1, {least}) = substr({x}_r, 1, {least}))", holds, x)


def share(x: str, y: str = "") -> Condition:
    """Something in x of one is in y of the other, either way about."""
    x_of, y_of = read(x), read(y or x)
    if not y or x == y:
        sql = "{0}({1}_l, {1}_r)"

        def holds(a: Any, b: Any) -> bool:
            return _meet(x_of(a), x_of(b))
    else:
        sql = "({0}({1}_l, {2}_r) or {0}({2}_l, {1}_r))"

        def holds(a: Any, b: Any) -> bool:
            return _meet(x_of(a), y_of(b)) or _meet(x_of(b), y_of(a))

    duckdb, spark = (sql.format(name, x, y) for name in ("list_has_any", "arrays_overlap"))
    return Condition(duckdb, spark, holds, (x, y) if y and x != y else (x,))


def _meet(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    # both are short: looking is faster than making sets of them
    for one in some:  # noqa: SIM110 -- a loop of its own is twice as fast here as any()
        if one in others:
            return True
    return False


def initial(x: str) -> Condition:
    """One gives only the first letter, and it agrees."""
    of = read(x)

    def holds(a: Any, b: Any) -> bool:
        left, right = of(a), of(b)
        return left is not None and right is not None and left[0] == right[0] and 1 in (len(left), len(right))

    sql = f"(substr({x}_l, 1, 1) = substr({x}_r, 1, 1) and (length({x}_l) = 1 or length({x}_r) = 1))"
    return _plain(sql, holds, x)


def either(x: str) -> Condition:
    """It is so of at least one."""
    of = read(x)
    return _plain(f"({x}_l or {x}_r)", lambda a, b: of(a) or of(b), x)


def near(x: str, most: str) -> Condition:
    """Two whole numbers, so far apart at most."""
    of, bar = read(x), int(most)

    def holds(a: Any, b: Any) -> bool:
        left, right = of(a), of(b)
        return left is not None and right is not None and abs(left - right) <= bar

    return _plain(f"abs({x}_l - {x}_r) <= {bar}", holds, x)


def differ(x: str) -> Condition:
    """Both say something, and not the same."""
    of = read(x)
    return _plain(f"{x}_l <> {x}_r", lambda a, b: bool(of(a) and of(b)) and of(a) != of(b), x)


def two(x: str, y: str, z: str) -> Condition:
    """Two of three agree."""
    pairs = ((x, y), (x, z), (y, z))
    reads = [read(one) for one in (x, y, z)]

    def holds(a: Any, b: Any) -> bool:
        return sum(of(a) == of(b) and of(a) is not None for of in reads) > 1

    sql = " or ".join(f"({one}_l = {one}_r and {other}_l = {other}_r)" for one, other in pairs)
    return _plain(f"({sql})", holds, x, y, z)


MADE = (
    missing,
    same,
    turned,
    crossed,
    across,
    alike,
    slip,
    typed,
    inside,
    begins,
    share,
    initial,
    either,
    near,
    differ,
    two,
)
KINDS: dict[str, Callable[..., Condition]] = {one.__name__: one for one in MADE}


def condition(words: str) -> Condition:
    """A condition as settings.toml writes it; raise Refused where it cannot be read."""
    parts = [_one(part.split()) for part in words.split("|")]
    if len(parts) == 1:
        return parts[0]
    checks = [part.holds for part in parts]
    return Condition(
        f"({' or '.join(part.duckdb for part in parts)})",
        f"({' or '.join(part.spark for part in parts)})",
        lambda a, b: any(check(a, b) for check in checks),
        tuple(column for part in parts for column in part.columns),
    )


def _one(words: list[str]) -> Condition:
    kind = KINDS.get(words[0]) if words else None
    if kind is None:
        raise Refused(f"{' '.join(words)!r} is no kind of agreement: write one of {', '.join(KINDS)}.")
    return kind(*words[1:])
