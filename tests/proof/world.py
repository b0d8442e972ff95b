"""One small world that is not too kind: everybody about whom a record system has been known to tell too much.

Built once for all proofs, by real intake wherever something is sent. `World` says who is there, who looks, and by
which dated reason; nothing in it asks the code under test who may see what.
"""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.test import Client

from locality.access import actions as access
from locality.access import models as marks
from locality.access.models import Account, Role
from locality.access.rules import RelationKind, RoleCode
from locality.base import system
from locality.base.ids import new_id
from locality.base.words import sort_key
from locality.directory.models import Practitioner
from locality.neighbourhoods.actions.referral_in import receive_referral
from locality.neighbourhoods.models import ReferralReceived
from locality.people.actions.earlier import keep_apart
from locality.people.actions.merging import merge_people, undo_merge
from locality.people.models import Link, Pair, Patient, Person
from locality.record.actions import receive
from locality.record.intake.r4 import resources
from locality.record.models import Quarantine, Remark, Resource
from locality.web import pages
from tests import factories as make
from tests.proof.markers import Markers
from tests.proof.sending import Sending, arrive, number
from tests.web import place_rows

PASSWORD = "a long enough one"
FIRST_DAY = date(2026, 4, 1)


@dataclass
class Somebody:
    """One person of the world: how they are known to the viewers' team, and what marks them."""

    key: str
    relation: str
    family: str
    given: str
    nhs_number: str
    person: UUID = UUID(int=0)
    protected: bool = False
    objects: bool = False
    died: bool = False

    @property
    def patient(self) -> str:
        return f"{self.key}-gp"


@dataclass
class Looker:
    """Somebody who looks, signed in."""

    key: str
    role: str
    client: Client
    practitioner: Practitioner | None = None
    team: str = "riverside"
    person: UUID | None = None
    # whom of the world they act for
    acts_for: str = ""


@dataclass
class World:
    markers: Markers = field(default_factory=Markers)
    people: dict[str, Somebody] = field(default_factory=dict)
    lookers: dict[str, Looker] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)
    letters: set[UUID] = field(default_factory=set)
    sent: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def sending(self, key: str, source: str) -> Sending:
        return Sending(self.markers, key, source, self.sent)

    def arrive(self, folder: Path, *, later: timedelta = timedelta()) -> None:
        """All that waits to be sent, one file a source."""
        for code, sent in self.sent.items():
            if sent:
                arrive(folder, code, sent, later=later)

    def things(self, key: str) -> list[UUID]:
        """Every line that is linked to somebody today, hidden or not."""
        links = Link.objects.filter(person=self.people[key].person, ended_at=None).values("patient")
        return sorted(set(Resource.objects.filter(patient__in=links).values_list("thing", flat=True)))

    def thing(self, local_id: str) -> UUID:
        return Resource.objects.filter(local_id=local_id).values_list("thing", flat=True)[0]


# how each is known to the riverside team; "organisation" is known to another team of the same organisation
KNOWN = {
    "own": "own team",
    "referred": "referral",
    "visited": "visit",
    "ended": "ended",
    "elsewhere": "organisation",
    "unknown": "none",
    "protected": "own team",
    "merged": "own team",
    "renamed": "own team",
    "before": "own team",
    "died": "own team",
    "objector": "own team",
    "famous": "own team",
    "colleague": "own team",
    "twin": "own team",
    "other-twin": "none",
    "two-boroughs": "own team",
    "parted": "own team",
}
FULL = ("own", "referred", "visited", "ended", "elsewhere", "unknown")
RICH = [(key, source) for key in ("own", "referred") for source in ("gp", "acute")]
REASONS = {"own team": RelationKind.CASELOAD, "referral": RelationKind.REFERRAL, "visit": RelationKind.VISIT}


