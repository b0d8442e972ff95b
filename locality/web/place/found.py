"""Finding an organisation by whatever somebody remembers of it: a word of its name, an old name, its code, its kind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from locality.base.words import sort_key
from locality.directory import queries as directory
from locality.directory.rules import OrganisationKind, answering
from locality.web.place.words import KINDS, inside, listed
from locality.web.words import counted, short_day

BEFORE = "follows__from_organisation"


class State(StrEnum):
    """Which organisations a list shows."""

    ALL = "all"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Line:
    """One organisation of the list, with the names it went by before."""

    code: str
    name: str
    short_name: str
    kind: OrganisationKind
    verified: bool
    before: tuple[str, ...]
    postcode: str
    closed: bool
    days: str

    @property
    def searched(self) -> str:
        """All that it may be found by."""
        return sort_key(
            " ".join((self.name, self.short_name, self.code, *KINDS[self.kind], *self.before, self.postcode))
        )


@dataclass(frozen=True, slots=True)
class Group:
    """The organisations of one kind."""

    kind: OrganisationKind
    words: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, by kind and by whether it is still there, and what was made of words that are in no name."""

    groups: tuple[Group, ...]
    kinds: tuple[tuple[str, str, int], ...]
    states: tuple[tuple[str, int], ...]
    total: int
    read_as: str


def organisations(*, on: date, words: str = "", kind: str = "", state: str = State.ALL) -> Found:
    """Those that answer to the words, open or closed or both, of one kind or of all; the closed ones last."""
    rows = directory.organisations().prefetch_related("sites", f"{BEFORE}__{BEFORE}")
    lines = {line.code: line for line in (_line(row, on) for row in rows)}
    codes, read_as = answering({code: line.searched for code, line in lines.items()}, words=sort_key(words).split())
    answered = [lines[code] for code in codes]
    of_state = {
        State.ALL: answered,
        State.OPEN: [line for line in answered if not line.closed],
        State.CLOSED: [line for line in answered if line.closed],
    }
    groups = _by_kind(of_state[State(state)])
    return Found(
        groups=tuple(group for group in groups if kind in ("", group.kind)),
        kinds=tuple((group.kind, group.words, len(group.lines)) for group in groups),
        states=tuple((one, sum(kind in ("", line.kind) for line in alike)) for one, alike in of_state.items()),
        total=len(of_state[State(state)]),
        read_as=read_as,
    )


def _line(row: Any, on: date) -> Line:
    earlier = [link.from_organisation for link in row.follows.all()]
    before = [*earlier, *(link.from_organisation for one in earlier for link in one.follows.all())]
    places = [site for site in row.sites.all() if site.is_public]
    return Line(
        code=row.code,
        name=row.name,
        short_name=row.short_name,
        kind=OrganisationKind(row.kind),
        verified=row.verified,
        # one that goes on under its own name handed over a part only
        before=tuple(one.name for one in before if one.ends_on),
        # many shops have one name; of several sites none is the one meant
        postcode=places[0].postcode if len(places) == 1 else "",
        closed=row.ends_on is not None and row.ends_on <= on,
        days=_days(row, on),
    )


def _days(row: Any, on: date) -> str:
    """What is said beside a name: when it closed, will close or will open; nothing for what is simply there."""
    if row.ends_on is not None:
        last = short_day(row.ends_on - timedelta(days=1))
        return f"Closed on {last}" if row.ends_on <= on else f"Closes on {last}"
    return f"Opens on {short_day(row.starts_on)}" if row.starts_on is not None and row.starts_on > on else ""


def _by_kind(lines: Iterable[Line]) -> list[Group]:
    kinds: dict[OrganisationKind, list[Line]] = {kind: [] for kind in KINDS}
    for line in sorted(lines, key=lambda line: line.closed):
        kinds[line.kind].append(line)
    return [Group(kind, KINDS[kind][1], tuple(alike)) for kind, alike in kinds.items() if alike]


def answer(found: Found, *, words: str, kind: str) -> str:
    """How many there are, and how many of them have closed, in one sentence."""
    lines = [line for group in found.groups for line in group.lines]
    if not lines:
        return f"No organisation answers to \u201c{words}\u201d" if words else "No organisation is listed here"
    if kind:
        said = _counted(found.groups[0])
    elif words:
        answer_ = "organisation answers" if len(lines) == 1 else "organisations answer"
        said = f"{len(lines)} {answer_} to \u201c{words}\u201d"
    else:
        largest = sorted(found.groups, key=lambda group: -len(group.lines))[:3]
        said = f"{counted(len(lines), 'organisation')}, among them {listed([_counted(group) for group in largest])}"
    return said + _closed_words(sum(line.closed for line in lines), len(lines))


def _closed_words(closed: int, of: int) -> str:
    if closed == of:
        return "; it has closed" if of == 1 else "; all of them have closed"
    return f"; {closed} of them {'has' if closed == 1 else 'have'} closed" if closed else ""


def _counted(group: Group) -> str:
    one, many = KINDS[group.kind]
    return counted(len(group.lines), inside(one), inside(many))


def left(team: Any, *, on: date) -> Sequence[Any]:
    """Who no longer works in a team, the last to go first."""
    gone = team.members.filter(ends_on__lte=on).select_related("practitioner", "employer")
    # what was undone ended on its first day, and never was
    return [one for one in gone.order_by("-ends_on", "practitioner__sort_key") if one.starts_on != one.ends_on]
