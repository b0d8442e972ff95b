"""What the demo's teams ask of each other: to answer, overdue, more asked, booked, declined, with an outcome."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from locality.access.actions import open_record
from locality.base import system
from locality.base.ids import named_id
from locality.base.periods import day_of
from locality.demo.cast_files import the_cast
from locality.demo.work.who import PersonOf, ViewerOf
from locality.directory import queries as directory
from locality.neighbourhoods.actions import referral_answers, referral_dismissed, referral_in, referrals
from locality.neighbourhoods.actions.referral_answers import Said
from locality.neighbourhoods.actions.referrals import NewReferral
from locality.neighbourhoods.queries import referral_facts, referrals_received
from locality.neighbourhoods.queries import referrals as queries
from locality.neighbourhoods.queries.referral_receivers import Receiver, ReceiverKind, receivers
from locality.neighbourhoods.rules.bars import Told, referral_message
from locality.neighbourhoods.rules.referrals import Declined, Outcome, ReferralMove, ReferralState, Urgency
from locality.neighbourhoods.rules.referrals_in import Dismissal

ADMINISTRATOR = "sam.whitaker"
TWICE = "The ward sent it again an hour later, in fewer words"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said to it, by whom, so many hours ago."""

    by: str
    move: ReferralMove
    hours: float
    said: Said = Said()


@dataclass(frozen=True, slots=True)
class Asks:
    """One referral: by whom of which team, to a team, or to the service of this name that a search finds (`finds`)."""

    by: str
    team: str
    person: str
    to: str
    asked: str
    need: str
    hours: float
    wanted: str = ""
    words: str = ""
    urgency: Urgency = Urgency.ROUTINE
    finds: bool = False
    answers: tuple[Answer, ...] = ()


OVER = (
    Asks(
        *("joanne.fielding", "radcliffe", "stan", "rapid-response"),
        *("A commode for the night", "getting about", 100),
        answers=(
            Answer(
                "kieran.doyle",
                ReferralMove.DECLINE,
                90,
                Said(declined=Declined.WRONG_SERVICE, words="The equipment store delivers within two days"),
            ),
        ),
    ),
    Asks(
        *("joanne.fielding", "radcliffe", "joyce", "rapid-response"),
        *("Two nights of calls after the emergency department", "chest pain", 200),
        wanted="Not to go back to hospital",
        urgency=Urgency.URGENT,
        answers=(
            Answer("kieran.doyle", ReferralMove.ACCEPT, 199),
            Answer("kieran.doyle", ReferralMove.SEE, 190),
            Answer(
                *("kieran.doyle", ReferralMove.FINISH, 150),
                Said(outcome=Outcome.MET, words="Slept both nights; pain gone"),
            ),
        ),
    ),
)


def asks(now: datetime) -> tuple[Asks, ...]:
    """Everything that is asked, as of now."""
    return (*_open(now), *OVER)


def _open(now: datetime) -> tuple[Asks, ...]:
    soon = (now + timedelta(days=4)).replace(hour=14, minute=0, second=0, microsecond=0)
    return (
        Asks(
            *("joanne.fielding", "radcliffe", "edith", "rapid-response"),
            *("See her today: more breathless than yesterday, and muddled", "breathlessness", 1.5),
            wanted="To stay at home",
            urgency=Urgency.URGENT,
        ),
        Asks(
            *("joanne.fielding", "radcliffe", "peggy", "Befriending and social activities"),
            *("Somebody to have tea with in the week", "loneliness", 70),
            wanted="Company on the days when Ann works",
            words="She hears better on her left.",
            finds=True,
            answers=(
                Answer("lorraine.pike", ReferralMove.ACCEPT, 50, Said()),
                Answer("lorraine.pike", ReferralMove.BOOK, 30, Said(at=soon, where="At her home")),
            ),
        ),
        Asks(
            *("tom.brierley", "radcliffe", "kenneth", "Adult social care"),
            *("See what help he needs to wash and dress with one hand", "washing and dressing", 3),
            wanted="To dress himself for church",
            urgency=Urgency.SOON,
            finds=True,
        ),
        Asks(
            *("tom.brierley", "radcliffe", "kenneth", "stroke-neuro"),
            *("Look at his hand: it is stiffer", "stroke", 30),
            urgency=Urgency.SOON,
            answers=(
                Answer("funmi.bello", ReferralMove.ASK_MORE, 20, Said(words="Has he had botulinum toxin before?")),
            ),
        ),
    )


