"""Lines of the timeline under the episode they belong to, else under their month. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from locality.base.periods import LONDON, day_of
from locality.base.words import day_words
from locality.record.queries.rows import Row
from locality.record.queries.shapes import Fact, Group
from locality.record.queries.words import counted

TO_COME = "To come"


@dataclass(frozen=True, slots=True)
class Placed:
    """A line, where it stands in time, and the episode it belongs to (empty for none) or is itself."""

    fact: Fact
    at: datetime
    episode: str
    is_episode: bool


def grouped(lines: Sequence[Placed], episodes: Mapping[str, Row], *, at: datetime) -> tuple[Group, ...]:
    """Lines in their order; those of one episode stand together where its first line stands.

    An episode of one short line is only that line: it needs no heading of its own.
    """
    sizes = Counter(line.episode for line in lines)
    groups: list[tuple[str, list[Fact]]] = []
    begun: dict[str, list[Fact]] = {}
    for line in lines:
        row = episodes.get(line.episode)
        if row is None or (sizes[line.episode] == 1 and not _is_stay(row)):
            month = TO_COME if line.at > at else f"{line.at.astimezone(LONDON):%B %Y}"
            if not groups or groups[-1][0] != month:
                groups.append((month, []))
            groups[-1][1].append(line.fact)
            continue
        if line.episode not in begun:
            begun[line.episode] = []
            groups.append((line.episode, begun[line.episode]))
        # the episode's own line says what it was, so it comes before what happened in it
        begun[line.episode].insert(0 if line.is_episode else len(begun[line.episode]), line.fact)
    return tuple(_group(key, facts, episodes, at) for key, facts in groups)


def _group(key: str, lines: Sequence[Fact], episodes: Mapping[str, Row], at: datetime) -> Group:
    row = episodes.get(key)
    if row is None:
        return Group(title=key, span_words="", lines=tuple(lines))
    title = f"{row.title}, {row.author}" if row.author else f"{row.title}, {row.organisation}"
    return Group(title=title, span_words=span_words(row, at), lines=tuple(lines))


def _is_stay(row: Row) -> bool:
    return row.happened_at is not None and row.ends_at is not None and day_of(row.happened_at) != day_of(row.ends_at)


def span_words(row: Row, at: datetime) -> str:
    """`Wed 28 Oct 2026 to Tue 3 Nov 2026, 6 days`; one day is named once."""
    if row.happened_at is None:
        return ""
    began = day_of(row.happened_at)
    if row.ends_at is None:
        return f"since {day_words(began)}" if row.state == "current" and row.happened_at <= at else day_words(began)
    ended = day_of(row.ends_at)
    if began == ended:
        return day_words(began)
    return f"{day_words(began)} to {day_words(ended)}, {counted((ended - began).days, 'day')}"
