"""Who sends to us, how lately, and what could not be stored; for those who look after the sources."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Func, IntegerField, Max, QuerySet, TextField, Value
from django.db.models.functions import Length

from locality.access.rules import may_run_sources
from locality.base import NoAccess, NotFound, Viewer
from locality.base.periods import day_of
from locality.directory.models import Source
from locality.record.headlines.other import type_words
from locality.record.models import Quarantine
from locality.record.queries.connected import LAST_SENT
from locality.record.queries.freshness import (
    ENDS_SOON_DAYS,
    Connected,
    agreement_words,
    due_words,
    source_of,
    standing_words,
)
from locality.record.queries.rows import ask
from locality.record.queries.shapes import Reason, Refused, RefusedEntry, SourceRow, Standing, Terms
from locality.record.queries.words import counted

NOT_YOURS = "The role you signed in with does not look after the sources."
NO_SOURCE = "There is no such source."
A_PAGE = 50
MOST_KINDS = 3
# what every source sends so that the rest can be understood
SAYS_WHO = {"Patient", "Practitioner", "PractitionerRole", "Organization", "Location"}
STATES = f"""
select source.id, source.code, source.name, organisation.name, source.connected, source.is_trial, source.sends,
    source.every_hours, source.agreement_purpose, source.agreement_starts_on, source.agreement_ends_on,
    last_sent.finished_at, last_sent.received, last_sent.stored, last_sent.unchanged, last_sent.rejected,
    (select count(*) from record_quarantine refused where refused.source_id = source.id and refused.state = 'open'),
    coalesce(agreement.name, ''), coalesce(agreement.lawful_basis, ''), coalesce(controller.name, ''),
    unfinished.runs, unfinished.since
