"""Messages for tests: from the riverside team about Peggy, and a way out that remembers what went by it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from locality.access.models import Account, Proxy
from locality.base import system
from locality.base.ids import named_id, new_id
from locality.directory.models import Service
from locality.neighbourhoods.actions import outbox
from locality.neighbourhoods.actions.sending import Outgoing, Turn, send_due
from locality.neighbourhoods.models import Message
from locality.neighbourhoods.rules.outbox import Channel, NotPosted, ToKind
from tests import factories as make
from tests.neighbourhoods.work import known

LINK = "https://locality.example"


@dataclass
class Posted:
    """A way out: what went by it, in order; `refuses` is what it says instead of taking anything."""

    went: list[Outgoing] = field(default_factory=list)
    refuses: NotPosted | None = None

    def __call__(self, one: Outgoing) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.went.append(one)


def letter_to(person: Any, *, by: Any = None, **other: Any) -> Message:
    """A letter to her home, unless told otherwise."""
    return message(person, channel=Channel.LETTER, to_address="7 Weaver's Fold, Smallborough, ZZ1 2QX", by=by, **other)


def message(person: Any, *, by: Any = None, **other: Any) -> Message:
    """A message on her own pages, from the riverside team, unless told otherwise."""
    told: dict[str, Any] = {
        "person": person.pk,
        "channel": Channel.HERE,
        "to_kind": ToKind.PERSON,
        "to_id": person.pk,
        "to_name": "Peggy Hargreaves",
        "subject": "Our visit",
        "body": "We come on Monday at ten.",
        "sender": make.organisation().pk,
        "team": make.team().pk,
    }
    return outbox.put(new=outbox.NewMessage(**(told | other)), by=by or make.viewer())


def signs_in(person: Any) -> Account:
    return Account.objects.create(username=f"own-{person.pk}", person=person, password="!")  # noqa: S106


def peggy(**other: Any) -> Any:
    """Peggy, known to the team, registered with Mill Lane; she signs in for herself."""
    person = known(make.person(practice_code=make.organisation("MILL").code, **other))
    signs_in(person)
    return person


def acts_for(person: Any, **other: Any) -> Any:
    """Ann, who acts for her and signs in for herself."""
    ann = make.person("Lomas", "Ann")
    told = {
        "kind": "chosen",
        "starts_on": make.TODAY - timedelta(days=30),
        "reason": "She asked for it",
        "made_at": make.AT,
        "made_by": make.viewer().id,
    }
    Proxy.objects.create(person=person, proxy=ann, **(told | other))
    signs_in(ann)
    return ann


def service(code: str = "tea", **other: Any) -> Service:
    told = {
        "place": make.place(),
        "code": code,
        "name": "Tea circle",
        "organisation": make.organisation("circle"),
        "kind": "befriending",
        "takes_referrals": True,
        "email": "tea@circle.example",
        **make.ORIGIN,
    }
    return Service.objects.create(id=named_id("service", code), **(told | other))


def turn(post: Posted | None = None, *, minutes: float = 5, secure: tuple[str, ...] = (), **other: Any) -> Turn:
    """One turn of sending, so many minutes after the tests' own moment."""
    by = system(at=make.AT + timedelta(minutes=minutes))
    return send_due(post=post or Posted(), link=LINK, secure=secure, by=by, **other)


def form() -> UUID:
    return new_id()
