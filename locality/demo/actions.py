"""Making the demo: the place, its invented staff and people, all through the same actions and intake as in earnest."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from locality.access import actions as access
from locality.access import queries as access_queries
from locality.access.actions import Reason
from locality.access.rules import ROLE_WORDS, RelationKind, RoleCode
from locality.base import NotFound, Viewer, system
from locality.base.ids import named_id
from locality.base.periods import day_of
from locality.demo.cast_files import the_cast, write_cast
from locality.demo.growing import Show, Wanted, grow, is_whole
from locality.demo.work.caseload import Cast, make_caseload
from locality.demo.work.directory import make_directory
from locality.demo.work.meeting import make_meetings
from locality.demo.work.mine import make_mine
from locality.demo.work.notes import Sealing, make_notes
from locality.demo.work.outbox import make_messages
from locality.demo.work.plan import make_plan
from locality.demo.work.referrals import make_referrals
from locality.demo.work.support import make_support
from locality.demo.work.tasks import make_tasks
from locality.demo.work.transfer import make_transfer
from locality.directory import actions as directory_actions
from locality.directory import queries as directory
from locality.people.actions.earlier import keep_apart
from locality.people.queries import people_of_patients, same_person
from locality.people.rules import patient_id
from locality.population.actions.criteria import load_criteria
from locality.record import actions as record
from locality.record.actions.concerns import Told, raise_concern
from locality.record.queries.concerns import receipts
from locality.record.rules import Cause, Knows

SYNTHEA = Path(__file__).parent / "synthea" / "synthea_r4_28_patients.tgz"
# everybody may know it: there is nobody real behind any of these accounts
PASSWORD = "tell-it-once"  # noqa: S105
STAFF_SINCE = timedelta(days=420)
# the privacy officer of the cast, who writes down who acts for whom and opens nobody's record for it
NAMER = "olwen.price"

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Somebody to sign in as."""

    username: str
    name: str
    words: str
    note: str


def accounts() -> list[DemoAccount]:
    """Who can be signed in as, in the order in which they are worth trying: those who work here, then people."""
    cast = the_cast()
    staff = [
        DemoAccount(
            username=one["username"],
            name=" ".join(part for part in (one.get("prefix", ""), one["given"], one["family"]) if part),
            words=_work(one),
            note=one.get("note", ""),
        )
        for one in cast["practitioner"]
    ]
    return staff + [_of_person(one, cast) for one in _own_accounts(cast)]


def _of_person(one: dict[str, Any], cast: dict[str, Any]) -> DemoAccount:
    who = cast["people"][one["person"]]
    return DemoAccount(
        username=one["username"],
        name=f"{who['given']} {who['family']}",
        words="not staff: one of those whom it is about",
        note="Sees what is kept about her, and who looked",
    )


def _own_accounts(cast: dict[str, Any]) -> list[dict[str, Any]]:
    """The accounts of people who sign in for themselves; whom somebody acts for is chosen after signing in."""
    return [one for one in cast["person_account"] if one["kind"] == "person"]


def _work(one: dict[str, Any]) -> str:
    """What somebody does, and as what they sign in where that is another word."""
    roles = [ROLE_WORDS[RoleCode(role["code"])].lower() for role in one["roles"]]
    others = [role for role in roles if role not in one["profession"].lower()]
    return f"{one['profession']} ({', '.join(others)})" if others else one["profession"]


def make(
    *,
    pack: str,
    folder: Path,
    now: Callable[[], datetime],
    spread: record.Spread,
    ways: int,
    tell: Tell,
    wanted: Wanted = Wanted(people=0),  # noqa: B008 -- frozen
    show: Show = lambda words, done, of: None,
    sealing: Sealing | None = None,
) -> None:
    """Make the demo's place, staff, cast and borough. Safe to repeat: what is already so is left alone."""
    by = system(at=now(), role="demo")
    cast, on = the_cast(), day_of(by.at)
    tell(directory_actions.load_pack(pack=pack, by=by).sentence)
    load_criteria(pack=pack, by=by)
    missing = [one for one in cast["practitioner"] if not _is_there(one)]
    # hashing is slow on purpose, and everybody's password is the same and known to all
    hashed = make_password(PASSWORD) if missing else ""
    for one in missing:
        _add_practitioner(one, hashed=hashed, on=on, by=by)
    tell(f"Staff: {len(missing)} added")
    files = write_cast(folder, on=on)
    for code in dict.fromkeys(code for code, _ in files):
        _receive(code, [path for one, path in files if one == code], now=now, spread=spread, ways=ways, tell=tell)
    if not is_whole(folder):  # they came before the borough
        _receive("synthea", [SYNTHEA], now=now, spread=spread, ways=ways, tell=tell)
    _relate(cast, on=on, by=by)
    _keep_apart(cast, by=by)
    _raise_concerns(cast, now=by.at)
    _let_people_in(cast, by=by)
    _let_act(cast, by=by)
    make_directory(pack=pack, now=by.at, viewer=_viewer)
    _make_work(cast, now=by.at, sealing=sealing)
    grow(home=folder, wanted=wanted, now=now, spread=spread, tell=tell, show=show)
    make_caseload(now=now(), cast=_cast_at_work(cast), tell=tell)
    _work_together(cast, now=now())


