"""Asking another team, service or organisation to do something for somebody. What is answered: `referral_answers`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from locality.access.models import Relationship
from locality.access.queries import Grant
from locality.access.rules import DataClass
from locality.base import Refused, Viewer
from locality.directory.models import Service, Team
from locality.journal.actions import log
from locality.neighbourhoods.actions import relationships
from locality.neighbourhoods.models import Referral, ReferralHistory
from locality.neighbourhoods.queries.referral_clocks import clocks
from locality.neighbourhoods.queries.referrals import Listed, duplicates
from locality.neighbourhoods.rules.candidates import Agreed
from locality.neighbourhoods.rules.referrals import Urgency
from locality.people.models import Person

SAY_WHAT = "Say what you ask for."
NOT_YOURS = "You may read this record and not act on it, so you cannot refer them."
TO_NOBODY = "Choose a team, a service or an organisation to refer to."
TO_YOURSELF = "That is your own team: ask it for something to be done instead."
OBJECTS = (
    "They object to sharing between organisations, so whoever you asked would not see it. Talk with them: once they no "
    "longer object, send it; else ring."
)
DIED = "They have died: nobody can be asked to do anything for them."


class AskedBefore(Refused):
    """The same was asked for lately: `before` says by whom and what became of it."""

    def __init__(self, before: Sequence[Listed]) -> None:
        super().__init__(
            "The same was asked for them lately: it is shown below. Send it all the same only if you can say why."
        )
        self.before = tuple(before)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReferral:
    """What is asked of whom: of exactly one team, service or organisation. `facts` is what the record says of it.

    An answer is due by `answer_by`, by the place's own clock where none is said. `all_the_same` is why it is sent
    although the same was asked for lately. `lets_know` is false where a receiver answers by a link and opens no record.
    """

    asked: str
    sender: UUID
    answer_by: datetime | None = None
    team: UUID | None = None
    to_team: UUID | None = None
    to_service: UUID | None = None
    to_organisation: UUID | None = None
    need: str = ""
    words: str = ""
    wanted: str = ""
    facts: list[dict[str, Any]] = field(default_factory=list)
    contact: str = ""
    urgency: Urgency = Urgency.ROUTINE
    agreed: Agreed = Agreed.AGREED
    about: str = ""
    about_id: UUID | None = None
    identifier: str = ""
    all_the_same: str = ""
    lets_know: bool = True
    data_class: DataClass = DataClass.WORK


@transaction.atomic
def refer(*, new: NewReferral, grant: Grant, by: Viewer) -> Referral:
    """Refer somebody whose record is open; the receiver may know them until it is over. Raises Refused, AskedBefore.

    Who looks after them stays who it was: a receiver who takes them on says so themselves.
    """
    _check(new, grant=grant, by=by)
    # of two who refer at once, the second reads what the first asked for
    Person.objects.select_for_update(no_key=True).get(pk=grant.person.pk)
    before = duplicates(
        grant=grant,
        need=new.need,
        to_team=new.to_team,
        to_service=new.to_service,
        to_organisation=new.to_organisation,
    )
    if before and not new.all_the_same.strip():
        raise AskedBefore(before)
    return write(new=new, person=grant.person.pk, by=by)


def write(*, new: NewReferral, person: UUID, by: Viewer) -> Referral:
    """Write a referral down. Whoever calls has made sure that it may be sent, and is in a transaction."""
    organisation = organisation_of(new)
    answer_by = new.answer_by or clocks().due(by.at, urgency=new.urgency)
    row = Referral.objects.create(
        person_id=person,
        team_id=new.team,
        sender_id=new.sender,
        to_organisation_id=organisation,
        to_team_id=new.to_team,
        to_service_id=new.to_service,
        relationship=_let_know(new, person=person, organisation=organisation, by=by),
        need=new.need.strip(),
        asked=new.asked.strip(),
        words=new.words.strip(),
        wanted=new.wanted.strip(),
        facts=new.facts,
        contact=new.contact.strip(),
        urgency=new.urgency,
        agreed=new.agreed,
        about=new.about,
        about_id=new.about_id,
        identifier=new.identifier,
        all_the_same=new.all_the_same.strip(),
        data_class=new.data_class,
        sent_at=by.at,
        answer_by=answer_by,
        made_by=by.id,
    )
    ReferralHistory.objects.create(
        referral=row, what="sent", became=row.state, why=row.all_the_same, at=by.at, by=by.id
    )
    log(what="referral.sent", by=by, person=row.person_id, about=row.pk)
    return row


def _let_know(new: NewReferral, *, person: UUID, organisation: UUID, by: Viewer) -> Relationship | None:
    """The receiver's reason to know them, until the referral is over."""
    if not new.lets_know:
        return None
    return let_know(person, to_team=new.to_team, organisation=organisation, by=by)


def let_know(person: UUID, *, to_team: UUID | None, organisation: UUID, by: Viewer) -> Relationship | None:
    """Let a receiver know somebody: the team that is named, else the whole organisation."""
    if to_team is not None:
        return relationships.let_know(person=person, team=to_team, by=by)
    return relationships.let_know(person=person, organisation=organisation, by=by)


def organisation_of(new: NewReferral) -> UUID:
    """Whose the team or service is, else the organisation itself; Refused unless there is exactly one receiver."""
    if sum(one is not None for one in (new.to_team, new.to_service, new.to_organisation)) != 1:
        raise Refused(TO_NOBODY)
    if new.to_team is not None:
        return Team.objects.values_list("lead_organisation", flat=True).get(pk=new.to_team)
    if new.to_service is not None:
        return Service.objects.values_list("organisation", flat=True).get(pk=new.to_service)
    assert new.to_organisation is not None
    return new.to_organisation


def _check(new: NewReferral, *, grant: Grant, by: Viewer) -> None:
    if not grant.opening.writes:
        raise Refused(NOT_YOURS)
    if not new.asked.strip():
        raise Refused(SAY_WHAT)
    if grant.person.died:
        raise Refused(DIED)
    if new.to_team is not None and new.to_team == new.team:
        raise Refused(TO_YOURSELF)
    kept_back = grant.opening.context
    if (kept_back.dissent or new.sender in kept_back.dissent_of) and organisation_of(new) != new.sender:
        raise Refused(OBJECTS)
