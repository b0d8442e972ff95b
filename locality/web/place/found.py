"""Finding an organisation by whatever somebody remembers of it: a word of its name, an old name, its code, its kind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from locality.base.words import sort_key
from locality.directory import queries as directory
from locality.directory.rules import OrganisationKind
from locality.web.place.words import KINDS, inside, listed
from locality.web.words import counted

# how much of a mistyped word must be right
ALIKE = 0.72
BEFORE = "follows__from_organisation"


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
    """What a search found, by kind, and what was made of words that are in no name."""

    groups: tuple[Group, ...]
    kinds: tuple[tuple[str, str, int], ...]
    total: int
    read_as: str


def organisations(*, on: date, words: str = "", kind: str = "") -> Found:
    """The organisations of today, those that answer to the words, of one kind or of all."""
    rows = directory.organisations_on(on).prefetch_related("sites", f"{BEFORE}__{BEFORE}")
    lines, read_as = _answering([_line(row) for row in rows], sort_key(words).split())
    groups = _by_kind(lines)
    return Found(
        groups=tuple(group for group in groups if kind in ("", group.kind)),
        kinds=tuple((group.kind, group.words, len(group.lines)) for group in groups),
        total=len(lines),
        read_as=read_as,
    )


def _line(row: Any) -> Line:
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
    )


def _answering(lines: Sequence[Line], words: Sequence[str]) -> tuple[Sequence[Line], str]:
    """The lines in which every word stands; else those with the words most like them, and which these are."""
    searched = {line.code: line.searched for line in lines}
    found = [line for line in lines if all(word in searched[line.code] for word in words)]
    if found or not words:
        return found, ""
    known = sorted({word for text in searched.values() for word in text.split()})
    alike = [_nearest(word, known) for word in words]
    if "" in alike:
        return [], ""
    return [line for line in lines if all(word in searched[line.code] for word in alike)], " ".join(alike)


def _nearest(word: str, known: Sequence[str]) -> str:
    if any(word in one for one in known):
        return word
    return next(iter(get_close_matches(word, known, n=1, cutoff=ALIKE)), "")


def _by_kind(lines: Iterable[Line]) -> list[Group]:
    kinds: dict[OrganisationKind, list[Line]] = {kind: [] for kind in KINDS}
    for line in lines:
        kinds[line.kind].append(line)
    return [Group(kind, KINDS[kind][1], tuple(alike)) for kind, alike in kinds.items() if alike]


def answer(found: Found, *, words: str, kind: str) -> str:
    """How many there are, in one sentence."""
    if not found.groups:
        return f"No organisation answers to \u201c{words}\u201d" if words else "No organisation is listed"
    shown = sum(len(group.lines) for group in found.groups)
    if kind:
        return _counted(found.groups[0])
    if words:
        return f"{shown} {'organisation answers' if shown == 1 else 'organisations answer'} to \u201c{words}\u201d"
    largest = sorted(found.groups, key=lambda group: -len(group.lines))[:3]
    return f"{shown} organisations, among them {listed([_counted(group) for group in largest])}"


def _counted(group: Group) -> str:
    one, many = KINDS[group.kind]
    return counted(len(group.lines), inside(one), inside(many))


def left(team: Any, *, on: date) -> Sequence[Any]:
    """Who no longer works in a team, the last to go first."""
    gone = team.members.filter(ends_on__lte=on).select_related("practitioner", "employer")
    return list(gone.order_by("-ends_on", "practitioner__sort_key"))