def _make_work(cast: dict[str, Any], *, now: datetime, sealing: Sealing | None) -> None:
    """What teams do for the cast, part by part."""
    person = _person_of(cast)
    make_tasks(viewer=_viewer, person=person, now=now)
    make_plan(people={key: person(key) for key in ("peggy", "ann")}, viewer=_viewer, now=now)
    make_notes(viewer=_viewer, person=person, now=now, sealing=sealing)
    make_messages(viewer=_viewer, person=person, now=now)


def _work_together(cast: dict[str, Any], *, now: datetime) -> None:
    """What teams do with each other, with the people they help, and with services that move."""
    person = _person_of(cast)
    make_meetings(now=now, viewer=_viewer)
    make_referrals(now=now, viewer=_viewer, person=person)
    make_support(now=now, viewer=_viewer, person=person)
    make_transfer(viewer=_viewer, now=now)
    make_mine(viewer=_viewer, person=person("peggy"), now=now)


def _person_of(cast: dict[str, Any]) -> Callable[[str], UUID]:
    return lambda key: _person(cast["people"][key])


def _receive(
    code: str, paths: list[Path], *, now: Callable[[], datetime], spread: record.Spread, ways: int, tell: Tell
) -> None:
    source = directory.source(code)
    # a handful of files is sooner read here than handed to other processes
    few = len(paths) > 1
    intake = record.receive(
        source=source,
        paths=paths,
        by=system(at=now(), role="demo"),
        now=now,
        spread=map if few else spread,
        ways=1 if few else ways,
    )
    refused = f", {intake.rejected:,} refused" if intake.rejected else ""
    tell(f"{source.name}: {intake.stored:,} stored, {intake.unchanged:,} unchanged{refused}")


def _is_there(one: dict[str, Any]) -> bool:
    try:
        directory.practitioner_with_code(one["code"])
    except NotFound:
        return False
    return True


@transaction.atomic
def _add_practitioner(one: dict[str, Any], *, hashed: str, on: date, by: Viewer) -> None:
    starts_on = on - STAFF_SINCE
    practitioner = directory_actions.add_practitioner(
        place=directory.place(),
        code=one["code"],
        prefix=one.get("prefix", ""),
        given=one["given"],
        family=one["family"],
        profession=one["profession"],
        phone=one.get("phone", ""),
        employer=directory.organisation(one["employer"]),
        origin="the demo's cast: invented",
        by=by,
    )
    for role in one["roles"]:
        organisation = directory.organisation(role["organisation"])
        access.add_role(
            practitioner=practitioner, organisation=organisation, code=role["code"], starts_on=starts_on, by=by
        )
    for team in one["teams"]:
        directory_actions.join_team(
            practitioner=practitioner,
            team=directory.team(team["team"]),
            employer=directory.organisation(team["employer"]),
            post=team["post"],
            starts_on=starts_on,
            by=by,
        )
    if access_queries.account(one["username"]) is None:
        access.add_account(username=one["username"], password=None, hashed=hashed, practitioner=practitioner, by=by)


def _relate(cast: dict[str, Any], *, on: date, by: Viewer) -> None:
    """Why teams know whom of the cast; each said once, though its days are counted from the first start."""
    people = {key: _person(one) for key, one in cast["people"].items()}
    reasons = [_reason(one, person=people[one["person"]], on=on) for one in cast["relationship"]]
    access.relate(reasons=[one for one in reasons if not _was_said(one)], by=by)


