"""What Peggy asks to be put right, one of it answered; what was written to her; and what her daughter sees of it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from locality.access.actions import open_record
from locality.access.queries import account, viewer_as_person
from locality.base import Viewer
from locality.demo.work.who import ViewerOf
from locality.directory import queries as directory
from locality.neighbourhoods.actions import corrections, outbox
from locality.neighbourhoods.actions.corrections import NewCorrection
from locality.neighbourhoods.actions.outbox import NewMessage
from locality.neighbourhoods.queries import corrections as correction_queries
from locality.neighbourhoods.rules.corrections import CorrectionAbout, WhyNot
from locality.neighbourhoods.rules.outbox import Channel, ToKind

HER, NURSE, TEAM = "peggy", "joanne.fielding", "radcliffe"
LETTER = NewCorrection(
    about=CorrectionAbout.OTHER,
    heading="The letter about my fall in October",
    wrong="It says that I fell down the stairs. I fell in the kitchen, reaching for the biscuit tin.",
    should="Fell in the kitchen",
)
NOTE = NewCorrection(
    about=CorrectionAbout.NOTE,
    heading="The note about my tablets",
    wrong="It says I do not take my tablets. I do. I had run out, and nobody brought them.",
)
ANSWER = "We asked the chemist. You had none from Friday to Monday, and the note now has yours beside it."
SUBJECT = "Your walking frame comes on Thursday"
BODY = (
    "Hello Peggy. The frame is brought on Thursday between ten and twelve. Will you be in, or shall they ring Bernard "
    "next door? Joanne, your nurse"
)


@transaction.atomic
def make_mine(*, viewer: ViewerOf, person: UUID, now: datetime) -> bool:
    """Let Peggy ask for two things to be put right and answer one, and write to her; false where it was done before."""
    # the team knows her from the day of the demo on
    nurse, hers = viewer(NURSE, at=now), _herself(now - timedelta(days=6))
    if nurse is None or hers is None:
        return False
    grant = open_record(person_id=person, by=hers)
    if correction_queries.of_person(grant=grant):
        return False
    answered = corrections.ask(new=NOTE, grant=grant, by=hers)
    later = _herself(now - timedelta(days=1))
    assert later is not None
    corrections.ask(new=LETTER, grant=open_record(person_id=person, by=later), by=later)
    corrections.decline(correction=answered.pk, why=WhyNot.RIGHT_THEN, words=ANSWER, by=nurse)
    _write_to_her(grant.person.pk, by=nurse)
    return True


def _herself(at: datetime) -> Viewer | None:
    one = account(HER)
    return viewer_as_person(account_id=one.pk, at=at) if one else None


def _write_to_her(person: UUID, *, by: Viewer) -> None:
    team = directory.team(TEAM)
    new = NewMessage(
        person=person,
        channel=Channel.HERE,
        to_kind=ToKind.PERSON,
        to_id=person,
        to_name="Peggy Hargreaves",
        subject=SUBJECT,
        body=BODY,
        sender=team.lead_organisation_id,
        team=team.pk,
        once="demo: her walking frame",
        waits=timedelta(0),
    )
    outbox.put(new=new, by=by)
