"""What the viewer ought to know: told to their teams or to them, seen to by whom; and whom they opened lately."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce

from locality.access.models import Look
from locality.access.queries import openable
from locality.base import NotFound, Viewer, ViewerKind
from locality.base.periods import day_of
from locality.directory.queries import called, names_of
from locality.neighbourhoods.models import Alert
from locality.neighbourhoods.queries.covering import covers
from locality.neighbourhoods.queries.seen import seen_by, told_to
from locality.neighbourhoods.rules.inbox import FIRST, OPEN, AlertKind, AlertState
from locality.people.models import Person

MOST_SHOWN = 100
MOST_RECENT = 12
DONE_LATELY_DAYS = 7
NO_ALERT = "There is nothing like that in your inbox."


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing to know, as an inbox shows it; `is_new`: told since the viewer looked last.

    Told to a team, or (`team_id` None) to an organisation as a whole, whose name `team` then is.
    `is_covered`: whose it is is away, and the viewer covers for them.
    """

    id: UUID
    person: Person | None
    team_id: UUID | None
    organisation_id: UUID | None
    team: str
    owner_id: UUID | None
    owner: str
    kind: str
    state: str
    words: str
    about_id: UUID | None
    happened_at: datetime
    made_at: datetime
    sender_id: UUID
    sender: str
    data_class: str
    done_at: datetime | None
    done_by: str
    done_words: str
    is_new: bool = False
    is_covered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which of an inbox: `mine` and my teams' that nobody sees to yet, or all of my teams'."""

    mine: bool = True
    kind: AlertKind | None = None
    state: AlertState | None = None


MINE = Wanted()


def seen_alerts(viewer: Viewer) -> QuerySet[Alert]:
    """The predicate: what was told to the viewer's teams, or to their organisation as a whole, of people whom they may
    know today or of nobody."""
    return seen_by(viewer, Alert.objects.all(), whose=told_to(viewer))


def told(*, viewer: Viewer, wanted: Wanted = MINE, since: datetime | None = None, most: int = MOST_SHOWN) -> list[Told]:
    """What is open: deaths first, then the last first; new is what was told since. One more than `most` where there
    are more. One query."""
    rows = seen_alerts(viewer).filter(state__in=OPEN)
    if wanted.mine:
        rows = rows.filter(_waits_for(viewer))
    if wanted.kind is not None:
        rows = rows.filter(kind=wanted.kind)
    if wanted.state is not None:
        rows = rows.filter(state=wanted.state)
    first = Case(When(kind__in=FIRST, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = rows.annotate(is_covered=Exists(covers(viewer).filter(practitioner=OuterRef("owner"))))
    rows = _with(rows).order_by(first, "-happened_at", "-made_at", "id")
    return [_told(row, {}, since=since) for row in rows[: most + 1]]


def done_lately(*, viewer: Viewer, mine: bool = True) -> list[Told]:
    """What was seen to in the last week, the last first. Two queries."""
    rows = seen_alerts(viewer).filter(state=AlertState.DONE, done_at__gte=viewer.at - timedelta(days=DONE_LATELY_DAYS))
    if mine:
        rows = rows.filter(done_by=viewer.id)
    found = list(_with(rows).order_by("-done_at", "id")[:MOST_SHOWN])
    names = names_of(row.done_by for row in found)
    return [_told(row, names) for row in found]


def alert(*, viewer: Viewer, alert_id: UUID) -> Told:
    """One thing that was told; raises NotFound for another team's."""
    row = _with(seen_alerts(viewer)).filter(pk=alert_id).first()
    if row is None:
        raise NotFound(NO_ALERT)
    return _told(row, names_of([row.done_by]))


def new_count(*, viewer: Viewer) -> int:
    """How much nobody sees to yet that was told to the viewer or to their teams."""
    return seen_alerts(viewer).filter(_waits_for(viewer), state=AlertState.NEW).count()


def _waits_for(viewer: Viewer) -> Q:
    return Q(owner=viewer.id) | Q(owner=None) | Q(owner__in=covers(viewer))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Somebody whose record the viewer opened, and when last."""

    person: Person
    last_at: datetime


def recent(*, viewer: Viewer, most: int = MOST_RECENT) -> list[Opened]:
    """Whose record the viewer opened lately and may still open, the last first; two queries and those of `openable`."""
    if viewer.kind != ViewerKind.PRACTITIONER:
        return []
    rows = Look.objects.filter(practitioner=viewer.id).select_related("person", "person__merged_into")
    # some may not be opened any more
    looks = [(row.person.merged_into or row.person, row.last_at) for row in rows.order_by("-last_at", "pk")[: 2 * most]]
    may = openable(viewer=viewer, person_ids=[person.pk for person, _ in looks], on=day_of(viewer.at)) if looks else ()
    found: dict[UUID, Opened] = {}
    for person, last_at in looks:
        if person.pk in may:
            found.setdefault(person.pk, Opened(person=person, last_at=last_at))
    return list(found.values())[:most]


def _with(rows: QuerySet[Alert]) -> QuerySet[Alert]:
    team = Coalesce("team__name", "organisation__short_name", Value("", output_field=TextField()))
    named = rows.annotate(team_name=team, sender_name=F("sender__name"), owner_name=called("owner"))
    return named.select_related("person", "person__merged_into")


def _told(row: Alert, names: dict[UUID, str], *, since: datetime | None = None) -> Told:
    return Told(
        id=row.pk,
        person=(row.person.merged_into or row.person) if row.person else None,
        team_id=row.team_id,
        organisation_id=row.organisation_id,
        team=row.team_name,  # type: ignore[attr-defined]
        owner_id=row.owner_id,
        owner=row.owner_name,  # type: ignore[attr-defined]
        kind=row.kind,
        state=row.state,
        words=row.words,
        about_id=row.about_id,
        happened_at=row.happened_at,
        made_at=row.made_at,
        sender_id=row.sender_id,
        sender=row.sender_name,  # type: ignore[attr-defined]
        data_class=row.data_class,
        done_at=row.done_at,
        done_by=names.get(row.done_by, "") if row.done_by else "",
        done_words=row.done_words,
        is_new=since is not None and row.made_at > since,
        is_covered=getattr(row, "is_covered", False),
    )
