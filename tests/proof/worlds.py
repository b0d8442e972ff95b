"""Two worlds that differ only in what one viewer may not see: in the second, all that is hidden has changed."""

import json
import random
from collections.abc import Callable
from datetime import timedelta
from itertools import count, product
from pathlib import Path
from typing import Any

from django.db.models import Q
from django.urls import reverse

from locality.access import models as marks
from locality.access import wall
from locality.base.ids import new_id
from locality.people.models import Link, Patient, Person
from locality.record.models import Resource
from tests import factories as make
from tests.proof import expected, routes
from tests.proof.markers import Markers
from tests.proof.routes import Ask
from tests.proof.sending import Sending, arrive, number
from tests.proof.world import Looker, World

# what is beside a title and a content and may be found or sorted by
OTHER = {"title": "Quite another", "value": "Quite another", "author": "Quite another", "code": "0000"}
CLASSES = ("SUM", "CLIN", "SOC", "SENS", "SAFE", "WORK", "LOC")


def change_all_that_is_hidden(world: World, looker: Looker) -> int:
    """Rows change, go and come, as far as this viewer may not see any of it; returns how many."""
    changed = _hidden_rows(world, looker)
    with wall.down():
        rows = list(Resource.objects.filter(changed))
        for place, row in enumerate(rows):
            if place % 3 == 0 and row.type != "AllergyIntolerance":
                row.delete()
                continue
            for name, words in OTHER.items():
                setattr(row, name, words)
            row.content = json.dumps({"resourceType": row.type, "id": row.local_id}).encode()
            row.happened_at = make.ago(days=place)
            row.save()
        _come(world, looker, rows)
    _places(world, looker)
    _nobody_to_be_told_of(world, looker)
    return len(rows)


def _hidden_rows(world: World, looker: Looker) -> Q:
    """By person, class and mark, in the words of the typed tables; of the record alone, since faces may be found."""
    hidden = Q(pk__in=[])
    marked = ~Q(label="N") | ~Q(seal="") | Q(state="wrong")
    if looker.role == "identity_custodian":
        # how much is held, and that a warning is at stake, is told; never what is restricted, sealed or sensitive
        people = [one.person for one in world.people.values()]
        links = Link.objects.filter(person__in=people, ended_at=None).values("patient")
        counted = Q(patient__in=links) & (marked | Q(data_class__in=["SENS", "SAFE"]))
        return counted & ~Q(type__in=["Flag", "AllergyIntolerance", "Patient"])
    for key, one in world.people.items():
        links = Link.objects.filter(person=one.person, ended_at=None).values("patient")
        theirs = Q(patient__in=links) & ~Q(type="Patient")
        if not expected.may_open(looker, world, key):
            hidden |= theirs
            continue
        closed = [name for name in CLASSES if expected.ceiling(looker, world, key, name) not in "RP"]
        hidden |= theirs & (Q(data_class__in=closed) | marked)
        sealed = marks.PersonSeal.objects.filter(person=one.person).values("thing")
        hidden |= theirs & Q(thing__in=sealed)
        if one.objects:
            hidden |= theirs & ~Q(sender=make.organisation("RSB").pk)
    # that an allergy is kept back is told, for safety
    return hidden & ~Q(type="AllergyIntolerance", label="N", seal="")


def _come(world: World, looker: Looker, rows: list[Resource]) -> None:
    """Lines that were not there before, as hidden as those that were."""
    for row in rows[:8]:
        if row.type in ("AllergyIntolerance", "Flag") or looker.role == "identity_custodian" and row.label == "N":
            continue
        row.pk, row.thing, row.local_id = new_id(), new_id(), f"new-{new_id()}"
        row.label, row.version, row.is_current = "V", 1, True
        row.save(force_insert=True)


