"""What people asked to be put right, and what was written to them."""

from locality.neighbourhoods.models import Correction, Message
from tests import factories as make
from tests.proof.listed import OF_THE_TEAM
from tests.proof.world import World


def lay_out(world: World) -> None:
    """A request and a message of each."""
    world.ids["correction_id"] = _asked(world, "own", readers=(*OF_THE_TEAM, *_oneself(world, "own"))).pk
    for key in ("unknown", "before"):
        _asked(world, key, readers=_oneself(world, key))
    readers = (*OF_THE_TEAM, *_oneself(world, "own"))
    world.ids["message to own"] = _written(world, "own", readers=readers).pk
    _written(world, "unknown", readers=())


def _oneself(world: World, key: str) -> tuple[str, ...]:
    """Whoever signs in as this person; of work, whoever acts for them sees the line alone."""
    return tuple(
        one.key
        for one in world.lookers.values()
        if one.person is not None and (one.acts_for or "own") == key and not one.acts_for
    )


def _asked(world: World, key: str, *, readers: tuple[str, ...]) -> Correction:
    words = [world.markers.word(key, what, "DESK", readers=readers) for what in ("what is wrong", "which one")]
    return Correction.objects.create(
        person_id=world.people[key].person,
        team=make.team("riverside"),
        to_organisation=make.organisation("RSB"),
        sender=make.organisation("RSB"),
        data_class="WORK",
        about="other",
        wrong=words[0],
        heading=words[1],
        asked_at=make.ago(hours=2),
        asked_by=world.people[key].person,
        asked_by_kind="person",
    )


def _written(world: World, key: str, *, readers: tuple[str, ...]) -> Message:
    return Message.objects.create(
        person_id=world.people[key].person,
        team=make.team("riverside"),
        sender=make.organisation("RSB"),
        data_class="WORK",
        channel="here",
        to_kind="person",
        to_id=world.people[key].person,
        to_name="Themselves",
        subject="A message",
        body=world.markers.word(key, "words of a message", "DESK", readers=readers),
        state="sent",
        not_before=make.ago(hours=2),
        made_at=make.ago(hours=2),
        sent_at=make.ago(hours=2),
        made_by=world.lookers["clinician"].practitioner.pk,
    )