def build(folder: Path) -> World:
    """The world, on an empty database; inside whatever transaction the caller holds."""
    world = World()
    pages._names.clear()
    make.place()
    for code in ("gp", "acute", "community", "social-care", "circle"):
        make.source(code, sends=sorted(resources()))
    for code in ("riverside", "hilltop", "third-team"):
        make.team(code)
    place_rows.neighbourhood()
    for number_, (key, relation) in enumerate(KNOWN.items(), 1):
        _somebody(world, key, relation, number_)
    _rich(world)
    for key, like in (("alias", "merged"), ("gone", "parted")):
        _another_record(world, key, like)
    world.arrive(folder)
    _later(world)
    world.arrive(folder, later=timedelta(hours=1))
    for one in world.people.values():
        one.person = whose(f"{one.key}-gp")
    family = next(one.text for one in world.markers.every if one.of == "gone")
    world.people["gone"] = Somebody("gone", "none", family, "Givenparted", "-", whose("gone-circle"))
    _marked(world)
    _identities(world)
    _refused_line(world, folder)
    world.ids["measure"] = new_id()
    world.letters = set(Resource.objects.filter(type="DocumentReference").values_list("thing", flat=True))
    _known(world)
    _lookers(world)
    return world


# ---- people and what is sent of them


def _somebody(world: World, key: str, relation: str, number_: int) -> None:
    markers = world.markers
    hidden = {"protected": "protected", "before": "earlier"}.get(key, "")
    nhs = number(number_)
    family = markers.word(key, "family name", "NAME", mark=hidden if hidden == "earlier" else "")
    one = Somebody(key, relation, family, f"Given{key.replace('-', '')}", nhs, protected=key == "protected")
    markers.note(nhs, key, "NHS number", "ID", mark="earlier" if hidden == "earlier" else "")
    told = {
        "family": family,
        "given": one.given,
        "nhs_number": nhs,
        "born": f"19{40 + number_}-03-14" if "twin" not in key else "1950-05-05",
        "address": f"7 {markers.word(key, 'address', 'LOC', mark=hidden)} Fold",
        "postcode": markers.postcode(key, mark=hidden),
        "phone": markers.phone(key, mark=hidden),
    }
    world.people[key] = one
    gp = world.sending(key, "gp")
    more = {"meta": {"security": [{"code": "R"}]}} if one.protected else {}
    more |= {"deceasedDateTime": make.day(-9)} if key == "died" else {}
    gp.patient(told, **more)
    gp.row("problem", "Condition", "SUM", mark=_of_their_own(key))
    acute = world.sending(key, "acute")
    acute.patient(told | {"phone": "", "address": "", "postcode": ""}, telecom=[], address=[])
    acute.document("letter", mark=_of_their_own(key))
    if key in FULL or key in ("objector", "protected"):
        _of_every_class(world, key, told)
    one.died, one.objects = key == "died", key == "objector"


def _of_their_own(key: str) -> str:
    return "earlier" if key == "before" else ""


def _of_every_class(world: World, key: str, told: dict[str, Any]) -> None:
    gp = world.sending(key, "gp")
    gp.row("allergy", "AllergyIntolerance", "SUM")
    gp.row("result", "Observation", "CLIN")
    gp.row("sensitive", "Condition", "SENS", mark="SENS")
    council = world.sending(key, "social-care")
    council.patient(told, **({"meta": {"security": [{"code": "R"}]}} if key == "protected" else {}))
    package = council.row("package", "Observation", "SOC")
    package["code"]["text"] = f"Social care assessment {package['code']['text']}"
    flag = council.row("flag", "Flag", "SAFE")
    flag["code"]["text"] = f"Safeguarding {flag['code']['text']}"
    community = world.sending(key, "community")
    community.patient(told | {"phone": "", "address": "", "postcode": ""}, telecom=[], address=[])
    community.row("visit", "Appointment", "WORK")


