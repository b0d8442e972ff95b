"""Telling teams what happened to their people, as the news is read; and offering them whom no team looks after."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db import transaction

from locality.access import wall
from locality.access.queries.knowing import KEPT
from locality.access.rules import DataClass
from locality.base import Viewer
from locality.base.periods import LONDON, day_of
from locality.directory.models import Team
from locality.directory.queries import teams_responsible
from locality.journal import queries as journal
from locality.journal.models import News
from locality.neighbourhoods.actions.candidates import Put, put_forward
from locality.neighbourhoods.actions.inbox import ToTell, tell_of
from locality.neighbourhoods.models import Alert, Allocation, Candidate, Caseload, NewsRead
from locality.neighbourhoods.queries.happenings import Happening, What, happenings
from locality.neighbourhoods.rules.candidates import Agreed, CandidateState
from locality.neighbourhoods.rules.caseload import CameFrom
from locality.neighbourhoods.rules.inbox import ALERT_WORDS, AlertKind
from locality.neighbourhoods.rules.news import SAME_WITHIN, TOLD_WITHIN, Offer, age_on, offers
from locality.people.models import Person
from locality.people.queries.earlier import who_is_earlier

READER = "events"
BATCH = 500
# what everybody of a team may know of; anything more closely kept stays in its own class
PLAIN = (DataClass.SUM, DataClass.CLIN, DataClass.SOC, DataClass.WORK)
DIED_WORDS = "Died{on}. Contact stops; say whether they come off the caseload."


@dataclass(frozen=True, slots=True)
class Read:
    """What one turn read: how much news, how much was told, how many were offered."""

    news: int = 0
    told: int = 0
    offered: int = 0


def read_news(*, until: int, horizon: str, rules: Sequence[Offer], by: Viewer) -> Read:
    """Read the news up to a number that `journal.queries.last_news` gave a moment ago; tell each thing once.

    Nothing is read while somebody who was at work then may still write a lower number. Two who read at once wait for
    each other.
    """
    if not journal.is_finished(horizon):
        return Read()
    whole = Read()
    while True:
        one, more = _batch(until, rules, by=by)
        whole = Read(whole.news + one.news, whole.told + one.told, whole.offered + one.offered)
        if not more:
            return whole


@transaction.atomic
def _batch(until: int, rules: Sequence[Offer], *, by: Viewer) -> tuple[Read, bool]:
    rows = NewsRead.objects.select_for_update().filter(reader=READER)
    place = rows.first()
    if place is None:
        # asked once in the life of a place: it reads all news there is
        before = journal.news_before(by.at - TOLD_WITHIN)
        NewsRead.objects.get_or_create(reader=READER, defaults={"upto": before, "at": by.at})
        place = rows.get()
    news = journal.news("record.received", after=place.upto, until=until, most=BATCH)
    more = len(news) == BATCH
    place.upto, place.at = news[-1].pk if more else max(until, place.upto), by.at
    place.save(update_fields=["upto", "at"])
    with wall.down():
        told, offered = _tell(news, rules, by=by)
    return Read(len(news), told, offered), more


def _tell(news: Sequence[News], rules: Sequence[Offer], *, by: Viewer) -> tuple[int, int]:
    named = {(one.about_id, one.patient_id) for one in news if one.about_id and one.patient_id}
    if not named:
        return 0, 0
    happened = happenings(told=named, since=by.at - TOLD_WITHIN, at=by.at)
    # who died in hospital did not leave it
    died = _who_died({one.person for one in happened})
    happened = [one for one in happened if one.what != What.DISCHARGED or one.person not in died]
    spoken_of = {one.person_id for one in news if one.person_id} | {one.person for one in happened}
    teams = _teams_of(spoken_of)
    lines = [line for one in happened for line in _lines(one, teams.get(one.person, {}))]
    told = tell_of(told=[*_not_said(lines), *_deaths(teams, by=by)], by=by)
    unknown = [one for one in happened if one.person not in teams and one.person not in died]
    return told, _offer(unknown, rules, by=by)


# ---- whose teams


Teams = dict[UUID, dict[UUID, UUID | None]]


def _teams_of(people: Collection[UUID]) -> Teams:
    """Of each of these people, as they are known now, the teams that look after them or decide of them, and who
    coordinates there."""
    merged = Person.objects.filter(pk__in=people, merged_into__isnull=False).values_list("merged_into", flat=True)
    kept = {*people, *merged}
    found: Teams = defaultdict(dict)
    waits = Candidate.objects.filter(state=CandidateState.WAITING).alias(kept=KEPT).filter(kept__in=kept)
    for person, team in waits.values_list(KEPT, "team"):
        found[person][team] = None
    on_it = Caseload.objects.filter(off_at=None).alias(kept=KEPT).filter(kept__in=kept)
    held = {
        row.caseload_id: row.coordinator_id
        for row in Allocation.objects.filter(caseload__in=on_it.values("pk"), ends_at=None)
    }
    for person, team, pk in on_it.values_list(KEPT, "team", "pk"):
        found[person][team] = held.get(pk)
    return dict(found)


def _who_died(people: Collection[UUID]) -> set[UUID]:
    return set(Person.objects.filter(pk__in=people, died=True).values_list("pk", flat=True))


def _lines(one: Happening, teams: Mapping[UUID, UUID | None]) -> list[ToTell]:
    """What a team is told: that it happened, when, and who said so. Why is in the record, for whom it opens."""
    kind, moment = AlertKind(one.what), one.at.astimezone(LONDON)
    words = f"{ALERT_WORDS[kind]}, {moment.day} {moment:%b %Y, %H:%M} ({one.sender_name})"
    return [
        ToTell(
            person=one.person,
            team=team,
            owner=owner,
            kind=kind,
            words=words,
            once=f"{one.what}:{one.thing}",
            happened_at=one.at,
            sender=one.sender,
            about_id=one.thing,
            data_class=DataClass.WORK if one.data_class in PLAIN else one.data_class,
        )
        for team, owner in teams.items()
    ]


def _not_said(lines: Sequence[ToTell]) -> list[ToTell]:
    """Those that no other sender told of already, within an hour of it."""
    if not lines:
        return []
    rows = Alert.objects.filter(person__in={one.person for one in lines}, team__in={one.team for one in lines})
    said = [(row.person_id, row.team_id, row.kind, row.happened_at, row.once) for row in rows]
    left = []
    for one in lines:
        if not any(_is_same(one, row) for row in said):
            left.append(one)
            said.append((one.person, one.team, one.kind, one.happened_at, one.once))
    return left


def _is_same(one: ToTell, row: tuple[UUID | None, UUID | None, str, datetime, str]) -> bool:
    person, team, kind, at, once = row
    near = abs(one.happened_at - at) <= SAME_WITHIN
    return (one.person, one.team, one.kind) == (person, team, kind) and (near or once == one.once)


def _deaths(teams: Teams, *, by: Viewer) -> list[ToTell]:
    """That somebody died whom a team looks after, once a person."""
    found = []
    senders = dict(
        Team.objects.filter(pk__in={team for of in teams.values() for team in of}).values_list(
            "pk", "lead_organisation"
        )
    )
    for person in Person.objects.filter(pk__in=teams, died=True):
        on = f" on {person.died_on.day} {person.died_on:%b %Y}" if person.died_on else ""
        found += [
            ToTell(
                person=person.pk,
                team=team,
                owner=owner,
                kind=AlertKind.DIED,
                words=DIED_WORDS.format(on=on),
                once=f"died:{person.pk}",
                happened_at=_when_died(person, by=by),
                sender=senders[team],
            )
            for team, owner in teams[person.pk].items()
        ]
    return found


def _when_died(person: Person, *, by: Viewer) -> datetime:
    # a death is a day; noon is on that day by every clock
    return datetime.combine(person.died_on, time(12), LONDON) if person.died_on else by.at


# ---- whom no team looks after


def _offer(happened: Sequence[Happening], rules: Sequence[Offer], *, by: Viewer) -> int:
    """Put whom the place's rules say forward to the team responsible for them; returns how many.

    Nothing that is kept more closely than usual puts anybody forward, nor is an earlier identity or a child offered.
    """
    plain = [one for one in happened if one.data_class in PLAIN]
    people = Person.objects.in_bulk({one.person for one in plain})
    meant = [(one, people[one.person]) for one in plain if _is_meant(one, people[one.person], rules, by=by)]
    apart = who_is_earlier([person.pk for _, person in meant])
    first = {person.pk: (one, person) for one, person in reversed(meant) if person.pk not in apart}
    # a team's name must not tell where somebody lives whose address is protected
    asked = [("" if person.protected else person.postcode, person.practice_code) for _, person in first.values()]
    found = teams_responsible(asked, on=day_of(by.at)) if asked else []
    told = [(one, of.team) for (one, _), of in zip(first.values(), found, strict=True) if of.team]
    return sum(_put(one, team, by=by) for one, team in told)


def _is_meant(one: Happening, person: Person, rules: Sequence[Offer], *, by: Viewer) -> bool:
    on = day_of(by.at)
    age, days = age_on(birth_on=person.birth_on, on=on), (on - day_of(one.at)).days
    return any(offers(offer=rule, what=one.what, age=age, days_ago=days) for rule in rules)


def _put(one: Happening, team: Team, *, by: Viewer) -> bool:
    once = f"{one.what}:{one.thing}"
    if Candidate.objects.filter(team=team, once=once).exists():
        return False
    moment = one.at.astimezone(LONDON)
    why = f"{ALERT_WORDS[AlertKind(one.what)]} on {moment.day} {moment:%b %Y}; no team looks after them yet."
    put = Put(
        person=one.person,
        team=team.pk,
        why=why,
        agreed=Agreed.NOT_ASKED,
        data_class=DataClass.SUM,
        sender=one.sender,
        came_from=CameFrom.NEWS,
        once=once,
    )
    put_forward(put=put, by=by)
    return True
