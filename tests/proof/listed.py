"""Who is on lists in the world: found by a run for a reason that some may not see, named by hand, put forward."""

from locality.base import SYSTEM_ID
from locality.base.ids import new_id
from locality.neighbourhoods.models import (
    Alert,
    Candidate,
    Caseload,
    Course,
    CoursePlace,
    CoursePlaceHistory,
    CourseSession,
    Message,
    MessageHistory,
    Referral,
    ReferralHistory,
    Support,
    SupportContact,
    SupportNeed,
    SupportOffer,
    Task,
    TaskAsk,
    TaskHistory,
    Wellbeing,
)
from locality.population.models import CaseFindingRun, CriterionVersion, Found, FoundReason
from tests import factories as make
from tests.proof.world import World

# whoever reviews for the riverside team; and whoever of it may open the summary of somebody put forward to it
REVIEWERS = ("clinician", "social_worker", "care_coordinator")
OF_THE_TEAM = (*REVIEWERS, "safeguarding_lead", "care_home", "link_worker", "alleged")


def lay_out(world: World) -> None:
    """People on the riverside team's lists: its own, and some whom it must not find there."""
    run = _run()
    world.ids["run_id"] = run.pk
    own = _found(world, "own", run=run)
    world.ids["found_id"] = own.pk
    _reason(world, own, "own-problem", mark="", readers=REVIEWERS)
    _reason(world, own, "own-personally-locked-gp", mark="hidden", readers=())
    _reason(world, own, "own-personally-sealed-gp", mark="hidden", readers=())
    _reason(world, own, "own-sensitive", mark="", readers=("clinician",))
    for key in ("referred", "unknown", "elsewhere", "ended", "before"):
        _reason(world, _found(world, key, run=run), f"{key}-problem", mark="hidden", readers=())
    named = world.markers.word("own", "reason of naming", "DESK", readers=REVIEWERS)
    _found(world, "own", words=named)
    hidden = world.markers.word("unknown", "reason of naming", "DESK", readers=())
    _found(world, "unknown", words=hidden)
    world.ids["candidate_id"] = _candidate(world, "own", readers=OF_THE_TEAM).pk
    _candidate(world, "unknown", readers=())
    world.ids["caseload_id"] = _place(world, "own", readers=OF_THE_TEAM).pk
    for key in ("unknown", "elsewhere", "ended", "before"):
        _place(world, key, readers=())
    _class(world)
    _supported(world, "own", readers=OF_THE_TEAM)
    _supported(world, "unknown", readers=())
    _over(world, "visited")
    _work(world, "own", readers=OF_THE_TEAM)
    _work(world, "unknown", readers=())
    _work(world, "before", readers=())
    _work(world, "objector", readers=(), sender="MILL")


def _run() -> CaseFindingRun:
    written = {"name": "Fell", "who": "Who fell.", "why": "-", "offer": "A class.", "risk": "falls", "services": []}
    written |= {"origin": "made up", "verified": False, "asked_again_after_days": 90, "outcome_words": "a fall"}
    by = {"loaded_at": make.ago(days=2), "loaded_by": SYSTEM_ID}
    rule = CriterionVersion.objects.create(
        place=make.place(), code="fell", version=1, name="Fell", written=written, digest="-", **by
    )
    lengths = [{"length": 10, "hits": 3, "events": 20}, {"length": 25, "hits": 12, "events": 20}]
    worth = {"on": "2025-11-05", "until": "2026-11-05", "people": 100, "found": 25, "events": 20, "left_out": 2}
    return CaseFindingRun.objects.create(
        criterion=rule,
        on=make.TODAY,
        started_at=make.ago(hours=3),
        by_id=SYSTEM_ID,
        found=20,
        listed=6,
        lists=[{"team": "riverside", "name": "Riverside team", "a_month": 6, "accepted": 0, "listed": 6}],
        worth=worth | {"at": lengths},
    )


def _found(world: World, key: str, *, run: CaseFindingRun | None = None, words: str = "") -> Found:
    by_run = {"code": "fell", "criterion": run.criterion, "run": run, "rank": 1, "risk": 1.0} if run else {}
    by_hand = {"words": words, "nominated_by": world.lookers["link_worker"].practitioner.pk} if words else {}
    return Found.objects.create(
        person_id=world.people[key].person,
        team=make.team("riverside"),
        found_at=make.ago(hours=3),
        data_class="SUM",
        sender=make.organisation("RSB"),
        **by_run,
        **by_hand,
    )


def _reason(world: World, found: Found, local_id: str, *, mark: str, readers: tuple[str, ...]) -> None:
    """One whose words stand nowhere else: shown to whoever sees the line that it is about, and to nobody besides."""
    of = local_id.split("-")[0]
    said = world.markers.word(of, f"reason by {local_id}", "DESK", readers=readers, shown=mark != "hidden")
    FoundReason.objects.create(
        found=found,
        part="risk",
        kind="condition",
        said=said,
        source=make.source("gp"),
        thing=world.thing(local_id),
        points=1,
        data_class="SUM",
        sender=make.organisation("MILL"),
    )


def _place(world: World, key: str, *, readers: tuple[str, ...]) -> Caseload:
    """One on the team's caseload; of whom it knows no more, the row alone is left."""
    return Caseload.objects.create(
        person_id=world.people[key].person,
        team=make.team("riverside"),
        came_from="referral",
        why=world.markers.word(key, "reason of the caseload", "DESK", readers=readers),
        agreed="agreed",
        lawful_basis="-",
        review_on=make.TODAY,
        taken_on_at=make.ago(days=30),
        taken_on_by=world.lookers["clinician"].practitioner.pk,
        data_class="WORK",
        sender=make.organisation("RSB"),
    )


