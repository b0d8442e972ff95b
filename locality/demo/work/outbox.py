"""What the demo's Radcliffe team wrote: sent, answered, a letter to post, one that may not go, one not taken."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from locality.access.queries import account, proxies_of, viewer_as_person
from locality.base import Viewer, system
from locality.base.periods import day_of
from locality.demo.work.who import PersonOf, ViewerOf, earlier_today
from locality.directory import queries as directory
from locality.neighbourhoods.actions import outbox, sending
from locality.neighbourhoods.actions.outbox import NewMessage
from locality.neighbourhoods.queries import outbox as queries
from locality.neighbourhoods.rules.outbox import Channel, NotPosted, ToKind
from locality.people.queries import same_person

TEAM, NURSE, COORDINATOR = "radcliffe", "joanne.fielding", "sadia.rahman"
VISIT = """Dear Peggy,

We would like to visit you at home on Thursday at ten. Tom, the physiotherapist, will come with me. We will try the
stairs together, as you asked.

If you cannot be in, ring us.

Joanne"""
TO_ANN = """Dear Ann,

Thank you for ringing. Your mother would like you to be there when we talk about the stairs, on Thursday at ten.

Would that be possible for you?

Joanne"""
UPDATE = """About Margaret Hargreaves, born 14 March 1942.

What we found and did: home from hospital; blood pressure lying and standing taken, no drop. She walks with a frame.

What we ask of the practice: please review her evening tablets; she is sleepy until noon.

Who to ring: Joanne Fielding, Radcliffe neighbourhood team."""
DRESSING = """Dear Stan,

Your leg is healing well. We will come every Tuesday and Friday until it has closed.

Keep it dry, and ask somebody to ring us if it hurts more.

Sadia"""
SORRY = """Dear Stan,

We came on Tuesday and you were out. Please ask somebody to ring us with a better time.

Sadia"""


@transaction.atomic
def make_messages(*, viewer: ViewerOf, person: PersonOf, now: datetime) -> bool:
    """Write what was written, and let it go as it went; false where it was made before. `viewer(username, at=)`."""
    # sent now, since sources say today who knows whom
    nurse, coordinator = (viewer(one, at=earlier_today(now, hours=ago)) for one, ago in ((NURSE, 5), (COORDINATOR, 2)))
    if nurse is None or coordinator is None or queries.listed(viewer=nurse)[0]:
        return False
    peggy = same_person(person("peggy"))[0]
    to_peggy = _put(peggy.pk, "Our visit on Thursday", VISIT, by=nurse, to_name="Peggy Hargreaves")
    for one in proxies_of(person_ids=[peggy.pk], on=day_of(now))[:1]:
        told = {"to_kind": ToKind.PROXY, "to_id": one.proxy_id, "to_name": f"{one.proxy.given} {one.proxy.family}"}
        _put(peggy.pk, "Could you be there on Thursday?", TO_ANN, by=nurse, **told)
    sending.send_due(post=lambda one: None, by=system(at=now))
    _answer(to_peggy, peggy.pk, at=now)
    _not_taken(peggy, by=nurse, at=now)
    stan = same_person(person("stan"))[0]
    named = f"{stan.given} {stan.family}"
    # he has no way to sign in: it is stopped, and goes as a letter instead
    _put(stan.pk, "We came and you were out", SORRY, by=coordinator, to_name=named)
    sending.send_due(post=lambda one: None, by=system(at=now))
    _put(stan.pk, "Your leg, and when we come", DRESSING, by=coordinator, to_name=named, channel=Channel.LETTER)
    return True


def _put(person: UUID, subject: str, body: str, *, by: Viewer, **other: Any) -> UUID:
    team = directory.team(TEAM)
    told: dict[str, Any] = {
        "channel": Channel.HERE,
        "to_kind": ToKind.PERSON,
        "to_id": person,
        "team": team.pk,
        "sender": by.organisation or team.lead_organisation_id,
    }
    # written here in lines that fit, sent in paragraphs
    whole = "\n\n".join(" ".join(part.split()) for part in body.split("\n\n"))
    return outbox.put(new=NewMessage(person=person, subject=subject, body=whole, **(told | other)), by=by).pk


def _answer(message: UUID, person: UUID, *, at: datetime) -> None:
    """She answers on her own pages, where the demo lets her sign in."""
    own = account("peggy")
    if own is None or own.person_id != person:
        return
    herself = viewer_as_person(account_id=own.pk, at=at)
    if queries.to_person(viewer=herself):
        words = "Thursday at ten is fine. Ann will be here. Please ring the bell twice."
        outbox.answer_from_person(message=message, words=words, by=herself)


def _not_taken(peggy: Any, *, by: Viewer, at: datetime) -> None:
    """The practice's system did not take one: somebody lets it go again, or rings."""

    def refuse(one: sending.Outgoing) -> None:
        raise NotPosted("The practice's system did not answer.", again=False)

    practice = directory.practice(peggy.practice_code)
    if practice is not None:
        told = {"channel": Channel.PRACTICE, "to_kind": ToKind.PRACTICE, "to_id": practice.pk}
        told |= {"to_organisation": practice.pk, "to_name": practice.name}
        _put(peggy.pk, "Update from the Radcliffe team: Margaret Hargreaves", UPDATE, by=by, **told)
        sending.send_due(post=refuse, by=system(at=at))
