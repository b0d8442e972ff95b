"""Answering for somebody on a list, taking it back, and naming somebody by hand."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from locality.access.actions import show
from locality.access.models import Relationship
from locality.access.queries import Grant
from locality.access.queries.knowing import holds
from locality.access.rules import DataClass, RelationKind
from locality.base import Overtaken, Refused, Viewer
from locality.base.periods import day_of
from locality.directory.models import Organisation
from locality.directory.queries import name_of, team_responsible
from locality.journal.actions import log
from locality.neighbourhoods.actions import Put, put_forward, withdraw_candidate
from locality.neighbourhoods.actions.locks import locked
from locality.neighbourhoods.rules import Agreed
from locality.people.models import Person
from locality.population.models import Found, Review
from locality.population.queries import finding
from locality.population.queries.finding import OnList
from locality.population.rules.finding import (
    ANSWER_WORDS,
    LATEST_DAYS,
    WAITS,
    Answer,
    DeclineReason,
    FoundState,
    waits,
)

NO_REASON = "Say why they are declined."
NO_WORDS = "Say in words why they are declined."
NO_DAY = "Say on which day to ask again: a day after today, within a year."
NOT_ANSWERED = "Nobody has answered for them, so there is nothing to take back."
LISTED_AGAIN = "They have been put on the list again since: answer for them there."
NOT_YOURS_TO_NAME = "You may read this record and not act on it, so you cannot put them forward."
NO_TEAM = (
    "No neighbourhood team of this place is responsible for them: where they live and their practice lead to none."
)
SAY_WHY = "Say why you think of them: the practice and the team read it."
AN_ANSWER_IS_IN = "{who} answered first ({what}, {at:%H:%M}): nothing of yours was written. Theirs can be taken back."
NAMED_ALREADY = "They wait on the list already: {name} named them on {on:%-d %B %Y}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a review says: a reason where it declines, a day where it puts off, whether they agreed where it accepts."""

    answer: Answer
    reason: DeclineReason | None = None
    words: str = ""
    later_on: date | None = None
    agreed: Agreed = Agreed.NOT_ASKED


@transaction.atomic
def review(*, found_id: UUID, said: Said, by: Viewer) -> OnList:
    """Answer for somebody on a list; accepted, they are put forward to the team, which may know them from now on.

    Returns them as they stood. Raises NotFound for whoever does not see them, Refused where something is missing, and
    Overtaken where somebody else answered first: of two at once, one wins and the other is told.
    """
    # the lock comes first: the second of two must see what the first did
    row = locked(finding.seen(by).filter(pk=found_id), none=finding.NOBODY)
    one = finding.on_list(viewer=by, found_id=found_id)
    on = day_of(by.at)
    if not waits(state=row.state, later_on=row.later_on, on=on):
        raise _overtaken(one)
    _is_whole(said, on=on)
    if said.answer == Answer.ACCEPTED:
        row.candidate = put_forward(put=_put(row, one, said=said, by=by), by=by)
    row.state = FoundState(said.answer)
    row.later_on = said.later_on if said.answer == Answer.LATER else None
    row.save(update_fields=["state", "later_on", "candidate"])
    made = Review.objects.create(
        found=row,
        answer=said.answer,
        reason=said.reason or "" if said.answer == Answer.DECLINED else "",
        words=said.words.strip(),
        later_on=row.later_on,
        said_at=by.at,
        said_by=by.id,
        organisation_id=by.organisation,
    )
    log(what=f"finding.{said.answer}", by=by, person=row.person_id, about=made.pk)
    return one


@transaction.atomic
def undo(*, found_id: UUID, by: Viewer) -> OnList:
    """Take the last answer back: they wait again, and are put forward no longer."""
    row = locked(finding.seen(by).filter(pk=found_id), none=finding.NOBODY)
    one = finding.on_list(viewer=by, found_id=found_id)
    last = Review.objects.filter(found=found_id, withdrawn_at=None).order_by("-said_at").first()
    if last is None or row.state == FoundState.WAITING:
        raise Refused(NOT_ANSWERED)
    again = Found.objects.filter(person=row.person, code=row.code, team=row.team, state__in=WAITS).exclude(pk=row.pk)
    if again.exists():
        raise Refused(LISTED_AGAIN)
    candidate, row.candidate = row.candidate, None
    row.state, row.later_on = FoundState.WAITING, None
    row.save(update_fields=["state", "later_on", "candidate"])
    last.withdrawn_at, last.withdrawn_by = by.at, by.id
    last.save(update_fields=["withdrawn_at", "withdrawn_by"])
    # two lists may have put them forward as one: then the other still does
    if candidate is not None and not Found.objects.filter(candidate=candidate).exists():
        withdraw_candidate(candidate=candidate.pk, by=by)
    log(what="finding.taken-back", by=by, person=row.person_id, about=last.pk)
    return one