def _cast_at_work(cast: dict[str, Any]) -> Cast:
    """Who is of the cast, and why teams look after whom of them."""
    people = {key: same_person(_person(one))[0].pk for key, one in cast["people"].items()}
    rows = [one for one in cast["relationship"] if one["kind"] == "caseload"]
    return Cast(frozenset(people.values()), {people[one["person"]]: one["words"] for one in rows})


def _reason(one: dict[str, Any], *, person: UUID, on: date) -> Reason:
    ends = one.get("ends_days")
    return Reason(
        person=person,
        kind=RelationKind(one["kind"]),
        team=directory.team(one["team"]).pk if "team" in one else None,
        organisation=directory.organisation(one["organisation"]).pk if "organisation" in one else None,
        starts_on=on + timedelta(days=one["starts_days"]),
        ends_on=on + timedelta(days=ends) if ends is not None else None,
        words=one["words"],
    )


def _was_said(one: Reason) -> bool:
    same = [person.pk for person in same_person(one.person)]
    said = access_queries.ever_related(person_ids=same).filter(kind=one.kind, reason=one.words)
    return said.filter(team=one.team, organisation=one.organisation).exists()


def _let_people_in(cast: dict[str, Any], *, by: Viewer) -> None:
    """Give whoever signs in for themselves an account, with everybody's password."""
    for one in _own_accounts(cast):
        if access_queries.account(one["username"]) is None:
            person = same_person(_person(cast["people"][one["person"]]))[0]
            access.add_account(username=one["username"], password=PASSWORD, person=person, by=by)


def _let_act(cast: dict[str, Any], *, by: Viewer) -> None:
    """Whoever of the cast acts for another does so by the word of the privacy officer; said once, even if ended."""
    for one in cast["proxy"]:
        person, proxy = (same_person(_person(cast["people"][one[key]]))[0] for key in ("person", "proxy"))
        namer = _viewer(NAMER, at=by.at)
        if namer is None or access_queries.said_to_act_for(person_ids=[person.pk]).exists():
            continue
        told = {key: one[key] for key in ("kind", "words", "kept_back")}
        access.make_proxy(person_id=person.pk, proxy_id=proxy.pk, by=replace(namer, second_factor=True), **told)


def _keep_apart(cast: dict[str, Any], *, by: Viewer) -> None:
    """Whoever of the cast lived under another identity before is never joined to it, and neither tells of the other."""
    for one in cast["people"].values():
        if "earlier" in one:
            keep_apart(
                person=same_person(_person(one))[0],
                earlier=same_person(_person(one["earlier"]))[0],
                kind="gender recognition",
                reason="The demo's cast says so.",
                by=by,
            )


def _raise_concerns(cast: dict[str, Any], *, now: datetime) -> None:
    """Whoever of the cast is concerned raises it, as they would on the page; once, however often the demo is made."""
    for one in cast["concern"]:
        at = now - timedelta(hours=one["hours_ago"])
        by = _viewer(one["by"], at=at)
        if by is None or receipts(viewer=by):
            continue
        told = Told(
            words=one["words"],
            seen_text=one["seen"],
            danger=one["danger"],
            cause=Cause(one["cause"]),
            cause_words=one["cause_words"],
            knows=Knows(one["knows"]),
        )
        grant = access.open_record(person_id=_person(cast["people"][one["person"]]), by=by)
        raise_concern(form=named_id("demo", one["by"], one["person"]), told=told, grant=grant, by=by)


def _viewer(username: str, at: datetime) -> Viewer | None:
    account = access_queries.account(username)
    role = access_queries.roles_today(account_id=account.pk, on=day_of(at)).first() if account else None
    return access_queries.viewer(account_id=account.pk, role_id=role.pk, at=at) if account and role else None


def _person(one: dict[str, Any]) -> UUID:
    """Whoever the sources' own ids have been linked to."""
    ids = [
        patient_id(source=directory.source(code).pk, local_id=local_id)
        for code, local_ids in one["patients"].items()
        for local_id in local_ids
    ]
    found = people_of_patients(ids)
    if not found:
        raise NotFound(f"{one['given']} {one['family']} was not received: the demo's files and cast.toml disagree.")
    # the practice's patient is the one that most others agree with
    return next(found[one_id] for one_id in ids if one_id in found)