@transaction.atomic
def make_referrals(*, now: datetime, viewer: ViewerOf, person: PersonOf) -> bool:
    """Ask for all of it, and answer; false where it was asked before. `viewer(username, at=)`."""
    if any(viewer(username, at=now) is None for username in _all(now)):
        return False
    if any(_was_asked(one, viewer=viewer, person=person, now=now) for one in asks(now)[:1]):
        return False
    for one in asks(now):
        _ask(one, viewer=viewer, person=person, now=now)
    _from_elsewhere(viewer=viewer, now=now)
    return True


def _from_elsewhere(*, viewer: ViewerOf, now: datetime) -> None:
    """Three that the hospital's own system sent: one goes in, two are refused, and of these one is dismissed."""
    source = directory.source("acute")
    known = the_cast()["people"]["edith"]
    unknown = known | {"nhs_number": "9990000018", "family": "Nuttall", "given": "Doris", "birth_on": date(1939, 2, 3)}
    _receive("See how she manages at home after the weekend", known, source=source, at=now - timedelta(hours=20))
    _receive("Meals at home for two weeks", unknown, source=source, at=now - timedelta(hours=19))
    _receive("Meals at home", unknown, source=source, at=now - timedelta(hours=18))
    keeper = viewer(ADMINISTRATOR, at=now - timedelta(hours=2))
    if keeper is None:
        return
    reasons = referrals_received.received(viewer=keeper, code=source.code).reasons
    newest = max((one for why in reasons for one in why.rows), key=lambda one: one.at)
    referral_dismissed.dismiss(received=newest.id, why=Dismissal.DUPLICATE, words=TWICE, by=keeper)


def _receive(asked: str, person: dict[str, Any], *, source: Any, at: datetime) -> None:
    told = Told(
        **{field: person[field] for field in ("family", "given", "sex", "nhs_number")},
        born_on=person["birth_on"],
        id=named_id("demo", asked),
        identifier=f"W9-{named_id('demo', asked).hex[:8]}",
        at=at,
        from_code=source.organisation.code,
        from_name=source.organisation.name,
        to_code="305",
        to_name="Adult social care",
        service="Adult social care",
        by_name="Ward 9",
        asked=asked,
        need="coming home",
        notes=(),
        urgency=Urgency.ROUTINE,
        state=ReferralState.SENT,
        sent_at=at,
    )
    content = json.dumps(referral_message(told), default=str).encode()
    referral_in.receive_referral(source=source, content=content, by=system(at=at, role="demo"))


def _all(now: datetime) -> set[str]:
    return {one.by for one in asks(now)} | {answer.by for one in asks(now) for answer in one.answers}


def _was_asked(one: Asks, *, viewer: ViewerOf, person: PersonOf, now: datetime) -> bool:
    by = viewer(one.by, at=now)
    assert by is not None
    grant = open_record(person_id=person(one.person), by=by)
    return any(row.asked == one.asked for row in queries.of_person(grant=grant))


def _ask(one: Asks, *, viewer: ViewerOf, person: PersonOf, now: datetime) -> None:
    by, today = viewer(one.by, at=now - timedelta(hours=one.hours)), viewer(one.by, at=now)
    assert by is not None
    assert today is not None
    assert by.organisation is not None
    # the demo's teams know them since today, when their files came
    grant = open_record(person_id=person(one.person), by=today)
    known = referral_facts.known_of(grant=grant, at=now)
    to = _found(one.to, now=now) if one.finds else None
    sent = set(referral_facts.usual(known, is_charity=to is not None and to.is_charity))
    new = NewReferral(
        asked=one.asked,
        sender=by.organisation,
        team=directory.team(one.team).pk,
        to_team=None if to else directory.team(one.to).pk,
        to_service=to.id if to else None,
        need=one.need,
        words=one.words,
        wanted=one.wanted,
        facts=[fact.as_sent() for fact in known if fact.key in sent],
        urgency=one.urgency,
    )
    row = referrals.refer(new=new, grant=grant, by=by)
    for answer in one.answers:
        answers = viewer(answer.by, at=now - timedelta(hours=answer.hours))
        assert answers is not None
        referral_answers.move(referral=row.pk, move=answer.move, said=answer.said, by=answers)


def _found(name: str, *, now: datetime) -> Receiver:
    """The service of this name, as whoever refers finds it."""
    [found] = [one for one in receivers(words=name, on=day_of(now)) if one.kind == ReceiverKind.SERVICE]
    return found