def _places(world: World, looker: Looker) -> None:
    """Where somebody lives whose address is protected, or who is not opened at all."""
    shown = looker.key == "safeguarding_lead"
    for key in ("protected", "before"):
        if key == "protected" and shown:
            continue
        one = world.people[key].person
        told: dict[str, Any] = {"postcode": "ZZ9 9ZZ", "phone": "0161 496 0999"}
        Person.objects.filter(pk=one).update(address="1 Elsewhere Road", practice_words="Other practice", **told)
        links = Link.objects.filter(person=one, ended_at=None).values("patient")
        if looker.role != "identity_custodian":
            Patient.objects.filter(pk__in=links).update(address_lines=["1 Elsewhere Road"], **told)


def _nobody_to_be_told_of(world: World, looker: Looker) -> None:
    """An earlier identity by another name and number; reasons to know people that are other teams' own."""
    before = world.people["before"].person
    if looker.role != "identity_custodian":
        Person.objects.filter(pk=before).update(family="Otherwise", given="Olive", nhs_number=number(900))
    # on no list and in no count: whether a team knows them under it tells nobody anything
    marks.Relationship.objects.filter(person=before).delete()
    unknown = Person.objects.get(pk=world.people["unknown"].person)
    make.relationship(unknown, team=make.team("third-team"))
    marks.Objection.objects.create(
        person=unknown, kind="secondary_use", starts_on=make.TODAY, made_at=make.AT, made_by=new_id(), reason="-"
    )
    if looker.team == "riverside":
        elsewhere = Person.objects.get(pk=world.people["elsewhere"].person)
        make.relationship(elsewhere, team=make.team("third-team"))


# ---- what arrives and may not be seen

KINDS = {"SUM": "Condition", "CLIN": "Observation", "SAFE": "Flag", "WORK": "Appointment", "SENS": "Condition"}


def send(world: World, looker: Looker, folder: Path, *, hidden: bool) -> int:
    """Every source sends something of somebody unknown; and, where asked, lines that this viewer may not see."""
    sent: dict[str, list[dict[str, Any]]] = {}
    markers = Markers(numbers=count(5000))
    for source in ("acute", "community", "gp", "social-care"):
        Sending(markers, "unknown", source, sent).row(f"arrived-{source}", "Condition", "SUM")
    if hidden:
        _send_hidden(world, looker, lambda key, source: Sending(markers, key, source, sent))
    many = sum(map(len, sent.values()))
    for source, resources in sent.items():
        arrive(folder, source, resources, later=timedelta(days=2, hours=20))
    return many


def _send_hidden(world: World, looker: Looker, sending: Callable[[str, str], Sending]) -> None:
    """Labelled, sealed, wrong, of closed classes; new words of what the person locked; what an objector keeps."""
    for key, source in product(("own", "referred"), ("gp", "acute")):
        of = sending(key, source)
        for mark in ("V", "sealed", "locked"):
            of.row(f"arrived-{mark}-{source}", "Condition", "SUM", mark=mark)
        of.row(f"personally-locked-{source}", "Condition", "SUM")
        of.row(f"personally-sealed-{source}", "Condition", "SUM")
        wrong = of.row(f"arrived-wrong-{source}", "Condition", "SUM")
        wrong["verificationStatus"] = {"coding": [{"code": "entered-in-error"}]}
    for name in _closed(world, looker):
        row = sending("own", "gp").row(f"arrived-{name}", KINDS[name], name, mark="SENS" if name == "SENS" else "")
        if name == "SAFE":
            row["code"]["text"] = f"Safeguarding {row['code']['text']}"
    # how much is held is told to whoever decides who is who, whatever anybody objects to sharing
    if looker.role != "identity_custodian":
        for key in ("objector", "before"):
            sending(key, "gp").row("arrived", "Condition", "SUM")


def _closed(world: World, looker: Looker) -> list[str]:
    if looker.role == "identity_custodian":
        return ["SAFE", "SENS"]
    return [name for name in KINDS if expected.ceiling(looker, world, "own", name) not in "RP"]


# ---- what is asked for in both

WORDS = ("Quite", "another", "Given", "zq", "a", "Elsewhere", "Otherwise", "Olive", "'", "%", "Givenown zq", "1941")


