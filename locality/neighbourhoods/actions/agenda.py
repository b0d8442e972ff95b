"""Drawing up an agenda: who is on it, in which order, for how long; bringing somebody, leaving somebody out."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from locality.access.actions import show
from locality.access.queries import Grant
from locality.access.rules import DataClass
from locality.base import NotFound, Refused, Viewer
from locality.base.periods import day_of
from locality.journal.actions import log
from locality.neighbourhoods.actions.candidates import Put, put_forward
from locality.neighbourhoods.actions.locks import locked
from locality.neighbourhoods.models import Caseload, Meeting, MeetingItem
from locality.neighbourhoods.queries import agenda as queries
from locality.neighbourhoods.queries import meetings
from locality.neighbourhoods.queries.agenda import Line
from locality.neighbourhoods.queries.candidates import candidate_of
from locality.neighbourhoods.queries.yields import Yields, yields
from locality.neighbourhoods.rules.candidates import Agreed
from locality.neighbourhoods.rules.meetings import (
    MINUTES,
    TO_COME,
    Decision,
    ItemState,
    MeetingState,
    Ready,
    Why,
    in_order,
)
from locality.neighbourhoods.rules.tasks import Priority

SAY_WHY = "Say why they are brought to the meeting."
NOT_YOURS_TO_BRING = "You may look at this record, and not bring the person to a meeting."
ON_IT_ALREADY = "They are on this agenda already."
NOT_TO_COME = "This meeting is over: bring them to the next."
IS_OVER = "This agenda is not changed any more: the meeting is {state}."
NOT_WAITING = "They do not wait on this agenda any more, so nothing was changed."
SAY_WHY_OUT = "Say why they are left out of this meeting."
SHORTEST, LONGEST = 1, 60
BY_HAND = [Why.NOMINATED, Why.CARRIED_OVER]
ONE_PERSON = "Found to be the same person"


@transaction.atomic
def list_agenda(*, meeting: Meeting, by: Viewer, what: str = "meeting.listed") -> list[Line]:
    """A meeting's agenda as the viewer may see it; everybody named is written down as shown."""
    found = queries.lines(viewer=by, meeting=meeting)
    show(people_ids=[one.person.pk for one in found], what=what, by=by)
    return found


@transaction.atomic
def list_yields(*, since: date, by: Viewer) -> Yields:
    """What came of the viewer's teams' meetings since a day; everybody named is written down as shown."""
    found = yields(viewer=by, since=since, on=day_of(by.at))
    people = dict.fromkeys(one.person.pk for one in found.rows)
    show(people_ids=list(people), what="meeting.yield-listed", by=by)
    return found


@transaction.atomic
def draw_up(*, meeting_id: UUID, by: Viewer) -> int:
    """Put whoever waits for the team on the agenda, in order; who is on it already stays. Returns how many are new.

    Where somebody set the order by hand it is kept, and who is new comes last.
    """
    meeting = lock(meeting_id, by=by)
    if meeting.state not in TO_COME:
        raise Refused(IS_OVER.format(state=meeting.state))
    return draw(meeting, by=by)


def draw(meeting: Meeting, *, by: Viewer) -> int:
    """The same for a meeting that is locked already; only actions of the meeting call it."""
    carry(into=meeting, by=by)
    on_it = _on_it(meeting)
    waiting = queries.waiting(viewer=by, team=meeting.team_id, on=meeting.on)
    new = [one for one in waiting if one.person not in on_it]
    for one in waiting:
        if one.person in on_it and one.why == Why.AT_RISK:
            _is_at_risk(on_it[one.person], one)
    last = _last_place(meeting)
    MeetingItem.objects.bulk_create(
        [_item(meeting, one, place=last + number, by=by) for number, one in enumerate(in_order(new), 1)]
    )
    _put_in_order_again(meeting)
    log(what="meeting.agenda-drawn", by=by, about=meeting.pk, detail={"new": len(new)})
    return len(new)


@transaction.atomic
def bring(*, grant: Grant, meeting_id: UUID, why: str, by: Viewer) -> MeetingItem:
    """Bring somebody to a meeting, with the reason; for whoever may act on their record. Raises NotFound, Refused.

    Whom the team does not look after yet is put forward to it: it may know them from now on, and decides.
    """
    acts = grant.opening.writes and (by.id, by.role) == (grant.viewer.id, grant.viewer.role)
    if not acts or by.organisation is None:
        raise Refused(NOT_YOURS_TO_BRING)
    if not why.strip():
        raise Refused(SAY_WHY)
    meeting = lock(meeting_id, by=by)
    if meeting.state not in TO_COME:
        raise Refused(NOT_TO_COME)
    if grant.person.pk in _on_it(meeting):
        raise Refused(ON_IT_ALREADY)
    ready = _brought(grant, meeting, why.strip(), sender=by.organisation, by=by)
    row = _item(meeting, ready, place=_last_place(meeting) + 1, by=by)
    row.save(force_insert=True)
    _put_in_order_again(meeting)
    log(what="meeting.person-brought", by=by, person=grant.person.pk, about=row.pk)
    return row


