"""What referrals other systems sent: taken in, refused and why, dismissed; for those who look after sources.

Nothing here says about whom: who looks after the sources sees no people.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import Length

from locality.access import wall
from locality.access.rules import may_run_sources
from locality.base import NoAccess, NotFound, Viewer
from locality.directory.queries import SOMEBODY, names_of
from locality.directory.queries import source as source_of
from locality.neighbourhoods.models import ReferralReceived
from locality.neighbourhoods.rules.referrals_in import DISMISSAL_WORDS, Dismissal, what_to_do
from locality.record.queries.sources import NOT_YOURS

A_PAGE = 50
NOT_REFUSED = "There is no such refused referral."
DISMISSED = Q(dismissed_at__isnull=False, put_back_at=None)
# what is dismissed is refused too, and waits for nobody
WAITS = ~Q(refused="") & ~DISMISSED
REFUSED, SET_ASIDE = Count("pk", filter=WAITS), Count("pk", filter=DISMISSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentBy:
    """One source that sent referrals: how many, how many of them are refused and wait, how many were dismissed."""

    code: str
    name: str
    received: int
    refused: int
    dismissed: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """One message: by the sender's own number of it, for whom, or why it was refused."""

    id: UUID
    at: datetime
    identifier: str
    to: str
    refused: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissed:
    """One that was refused and dismissed: by whom, when and why."""

    came: Came
    why: str
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyRefused:
    """Those of a page that were refused for one reason, how many there are of all, and what mends it."""

    words: str
    what_to_do: str
    count: int
    rows: tuple[Came, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What one source sent: what is refused and waits, by reason; what was taken in and what was dismissed."""

    code: str
    name: str
    reasons: tuple[WhyRefused, ...]
    refused: int
    taken: tuple[Came, ...]
    taken_in: int
    dismissed: tuple[Dismissed, ...]
    dismissed_of: int
    received: int
    page: int
    pages: int


def check_may_look_after(viewer: Viewer) -> None:
    """Raise NoAccess for a role that looks after no sources."""
    if not may_run_sources(viewer):
        raise NoAccess(NOT_YOURS)


@wall.down()
def senders(*, viewer: Viewer) -> list[SentBy]:
    """Each source that ever sent a referral, those with refused ones that wait first. One query."""
    check_may_look_after(viewer)
    rows = ReferralReceived.objects.values(code=F("source__code"), name=F("source__name"))
    rows = rows.annotate(received=Count("pk"), refused=REFUSED, dismissed=SET_ASIDE, last_at=Max("at"))
    return [SentBy(**row) for row in rows.order_by("-refused", "name")]


@wall.down()
def received(*, viewer: Viewer, code: str, page: int = 1) -> Received:
    """What one source sent, fifty refused, taken in and dismissed to a page. Six queries, or seven.

    Raises NoAccess for a role that looks after no sources, NotFound for a source that is not declared.
    """
    check_may_look_after(viewer)
    source = source_of(code)
    rows = ReferralReceived.objects.filter(source=source)
    why = dict(rows.filter(WAITS).values_list("refused").annotate(count=Count("pk")).order_by("-count", "refused"))
    many = rows.aggregate(taken_in=Count("pk", filter=Q(refused="")), refused=REFUSED, dismissed=SET_ASIDE)
    pages = max(1, -(-max(many.values()) // A_PAGE))
    page = max(1, min(page, pages))
    ours = slice((page - 1) * A_PAGE, page * A_PAGE)
    kept = _came(rows.filter(WAITS).order_by("refused", "-at", "pk"), ours)
    return Received(
        code=code,
        name=source.name,
        reasons=tuple(_why(words, why[words], kept) for words in why if any(one.refused == words for one in kept)),
        refused=many["refused"],
        taken=tuple(_came(rows.filter(refused="").order_by("-at", "pk"), ours)),
        taken_in=many["taken_in"],
        dismissed=_dismissed(rows.filter(DISMISSED).order_by("-dismissed_at", "pk"), ours),
        dismissed_of=many["dismissed"],
        received=sum(many.values()),
        page=page,
        pages=pages,
    )


@wall.down()
def refused_one(*, viewer: Viewer, code: str, received: UUID) -> Came:
    """One that is refused and waits, for whoever is about to dismiss it. Raises NoAccess, NotFound."""
    check_may_look_after(viewer)
    found = _came(ReferralReceived.objects.filter(WAITS, source__code=code, pk=received), slice(1))
    if not found:
        raise NotFound(NOT_REFUSED)
    return found[0]


@wall.down()
def refused_message(*, viewer: Viewer, received: UUID) -> tuple[str, str]:
    """Why one was refused, and its bytes as text: what is not UTF-8 shows as replacement marks.

    One that was taken in is about somebody, and is not opened from here. Raises NoAccess, NotFound.
    """
    check_may_look_after(viewer)
    row = ReferralReceived.objects.filter(pk=received).exclude(refused="").first()
    if row is None:
        raise NotFound(NOT_REFUSED)
    return row.refused, bytes(row.content).decode("utf-8", "replace")


def _came(rows: QuerySet[ReferralReceived], ours: slice) -> list[Came]:
    to = {
        "service": F("referral__to_service__name"),
        "team": F("referral__to_team__name"),
        "organisation": F("referral__to_organisation__name"),
    }
    columns = ("pk", "at", "identifier", "service", "team", "organisation", "refused", "size")
    found = rows.annotate(**to, size=Length("content")).values_list(*columns)[ours]
    return [
        Came(id=pk, at=at, identifier=identifier, to=service or team or whole or "", refused=refused, size=size)
        for pk, at, identifier, service, team, whole, refused, size in found
    ]


def _dismissed(rows: QuerySet[ReferralReceived], ours: slice) -> tuple[Dismissed, ...]:
    columns = ("dismissed_why", "dismissed_words", "dismissed_by", "dismissed_at")
    found = list(rows.values_list("pk", "at", "identifier", "refused", Length("content"), *columns)[ours])
    names = names_of(who for *_, who, _ in found)
    return tuple(
        Dismissed(
            came=Came(id=pk, at=at, identifier=identifier, to="", refused=refused, size=size),
            why=DISMISSAL_WORDS[Dismissal(why)],
            words=words,
            by=names.get(who, SOMEBODY),
            at=dismissed_at,
        )
        for pk, at, identifier, refused, size, why, words, who, dismissed_at in found
    )


def _why(words: str, count: int, kept: list[Came]) -> WhyRefused:
    rows = tuple(one for one in kept if one.refused == words)
    return WhyRefused(words=words, what_to_do=what_to_do(words), count=count, rows=rows)