def generated(world: World, looker: Looker, *, seed: int, count: int) -> list[Ask]:
    """Searches, filters, sorts, pages, chapters and places in a timeline, as somebody who pries would ask."""
    chance = random.Random(seed)  # noqa: S311 -- repeatable, and no secret
    known = _known(world, looker)
    ways = list(known)
    return [chance.choice(known[chance.choice(ways)])(chance) for _ in range(count)]


Way = Callable[[random.Random], Ask]


def _known(world: World, looker: Looker) -> dict[str, list[Way]]:
    found: dict[str, list[Way]] = {"find": [_searching(world)], "asked": [_listing(name) for name in LISTS]}
    pages = routes.reached(world, keys=list(world.people), lines_of=["own"])
    found["pages"] = [_whatever(one) for one in pages if one.route not in routes.NEW_EACH_TIME]
    found["timeline"] = [_timeline(world)]
    of = ["own", "objector"]
    reached = routes.reached(world, keys=of, lines_of=of)
    found["lines"] = [_whatever(one) for one in reached if "thing" in one.kwargs]
    return found


def _whatever(one: Ask) -> Way:
    return lambda chance: one


def _searching(world: World) -> Way:
    words = [one.text for one in world.markers.every if one.data_class in ("LOC", "NAME", "ID")]
    words += [one.text for one in world.markers.every[::9]] + [number(900), "ZZ9 9ZZ", "0161 496 0999", *WORDS]

    def way(chance: random.Random) -> Ask:
        typed = chance.choice(words)
        typed = typed[: chance.randint(2, len(typed))] if chance.random() < 0.3 and len(typed) > 2 else typed
        born = chance.choice(["", "", "1941", "14/3/1942", "5.5.1950"])
        return Ask("find", reverse("find"), {}, "POST", {"words": typed, "born": born})

    return way


LISTS: dict[str, dict[str, list[str]]] = {
    "home": {"page": ["1", "2"], "sort": ["name", "address"]},
    "identity": {
        "page": ["1", "2", "0", "99999", "-1"],
        "neighbourhood": ["hilltop", "", "nowhere"],
        "source": ["gp", "acute", ""],
        "why": ["possible", "protected", "safety", "many"],
        "age": ["", "7", "28"],
        "unsure": ["", "yes"],
    },
    "identity_print": {"neighbourhood": ["hilltop", ""], "source": ["gp", ""]},
    "identity_decisions": {"page": ["1", "2"]},
    "identity_to_place": {},
    "place": {"measure": ["", "population", "older"]},
    "organisations": {"words": ["", "mill", "zq"], "kind": ["", "practice"], "state": ["", "all", "ended"]},
    "staff": {"words": ["", "looker"], "team": ["", "riverside"], "page": ["1", "2"], "here": ["", "gone"]},
    "my_access": {},
    "sources": {},
}


def _listing(name: str) -> Way:
    def way(chance: random.Random) -> Ask:
        asked = {field: chance.choice(told) for field, told in LISTS[name].items() if chance.random() < 0.6}
        return Ask(name, reverse(name), {}, data=asked)

    return way


def _timeline(world: World) -> Way:
    things = sorted(Resource.objects.filter(type__in=["Condition", "Flag"]).values_list("pk", "happened_at"))

    def way(chance: random.Random) -> Ask:
        one = chance.choice(list(world.people.values()))
        chapter = chance.choice(["all", "hospital", "social", "community", "letters", "none"])
        data = {}
        if chance.random() < 0.6:
            pk, at = chance.choice(things)
            moved = (at or make.AT) + timedelta(seconds=chance.choice([-1, 0, 1]))
            data["before"] = f"{moved.timestamp():.6f}_{pk}"
        path = reverse("timeline", args=[one.person, chapter])
        return Ask(
            "timeline", path, {"person_id": one.person}, data=data, headers=chance.choice([{}, {"HX-Request": "true"}])
        )  # noqa: E501

    return way