def _brought(grant: Grant, meeting: Meeting, why: str, *, sender: UUID, by: Viewer) -> Ready:
    """Somebody brought by hand: as the team looks after them, or as they wait for its answer from now on."""
    caseload = Caseload.objects.filter(person__in=grant.person_ids, team=meeting.team_id, off_at=None).first()
    candidate = candidate_of(person=grant.person.pk, team=meeting.team_id)
    if caseload is None and candidate is None:
        put = Put(
            person=grant.person.pk,
            team=meeting.team_id,
            why=why,
            agreed=Agreed.NOT_ASKED,
            data_class=DataClass.WORK,
            sender=sender,
        )
        candidate = put_forward(put=put, by=by)
    return Ready(
        person=grant.person.pk,
        why=Why.NOMINATED,
        since=meeting.on,
        words=why,
        candidate=candidate.pk if candidate else None,
        caseload=caseload.pk if caseload else None,
    )


@transaction.atomic
def move(*, item_id: UUID, earlier: bool, by: Viewer) -> MeetingItem:
    """Let somebody change places with whoever stands before them, or after; the order is set by hand from now on."""
    row, meeting = lock_item(item_id, by=by)
    waits = MeetingItem.objects.filter(meeting=meeting, state=ItemState.WAITING).exclude(pk=row.pk)
    beside = (
        waits.filter(place__lt=row.place).order_by("-place").first()
        if earlier
        else waits.filter(place__gt=row.place).order_by("place").first()
    )
    if beside is not None:
        row.place, beside.place = beside.place, row.place
        row.save(update_fields=["place"])
        beside.save(update_fields=["place"])
    if not meeting.by_hand:
        meeting.by_hand = True
        meeting.save(update_fields=["by_hand"])
    log(what="meeting.agenda-moved", by=by, person=row.person_id, about=row.pk)
    return row


@transaction.atomic
def give_minutes(*, item_id: UUID, minutes: int, by: Viewer) -> MeetingItem:
    """Say how many minutes somebody is given; raises Refused outside 1 to 60."""
    row, _ = lock_item(item_id, by=by)
    if not SHORTEST <= minutes <= LONGEST:
        raise Refused(f"Give somebody between {SHORTEST} and {LONGEST} minutes.")
    row.minutes = minutes
    row.save(update_fields=["minutes"])
    log(what="meeting.agenda-moved", by=by, person=row.person_id, about=row.pk)
    return row


@transaction.atomic
def leave_out(*, item_id: UUID, why: str, by: Viewer) -> MeetingItem:
    """Leave somebody out of this meeting, with the reason; what they wait for still waits, and comes again."""
    row, _ = lock_item(item_id, by=by)
    if not why.strip():
        raise Refused(SAY_WHY_OUT)
    row.state, row.left_out_why = ItemState.LEFT_OUT, why.strip()
    _changed(row, "state", "left_out_why", by=by)
    log(what="meeting.person-left-out", by=by, person=row.person_id, about=row.pk)
    return row


@transaction.atomic
def put_back(*, item_id: UUID, by: Viewer) -> MeetingItem:
    """Take back that somebody is left out: they come where the order puts them, last where it is set by hand."""
    row, meeting = lock_item(item_id, by=by, state=ItemState.LEFT_OUT)
    row.state, row.left_out_why, row.place = ItemState.WAITING, "", _last_place(meeting) + 1
    _changed(row, "state", "left_out_why", "place", by=by)
    _put_in_order_again(meeting)
    log(what="meeting.person-put-back", by=by, person=row.person_id, about=row.pk)
    return row


def carry(*, into: Meeting, by: Viewer) -> None:
    """Put on an agenda whom earlier meetings of the team left waiting, or wanted back, and who went nowhere yet."""
    left = MeetingItem.objects.filter(team=into.team_id, carried_to=None, meeting__starts_at__lt=into.starts_at)
    over = [MeetingState.CLOSED, MeetingState.SKIPPED]
    moved = left.filter(state=ItemState.MOVED_ON) | left.filter(
        decision=Decision.COME_BACK, meeting__state=MeetingState.CLOSED
    )
    # what brought anybody else still waits, and is found again; whom somebody brought would be lost
    by_hand = left.filter(state=ItemState.LEFT_OUT, why__in=BY_HAND, meeting__state__in=over)
    moved |= by_hand.exclude(left_out_why=ONE_PERSON)
    on_it = _on_it(into)
    last = _last_place(into)
    for number, row in enumerate(moved.select_related("person").order_by("place"), 1):
        kept = row.person.merged_into_id or row.person_id
        already = on_it.get(kept)
        if already is None:
            on_it[kept] = _carried(into, row, kept=kept, place=last + number, by=by)
            on_it[kept].save(force_insert=True)
        elif already.carried_from_id is None:
            already.carried_from, already.times_carried = row, row.times_carried + 1
            already.save(update_fields=["carried_from", "times_carried"])
        else:
            # whom an alias of theirs stood for comes once, and not again from there
            if row.state == ItemState.MOVED_ON:
                row.state, row.left_out_why = ItemState.LEFT_OUT, ONE_PERSON
                row.save(update_fields=["state", "left_out_why"])
            continue
        log(what="meeting.person-carried-over", by=by, person=row.person_id, about=on_it[kept].pk)