def _rich(world: World) -> None:
    """Everything that can be kept back, held of one person whom the team looks after and of one it was referred."""
    for key, source in RICH:
        sending = world.sending(key, source)
        for mark in ("R", "V", "sealed", "locked"):
            sending.row(f"{mark}-{source}", "Condition", "SUM", mark=mark)
        sending.document(f"sealed-letter-{source}", mark="sealed")
        wrong = sending.row(f"wrong-{source}", "Condition", "SUM", mark="wrong")
        wrong["verificationStatus"] = {"coding": [{"code": "entered-in-error"}]}
        sending.row(f"personally-sealed-{source}", "Condition", "SUM", mark="sealed")
        sending.row(f"personally-locked-{source}", "Condition", "SUM", mark="locked")
        # an older version that was restricted: what it said then is no more to be seen than what is sealed now
        for row in (sending.row(f"opened-{source}", "Condition", "SUM", mark="V"),):
            row["meta"]["lastUpdated"] = "2026-10-01T10:00:00Z"


def _later(world: World) -> None:
    for key, source in RICH:
        world.sending(key, source).row(f"opened-{source}", "Condition", "SUM")


def _another_record(world: World, key: str, like: str) -> None:
    """Another record of somebody, of a person of its own until somebody says otherwise."""
    markers, one = world.markers, world.people[like]
    family = markers.word("gone", "family name", "NAME") if key == "gone" else one.family
    told = {"family": family, "given": one.given, "nhs_number": "", "born": "1931-01-01"}
    where = {"address": f"9 {markers.word(like, f'address of {key}', 'LOC', shown=False)} Row", "phone": ""}
    world.sending(key, "circle").patient(
        told | where | {"postcode": markers.postcode(like, shown=False)}, telecom=[], id=f"{key}-circle"
    )


def whose(local_id: str) -> UUID:
    """The person to whom a source's patient is linked now."""
    return Link.objects.get(patient__local_id=local_id, ended_at=None).person_id


# ---- marks on people


def _marked(world: World) -> None:
    at = {"starts_on": FIRST_DAY, "made_at": make.ago(days=20), "made_by": make.viewer().id, "reason": "They asked"}
    for key in ("own", "referred"):
        for source in ("gp", "acute"):
            for seal in ("sealed", "locked"):
                thing = world.thing(f"{key}-personally-{seal}-{source}")
                marks.PersonSeal.objects.create(person_id=world.people[key].person, thing=thing, seal=seal, **at)
    objects = marks.Objection.objects.create(person_id=world.people["objector"].person, kind="sharing", **at)
    proxy = marks.Proxy.objects.create(
        person_id=world.people["unknown"].person, proxy_id=world.people["own"].person, kind="chosen", **at
    )
    world.ids |= {"objection_id": objects.pk, "proxy_id": proxy.pk}
    watch = marks.Watch.objects.create(person_id=world.people["famous"].person, kind="public_figure", **at)
    world.ids["watch_id"] = watch.pk
    marks.Watch.objects.create(person_id=world.people["colleague"].person, kind="staff", **at)


# ---- who is who


def _identities(world: World) -> None:
    """A merged pair, an earlier identity, two who were parted with a remark left between them, twins in doubt."""
    by = system(at=make.ago(days=2))
    alias = Person.objects.get(pk=whose("alias-circle"))
    merge_people(kept=_row(world, "merged"), alias=alias, reason="They said so", by=by)
    keep_apart(
        person=_row(world, "renamed"), earlier=_row(world, "before"), kind="gender recognition", reason="-", by=by
    )
    gone = Person.objects.get(pk=whose("gone-circle"))
    merge = merge_people(kept=_row(world, "parted"), alias=gone, reason="They said so", by=by)
    told = world.markers.word("parted", "words of a remark", "SUM")
    remark = Remark.objects.create(
        thing=world.thing("parted-problem"),
        person_id=world.people["parted"].person,
        words=told,
        said_at=make.ago(days=1, hours=12),
        said_by=make.practitioner("Clinician", "Looker").pk,
    )
    undone = undo_merge(merge=merge, by=system(at=make.ago(days=1)))
    world.ids |= {"merge": undone.pk, "remark": remark.pk, "alias": alias.pk, "gone": gone.pk}
    Pair.objects.all().delete()
    one, other = (Patient.objects.get(local_id=f"{key}-gp") for key in ("twin", "other-twin"))
    world.ids["pair"] = make.pair(one, other).pk
    hidden = [Patient.objects.get(local_id=f"{key}-gp") for key in ("renamed", "before")]
    world.ids["pair of the earlier"] = make.pair(*hidden).pk
    decided = [Patient.objects.get(local_id=f"{key}-gp") for key in ("famous", "colleague")]
    world.ids["label"] = make.label(*decided).pk
    world.ids["label of the earlier"] = make.label(*hidden).pk


