"""What waits on a desk: concerns, questions, broken glass, unusual looks, corrections, what an account holds."""

import json
from datetime import timedelta
from uuid import UUID

from django.test import Client

from locality.access import actions as access
from locality.access.actions.signing_in import keep_draft
from locality.access.models import Account, Draft, Factor
from locality.base import Viewer, ViewerKind
from locality.base.ids import named_id, new_id
from locality.directory.models import Safeguarding
from locality.journal.models import Question, UnusualLook
from locality.neighbourhoods.actions import assessments, plans, transfers
from locality.neighbourhoods.rules.assessments import FormKind, Said
from locality.neighbourhoods.rules.plans import Content, GoalState, PartKind, Whose
from locality.people.models import NumberCorrection
from locality.record.actions.concerns import Told, raise_concern
from locality.record.models import Concern
from locality.record.rules import Cause, Knows
from locality.web.sealed import seal
from tests import factories as make
from tests.proof.sending import number
from tests.proof.world import PASSWORD, Looker, World

LEAD, RAISER, OFFICER = "safeguarding_lead", "clinician", "privacy_officer"


def lay_out(world: World) -> None:
    """Everything there is to wait, each word of it with those who may read it."""
    _routes()
    world.ids["concern"] = _concern(world, "own", by=RAISER, readers=(LEAD, RAISER))
    world.ids["concern of long ago"] = _concern(world, "own", by=RAISER, readers=(LEAD,))
    Concern.objects.filter(pk=world.ids["concern of long ago"]).update(raised_at=make.ago(days=40))
    world.ids["concern of another"] = _concern(world, "referred", by="social_worker", readers=(LEAD, "social_worker"))
    _questions(world)
    _broken_glass(world)
    _unusual(world)
    _corrections(world)
    _of_accounts(world)
    _herself(world)
    _planned(world)
    _moves(world)


def _moves(world: World) -> None:
    """A team that is to move: in figures, about nobody."""
    to = make.organisation("NOR", name="Northmoor Community", short_name="Northmoor")
    new = transfers.NewTransfer(
        from_organisation=make.organisation("RSB").pk, to_organisation=to.pk, on=make.TODAY + timedelta(days=900),
        why="One trust", teams=(make.team("riverside").pk,),
    )  # fmt: skip
    world.ids["transfer_id"] = transfers.plan(new=new, by=viewer(world, "administrator")).pk


def _planned(world: World) -> None:
    """A goal of a plan, and an assessment with an answer: each class of row has a word that tells of it."""
    own = world.people["own"].person
    nurse, worker = viewer(world, "clinician"), viewer(world, "social_worker")
    goal = Content(words=world.markers.word("own", "goal", "PLAN"), whose=Whose.PERSON, state=GoalState.WORKING)
    grant = access.open_record(person_id=own, by=nurse)
    world.ids["part_id"] = plans.write(kind=PartKind.GOAL, content=goal, grant=grant, by=nurse).pk
    grant = access.open_record(person_id=own, by=worker)
    row = assessments.begin(form=FormKind.ADULT, grant=grant, by=worker)
    said = Said(words=world.markers.word("own", "answer of an assessment", "SOC", inside=True))
    assessments.answer(assessment=row.pk, given={"nutrition": assessments.Given(said=said)}, grant=grant, by=worker)
    world.ids["assessment_id"] = row.pk


def viewer(world: World, key: str) -> Viewer:
    """One of those who look, as the session has them."""
    looker = world.lookers[key]
    assert looker.practitioner is not None
    return Viewer(
        kind=ViewerKind.PRACTITIONER,
        id=looker.practitioner.pk,
        role=looker.role,
        name=looker.practitioner.name,
        organisation=make.organisation("RSB").pk,
        organisation_name=make.organisation("RSB").name,
        teams=frozenset({make.team(looker.team).pk}),
        second_factor=True,
        at=make.ago(minutes=50),
    )


def _routes() -> None:
    """Concerns go to the very team that all look from: being in it must open nothing to anybody but its leads."""
    for code in ("adults", "children"):
        told = {"place": make.place(), "team": make.team("riverside"), "deputy": make.team("hilltop"), "ring": "999"}
        Safeguarding.objects.create(id=named_id("safeguarding", code), code=code, **told, **make.ORIGIN)


def _concern(world: World, of: str, *, by: str, readers: tuple[str, ...]) -> UUID:
    """One that names a lead of the team as the cause: she never learns of it."""

    def word(what: str, *who: str) -> str:
        return world.markers.word(of, what, "DESK", readers=who)

    raised_by = viewer(world, by)
    told = Told(
        words=word("words of a concern", *readers),
        seen_text=word("time of a concern", *readers),
        danger=True,
        cause=Cause.FAMILY,
        cause_words=f"Alleged Looker, {word('cause of a concern', LEAD)}",
        knows=Knows.YES,
    )
    grant = access.open_record(person_id=world.people[of].person, by=raised_by)
    sent = raise_concern(form=new_id(), told=told, grant=grant, by=raised_by)
    row = Concern.objects.get(pk=sent.concern)
    assert (row.team_id, len(row.kept_from)) == (make.team("riverside").pk, 1)
    return row.pk