def lock(meeting_id: UUID, *, by: Viewer) -> Meeting:
    """A meeting of the viewer's teams, for whoever changes it: the second of two sees what the first did."""
    return locked(meetings.seen_meetings(by).filter(pk=meeting_id), none=meetings.NOT_THERE)


def lock_item(item_id: UUID, *, by: Viewer, state: ItemState = ItemState.WAITING) -> tuple[MeetingItem, Meeting]:
    """Somebody who waits on an agenda that may still be changed, and the meeting; the meeting is locked first."""
    found = meetings.seen_items(by).filter(pk=item_id).values_list("meeting", flat=True).first()
    if found is None:
        raise NotFound(queries.NOBODY)
    meeting = lock(found, by=by)
    row = MeetingItem.objects.select_for_update().get(pk=item_id)
    if meeting.state not in TO_COME:
        raise Refused(IS_OVER.format(state=meeting.state))
    if row.state != state:
        raise Refused(NOT_WAITING)
    return row, meeting


# ---- parts


def _item(meeting: Meeting, one: Ready, *, place: int, by: Viewer) -> MeetingItem:
    return MeetingItem(
        meeting=meeting,
        team_id=meeting.team_id,
        person_id=one.person,
        why=one.why,
        why_words=one.words,
        since=one.since,
        place=place,
        minutes=MINUTES[one.why],
        candidate_id=one.candidate,
        caseload_id=one.caseload,
        data_class=DataClass.WORK,
        sender_id=by.organisation or meeting.team.lead_organisation_id,
        changed_at=by.at,
        changed_by=by.id,
        made_at=by.at,
        made_by=by.id,
    )


def _is_at_risk(row: MeetingItem, one: Ready) -> None:
    """Whoever is on the agenda for another reason comes first once their care may break down."""
    if row.state == ItemState.WAITING and row.why != Why.AT_RISK:
        row.why, row.why_words, row.minutes = one.why, one.words or row.why_words, max(row.minutes, MINUTES[one.why])
        row.save(update_fields=["why", "why_words", "minutes"])


def _carried(into: Meeting, row: MeetingItem, *, kept: UUID, place: int, by: Viewer) -> MeetingItem:
    """Somebody again, on the next agenda: as at risk as before, else first of those who are not."""
    why = Why.AT_RISK if row.why == Why.AT_RISK else Why.CARRIED_OVER
    words = row.decision_words if row.decision else row.why_words
    ready = Ready(
        person=kept, why=why, since=row.since, words=words, candidate=row.candidate_id, caseload=row.caseload_id
    )
    made = _item(into, ready, place=place, by=by)
    made.carried_from, made.times_carried, made.minutes = row, row.times_carried + 1, row.minutes
    return made


def _on_it(meeting: Meeting) -> dict[UUID, MeetingItem]:
    """Everybody on an agenda, left out or not, as they are known now."""
    rows = MeetingItem.objects.filter(meeting=meeting).select_related("person")
    return {row.person.merged_into_id or row.person_id: row for row in rows}


def _last_place(meeting: Meeting) -> int:
    return MeetingItem.objects.filter(meeting=meeting).aggregate(last=Max("place"))["last"] or 0


def _put_in_order_again(meeting: Meeting) -> None:
    """By the rule, while nobody has set the order by hand and nobody has been talked about yet."""
    if not meeting.by_hand and meeting.state == MeetingState.PLANNED:
        _put_in_order(meeting)


def _put_in_order(meeting: Meeting) -> None:
    waits = MeetingItem.objects.filter(meeting=meeting, state=ItemState.WAITING).select_related("caseload")
    rows = {row.person_id: row for row in waits}
    for place, one in enumerate(in_order([_ready(row) for row in rows.values()]), 1):
        rows[one.person].place = place
    MeetingItem.objects.bulk_update(rows.values(), ["place"])


def _ready(row: MeetingItem) -> Ready:
    return Ready(
        person=row.person_id,
        why=Why(row.why),
        since=row.since,
        times_carried=row.times_carried,
        priority=row.caseload.priority if row.caseload else Priority.ROUTINE,
    )


def _changed(row: MeetingItem, *fields: str, by: Viewer) -> None:
    row.version, row.changed_at, row.changed_by = row.version + 1, by.at, by.id
    row.save(update_fields=[*fields, "version", "changed_at", "changed_by"])