def _row(world: World, key: str) -> Person:
    return Person.objects.get(pk=world.people[key].person)


def _refused_line(world: World, folder: Path) -> None:
    """Something that could not be stored, which holds what it holds of somebody."""
    word = world.markers.word("refused", "refused line", "QUARANTINE", inside=True)
    name = world.markers.word("refused", "file name", "QUARANTINE")
    path = folder / f"{name}.json"
    about = {
        "resourceType": "Condition",
        "id": "r1",
        "subject": {"reference": "Patient/nobody"},
        "code": {"text": word},
    }
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": about}]}))
    receive(source=make.source("gp"), paths=[path], by=system(at=make.ago(hours=2)), now=lambda: make.ago(hours=1))
    world.ids["refused"] = Quarantine.objects.get(state="open").pk
    said = world.markers.word("refused", "refused referral", "QUARANTINE", inside=True)
    receive_referral(source=make.source("gp"), content=said.encode(), by=system(at=make.ago(hours=2)))
    world.ids["received"] = ReferralReceived.objects.get().pk


# ---- who looks, and why they may


def _known(world: World) -> None:
    for one in world.people.values():
        person = _row(world, one.key)
        if one.relation in REASONS:
            make.relationship(person, kind=REASONS[one.relation])
        elif one.relation == "ended":
            make.relationship(person, starts_on=FIRST_DAY, ends_on=make.TODAY - timedelta(days=7))
        elif one.relation == "organisation":
            make.relationship(person, team=make.team("hilltop"))


def _lookers(world: World) -> None:
    for code in RoleCode:
        _looker(world, code, code, code.replace("_", "").capitalize())
    _looker(world, "stranger", RoleCode.CLINICIAN, "Stranger", team="hilltop")
    _looker(world, "alleged", RoleCode.SAFEGUARDING_LEAD, "Alleged")
    world.lookers["nobody"] = Looker("nobody", "", Client(raise_request_exception=False), team="")
    at = {"starts_on": FIRST_DAY, "made_at": make.ago(days=20), "made_by": make.viewer().id, "reason": "They said so"}
    own = {"practitioner": world.lookers["social_worker"].practitioner, "kind": "own_record"}
    conflict = marks.Conflict.objects.create(person_id=world.people["colleague"].person, **own, **at)
    shown = world.lookers["safeguarding_lead"].practitioner
    until = {"ends_on": make.TODAY + timedelta(days=7)}
    of = world.people["protected"].person
    grant = marks.AddressGrant.objects.create(person_id=of, practitioner=shown, **at, **until)
    world.ids |= {"conflict_id": conflict.pk, "grant_id": grant.pk}


def _looker(world: World, key: str, role: str, given: str, *, team: str = "riverside") -> None:
    who = make.practitioner(given, "Looker", sort_key=sort_key(f"Looker {given}"))
    Role.objects.create(
        id=new_id(), practitioner=who, organisation=make.organisation("RSB"), code=role, starts_on=FIRST_DAY
    )
    make.member(who, make.team(team))
    access.add_account(username=who.code, password=PASSWORD, practitioner=who, by=make.viewer())
    client = Client(raise_request_exception=False)
    client.post("/sign-in", {"username": who.code, "password": PASSWORD})
    world.lookers[key] = Looker(key, role, client, who, team)
    assert client.get("/help").status_code == 200, f"{key} could not sign in"
    assert Account.objects.filter(practitioner=who).count() == 1