def _questions(world: World) -> None:
    own, unknown = (world.people[key].person for key in ("own", "unknown"))
    asked = {"asked_at": make.ago(days=1), "looked_by": world.lookers["stranger"].practitioner.pk}

    def ask(what: str, person: UUID, kind: ViewerKind, by: UUID, **readers: tuple[str, ...]) -> UUID:
        words = world.markers.word("own" if person == own else "unknown", what, "DESK", **readers)
        return Question.objects.create(person_id=person, asked_kind=kind, asked_by=by, words=words, **asked).pk

    both, officer = {"readers": (OFFICER, "herself")}, {"readers": (OFFICER,)}
    theirs = {"readers": (OFFICER, "acting")}
    world.ids["question_id"] = ask("question", own, ViewerKind.PERSON, own, **both)
    world.ids["question of a proxy"] = ask("question of a proxy", own, ViewerKind.PROXY, unknown, **officer)
    world.ids["question for another"] = ask("question for another", unknown, ViewerKind.PROXY, own, **theirs)


def _broken_glass(world: World) -> None:
    """Broken and closed again: it opens nothing more, and waits to be reviewed."""
    words = world.markers.word("own", "reason for breaking the glass", "DESK", readers=(OFFICER, "stranger"))
    by, own = viewer(world, "stranger"), world.people["own"].person
    made = access.break_glass(person_id=own, reason_code="emergency", words=f"They need me: {words}", by=by)
    access.end_override(override_id=made.pk, by=by)
    world.ids["override_id"] = made.pk


def _unusual(world: World) -> None:
    word = world.markers.word("own", "sign of an unusual look", "DESK", readers=(OFFICER,))
    looks = [{"person": str(world.people["own"].person), "bits": 9.0, "reasons": [f"sign {word}"]}]
    told = {"found_at": make.ago(hours=5), "looked_on": make.TODAY - timedelta(days=1), "bits": 9.0, "looks": looks}
    by = world.lookers["stranger"]
    row = UnusualLook.objects.create(
        by_id=by.practitioner.pk, role=by.role, organisation_id=make.organisation("RSB").pk, **told
    )
    world.ids["look_id"] = row.pk


def _corrections(world: World) -> None:
    """One of a number that nobody holds, and one that tells who somebody was before."""
    by = world.lookers["identity_custodian"].practitioner.pk
    at = {"kind": "superseded", "said_at": make.ago(days=2), "said_by": by}
    numbers = {
        "correction": (number(901), number(902), ("identity_custodian",)),
        "correction of the earlier": (world.people["before"].nhs_number, world.people["renamed"].nhs_number, ()),
    }
    for key, (was, now, readers) in numbers.items():
        words = world.markers.word("renamed", f"provenance of the {key}", "DESK", readers=readers)
        world.ids[key] = NumberCorrection.objects.create(was=was, now=now, provenance=words, **at).pk


def _of_accounts(world: World) -> None:
    """A second factor, a mail address and a form that was kept, all the stranger's."""
    account = Account.objects.get(practitioner=world.lookers["stranger"].practitioner)
    name = world.markers.word("own", "name of a factor", "DESK", readers=("stranger",))
    told = {"kind": "app", "name": name, "kept": b"-", "made_at": make.ago(days=3)}
    world.ids["factor_id"] = Factor.objects.create(account=account, **told).pk
    mail = world.markers.word("own", "mail address", "DESK", readers=("administrator",))
    Account.objects.filter(pk=account.pk).update(email=f"{mail}@example.org")
    words = world.markers.word("own", "words of a kept form", "DESK", readers=("stranger",))
    content = json.dumps({"path": "/add", "fields": [["words", words]]}).encode()
    keep_draft(account_id=account.pk, sealed=seal(f"draft of {account.pk}", content), at=make.ago(minutes=9))
    world.ids["draft_id"] = Draft.objects.get(account=account).pk


def _herself(world: World) -> None:
    """The person whom everybody looks at, signed in; and once more, acting for somebody."""
    account = Account(username="herself", person_id=world.people["own"].person)
    account.set_password(PASSWORD)
    account.save()
    client = Client(raise_request_exception=False)
    client.post("/sign-in", {"username": "herself", "password": PASSWORD})
    world.lookers["herself"] = Looker("herself", "person", client, team="", person=world.people["own"].person)
    assert client.get("/me/who-looked").status_code == 200, "the person could not sign in"
    acting = Client(raise_request_exception=False)
    acting.post("/sign-in", {"username": "herself", "password": PASSWORD})
    acting.post("/me/acting/choose", {"person": str(world.people["unknown"].person)})
    own = world.people["own"].person
    world.lookers["acting"] = Looker("acting", "proxy", acting, team="", person=own, acts_for="unknown")
    assert acting.get("/me/record").status_code == 200, "the proxy could not act"