from directory_source source
join directory_organisation organisation on organisation.id = source.organisation_id
join directory_place place on place.id = source.place_id
left join directory_agreement agreement on agreement.id = source.agreement_id
left join directory_organisation controller on controller.id = agreement.controller_id
left join lateral ({LAST_SENT}) last_sent on true
left join lateral (
    select count(*) as runs, min(started_at) as since from record_intake intake
    where intake.source_id = source.id and intake.finished_at is null
) unfinished on true
where place.is_default
order by not source.connected, source.name
"""  # noqa: S608 -- only the query above stands in it
OF_SOURCE = 12


def sources_state(*, viewer: Viewer, at: datetime) -> list[SourceRow]:
    """Every source of the place, connected ones first: one query. Raises NoAccess for a role that runs no sources."""
    _may(viewer)
    return [_state(columns, at) for columns in ask([], (STATES, ()))]


def _may(viewer: Viewer) -> None:
    if not may_run_sources(viewer):
        raise NoAccess(NOT_YOURS)


def _state(columns: tuple, at: datetime) -> SourceRow:
    told, counts = columns[:OF_SOURCE], [count or 0 for count in columns[OF_SOURCE : OF_SOURCE + 5]]
    source = source_of(told)
    unfinished, since = columns[-2:]
    return SourceRow(
        code=source.code,
        name=source.name,
        organisation=source.organisation,
        state=source.standing(at),
        state_words=standing_words(source, at),
        sends=_sends(source.sends),
        due_words=due_words(source.every_hours),
        last_at=source.last_at,
        received=counts[0],
        stored=counts[1],
        unchanged=counts[2],
        rejected=counts[3],
        waiting=counts[4],
        unfinished=unfinished,
        unfinished_since=since,
        agreement_words=agreement_words(
            starts_on=source.agreement_starts_on, ends_on=source.agreement_ends_on, on=day_of(at)
        ),
        agreement_state=_agreement(source, at),
        agreement=Terms(columns[-5], source.agreement_purpose, *columns[-4:-2]),
    )


def _sends(types: frozenset[str]) -> str:
    """The kinds of thing it sends, in words; the first few."""
    if not types:
        return "anything"
    kinds = sorted(type_words(one).lower() for one in types - SAYS_WHO) or ["who its people are"]
    more = f" and {counted(len(kinds) - MOST_KINDS, 'more kind')}" if len(kinds) > MOST_KINDS else ""
    return ", ".join(kinds[:MOST_KINDS]) + more


def _agreement(source: Connected, at: datetime) -> Standing:
    """Whether its agreement holds, soon ends, or has ended."""
    on, ends_on = day_of(at), source.agreement_ends_on
    if source.agreement_starts_on is None:
        return Standing.NEVER
    if on < source.agreement_starts_on or (ends_on is not None and on >= ends_on):
        return Standing.EXPIRED
    return Standing.LATE if ends_on is not None and (ends_on - on).days <= ENDS_SOON_DAYS else Standing.OK


# ---- what could not be stored

# ids and numbers differ from entry to entry of one mistake
_ALIKE = r"Patient/[A-Za-z0-9.-]+|[0-9]+"


def _reason() -> Func:
    told = (F("reason"), Value(_ALIKE, TextField()), Value("…", TextField()), Value("g", TextField()))
    return Func(*told, function="regexp_replace", output_field=TextField())


def refused(*, viewer: Viewer, code: str, page: int = 1) -> Refused:
    """What one source sent and could not be stored, by reason, a page at a time: three queries.

    Raises NoAccess for a role that runs no sources, NotFound for a source that is not declared.
    """
    _may(viewer)
    source = Source.objects.filter(place__is_default=True, code=code).values_list("id", "name").first()
    if source is None:
        raise NotFound(NO_SOURCE)
    held = Quarantine.objects.filter(source=source[0], state="open").annotate(alike=_reason())
    counts = list(held.values("alike").annotate(entries=Count("*"), last=Max("last_at")).order_by("-entries", "alike"))
    total = sum(one["entries"] for one in counts)
    page = max(1, min(page, _pages(total)))
    entries = _entries(held, [one["alike"] for one in counts], page) if total else {}
    return Refused(
        code=code,
        name=source[1],
        total=total,
        reasons=tuple(
            _told(one["alike"], one["entries"], entries[one["alike"]]) for one in counts if one["alike"] in entries
        ),
        page=page,
        pages=_pages(total),
    )


def _pages(total: int) -> int:
    return max(1, -(-total // A_PAGE))


def _entries(held: QuerySet[Quarantine], reasons: list[str], page: int) -> dict[str, list[RefusedEntry]]:
    """The entries of a page, by reason: the commonest reason first, the newest entry first within it."""
    order = Func(Value(reasons), F("alike"), function="array_position", output_field=IntegerField())
    rows = held.annotate(place_of_reason=order, size=Length("content")).order_by("place_of_reason", "-last_at", "id")
    found: dict[str, list[RefusedEntry]] = {}
    columns = ("alike", "id", "place", "last_at", "size", "times", "reason")
    for alike, pk, place, at, size, tries, reason in rows.values_list(*columns)[(page - 1) * A_PAGE : page * A_PAGE]:
        entry = RefusedEntry(id=pk, place=place, at=at, size=size, tries=tries, reason=reason)
        found.setdefault(alike, []).append(entry)
    return found


def _told(alike: str, count: int, entries: list[RefusedEntry]) -> Reason:
    """One entry's reason is said as it is; of several, what differs between them is left out."""
    said = {entry.reason for entry in entries}
    words = said.pop() if len(said) == 1 and count == len(entries) else alike
    return Reason(words=words, count=count, refused=tuple(entries))


def refused_content(*, viewer: Viewer, refused: UUID) -> tuple[RefusedEntry, str]:
    """One refused entry and its bytes as text: what is not UTF-8 shows as replacement marks.

    Raises NoAccess for a role that runs no sources, NotFound for an entry that is not there.
    """
    _may(viewer)
    row = Quarantine.objects.filter(pk=refused).first()
    if row is None:
        raise NotFound("There is no such refused entry.")
    content = bytes(row.content)
    entry = RefusedEntry(
        id=row.pk, place=row.place, at=row.last_at, size=len(content), tries=row.times, reason=row.reason
    )
    return entry, content.decode("utf-8", "replace")