def _candidate(world: World, key: str, *, readers: tuple[str, ...]) -> Candidate:
    return Candidate.objects.create(
        id=new_id(),
        person_id=world.people[key].person,
        team=make.team("riverside"),
        why=world.markers.word(key, "reason of putting forward", "DESK", readers=readers),
        agreed="agreed",
        lawful_basis="-",
        made_at=make.ago(hours=2),
        made_by=world.lookers["clinician"].practitioner.pk,
        data_class="SUM",
        sender=make.organisation("RSB"),
    )


def _class(world: World) -> None:
    """A class of the riverside team that met yesterday."""
    by = world.lookers["link_worker"].practitioner.pk
    row = Course.objects.create(
        team=make.team("riverside"), name="Strength", where="Hall", places=9, made_at=make.ago(days=9), made_by=by
    )
    session = CourseSession.objects.create(course=row, starts_at=make.ago(days=1), ends_at=make.ago(hours=23))
    world.ids |= {"course_id": row.pk, "session_id": session.pk}


def _supported(world: World, key: str, *, readers: tuple[str, ...]) -> None:
    """Somebody supported, with one of everything, and with a place in the class."""
    by, at = world.lookers["link_worker"].practitioner.pk, make.ago(hours=5)
    common = {"person_id": world.people[key].person, "data_class": "WORK", "sender": make.organisation("RSB")}
    why = world.markers.word(key, "reason of a support", "DESK", readers=readers)
    row = Support.objects.create(
        team=make.team("riverside"), why=why, agreed="agreed", begun_at=at, begun_by=by, **common
    )
    said = {"support": row, "made_at": at, "made_by": by}
    need = SupportNeed.objects.create(
        need="food", words=world.markers.word(key, "words of a need", "DESK", readers=readers), **said
    )
    what = world.markers.word(key, "what was offered", "DESK", readers=readers)
    offer = SupportOffer.objects.create(what=what, **said)
    words = world.markers.word(key, "words of a contact of support", "DESK", readers=readers)
    met = SupportContact.objects.create(at=at, way="phone", reached="yes", words=words, **said)
    Wellbeing.objects.create(asked_on=make.TODAY, happy=3, **said)
    place = CoursePlace.objects.create(
        course_id=world.ids["course_id"],
        state="coming",
        invited_at=at,
        invited_by=by,
        joined_at=make.ago(days=8),
        **common,
    )
    why_place = world.markers.word(key, "words of a place in a class", "DESK", readers=readers)
    CoursePlaceHistory.objects.create(place=place, became="coming", why=why_place, at=at, by=by)
    world.ids |= {f"support of {key}": row.pk, f"place of {key}": place.pk}
    if readers:
        world.ids |= {"need_id": need.pk, "offer_id": offer.pk, "support contact": met.pk}


def _over(world: World, key: str) -> None:
    """Who came off today, and who was not taken on: nobody reads of either, and some may take it back."""
    by = world.lookers["clinician"].practitioner.pk
    place, candidate = _place(world, key, readers=()), _candidate(world, key, readers=())
    place.stage, place.off_at, place.off_by, place.off_reason = "off", make.ago(hours=1), by, "does not want it"
    place.save(update_fields=["stage", "off_at", "off_by", "off_reason"])
    candidate.state, candidate.answered_at, candidate.answered_by = "not taken on", make.ago(hours=1), by
    candidate.save(update_fields=["state", "answered_at", "answered_by"])
    world.ids |= {"place that is off": place.pk, "candidate not taken on": candidate.pk}


def _work(world: World, key: str, *, readers: tuple[str, ...], sender: str = "RSB") -> None:
    """Something to do, with a question about it, and something told: about one person, of the riverside team."""
    common = {
        "person_id": world.people[key].person,
        "team": make.team("riverside"),
        "data_class": "WORK",
        "sender": make.organisation(sender),
        "made_at": make.ago(hours=2),
        "made_by": world.lookers["link_worker"].practitioner.pk,
    }
    title = world.markers.word(key, "title of a task", "DESK", readers=readers)
    task = Task.objects.create(title=title, due_on=make.TODAY, queued_at=make.ago(hours=2), **common)
    asked = world.markers.word(key, "question about a task", "DESK", readers=readers)
    at = {"at": make.ago(hours=1), "by": common["made_by"]}
    ask = TaskAsk.objects.create(task=task, kind="remind", words=asked, **at)
    TaskHistory.objects.create(task=task, what="asked", became="requested", **at)
    told = world.markers.word(key, "what an inbox tells", "DESK", readers=readers)
    alert = Alert.objects.create(kind="fell", words=told, once=f"fell {key}", happened_at=make.ago(hours=3), **common)
    says = {
        name: world.markers.word(key, f"{name} of a message", "DESK", readers=readers) for name in ("subject", "body")
    }
    to = {"to_kind": "person", "to_id": common["person_id"], "to_name": "Herself", "channel": "letter"}
    message = Message.objects.create(**common, **says, **to, not_before=make.ago(hours=1))
    MessageHistory.objects.create(message=message, what="written", **at)
    common |= {"to_organisation": make.organisation("circle"), "sent_at": common.pop("made_at"), "agreed": "agreed"}
    said = world.markers.word(key, "what is asked of others", "DESK", readers=readers)
    sent = Referral.objects.create(asked=said, answer_by=make.AT, **common)
    ReferralHistory.objects.create(referral=sent, what="sent", became="sent", **at)
    if readers:
        world.ids |= {"task_id": task.pk, "ask_id": ask.pk, "alert_id": alert.pk, "message of own": message.pk}
        world.ids |= {"referral_id": sent.pk}