@transaction.atomic
def nominate(*, grant: Grant, words: str, by: Viewer) -> Found:
    """Put somebody on their practice's and team's list by hand, with a reason; for whoever may act on their record."""
    if not words.strip():
        raise Refused(SAY_WHY)
    acts = grant.opening.writes and (by.id, by.role) == (grant.viewer.id, grant.viewer.role)
    if not acts or by.organisation is None:
        raise Refused(NOT_YOURS_TO_NAME)
    practice = _practice(grant)
    # the team's name must not tell where somebody lives whose address is protected
    postcode = "" if grant.person.protected else grant.person.postcode
    team = team_responsible(postcode=postcode, practice=practice.code if practice else "", on=grant.on).team
    if team is None:
        raise Refused(NO_TEAM)
    # of two who name them at once the second is told who did
    Person.objects.select_for_update(no_key=True).get(pk=grant.person.pk)
    waiting = Found.objects.filter(person__in=grant.person_ids, code="", state__in=WAITS).first()
    if waiting is not None:
        named = name_of(waiting.nominated_by)
        raise Refused(NAMED_ALREADY.format(name=named, on=day_of(waiting.found_at)))
    row = Found.objects.create(
        person=grant.person,
        practice=practice,
        team=team,
        words=words.strip(),
        nominated_by=by.id,
        found_at=by.at,
        data_class=DataClass.SUM,
        sender_id=by.organisation,
    )
    log(what="finding.nominated", by=by, person=grant.person.pk, about=row.pk)
    return row


# ---- reading is written down too


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What waits for the viewer, how many on each list, whom they answered for today, what became of the accepted."""

    waiting: list[OnList]
    by_list: Counter[tuple[str, str]]
    answered: list[OnList]
    accepted: list[OnList]


@transaction.atomic
def list_people(*, code: str | None, by: Viewer, most: int = finding.MOST_SHOWN, on_screen: bool = True) -> Desk:
    """Who waits for the viewer; everybody named is written down as shown, or as printed with those who wait alone."""
    everybody = finding.to_review(viewer=by, most=1000)
    rows = [one for one in everybody if code is None or one.code == code][:most]
    told = finding.answered(viewer=by) if on_screen else finding.Answered(today=[], accepted=[])
    named = dict.fromkeys(one.person.pk for one in (*rows, *told.today, *told.accepted))
    show(people_ids=list(named), what="finding.shown" if on_screen else "finding.printed", by=by)
    return Desk(
        waiting=rows,
        by_list=Counter((one.code, one.criterion) for one in everybody),
        answered=told.today,
        accepted=told.accepted,
    )


@transaction.atomic
def open_person(*, found_id: UUID, by: Viewer) -> OnList:
    """One person on a list with every reason, written down as read."""
    one = finding.on_list(viewer=by, found_id=found_id)
    log(what="finding.opened", by=by, person=one.person.pk, about=found_id)
    return one


def _overtaken(one: OnList) -> Refused:
    if not one.said:
        return Refused(finding.NOBODY)
    last = one.said[0]
    answer = ANSWER_WORDS[Answer(last.answer)].lower()
    return Overtaken(AN_ANSWER_IS_IN, who=last.by_name, at=last.at, what=answer)


def _is_whole(said: Said, *, on: date) -> None:
    if said.answer == Answer.DECLINED and said.reason is None:
        raise Refused(NO_REASON)
    if said.answer == Answer.DECLINED and said.reason == DeclineReason.OTHER and not said.words.strip():
        raise Refused(NO_WORDS)
    if said.answer == Answer.LATER and not (said.later_on and on < said.later_on <= on + timedelta(days=LATEST_DAYS)):
        raise Refused(NO_DAY)


def _put(row: Found, one: OnList, *, said: Said, by: Viewer) -> Put:
    return Put(
        person=one.person.pk,
        team=row.team_id,
        about=row.code,
        why=": ".join(words for words in (one.criterion or one.words, said.words.strip()) if words),
        offer=one.offer,
        agreed=said.agreed,
        data_class=row.data_class,
        sender=by.organisation or row.sender_id,
    )


def _practice(grant: Grant) -> Organisation | None:
    rows = Relationship.objects.filter(
        holds(grant.on), person__in=grant.person_ids, kind=RelationKind.REGISTERED_PRACTICE, organisation__isnull=False
    )
    row = rows.select_related("organisation").order_by("-starts_on", "pk").first()
    return row.organisation if row else None
