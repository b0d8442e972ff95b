"""A service of 5,000 people that moves: `python -m benchmarks.transfer_made`, in a process of its own.

Made straight in the tables, since thousands of people taken on one by one measure something else; planned, agreed to,
moved, undone and moved again by the actions that the pages call. Prints what was measured as JSON.
"""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

PEOPLE, STAFF, STAY, TASKS_EACH, EVERY_REFERRED = 5_000, 60, 8, 2, 5


def main() -> None:
    from locality.cli import edge

    edge.with_database()
    at = datetime.now(UTC)
    made = _service(at)
    transfer = _agreed(made, at)
    before = _stands(transfer)
    steps = [_step("moved", transfer, made["by"]), _undone(transfer, made["by"])]
    differ = sum(one != other for one, other in zip(before, _stands(transfer), strict=True))
    steps.append(_step("moved again", transfer, made["by"]))
    told = {
        **{"people": PEOPLE, "tasks": PEOPLE * TASKS_EACH, "alerts": PEOPLE, "referrals": PEOPLE // EVERY_REFERRED},
        **{"staff": STAFF, "stay": STAY, "differ": differ, "steps": steps},
    }
    print(json.dumps(told))


def _service(at: datetime) -> dict[str, Any]:
    from locality.base import Viewer, ViewerKind
    from locality.base.ids import new_id
    from locality.directory.models import Organisation, Place, Service, Team

    where = Place.objects.get()
    old, new = (Organisation.objects.get(code=code) for code in ("RT2", "RM3"))
    told = {"place": where, "origin": "a benchmark", "verified": False}
    team = Team.objects.create(
        id=new_id(), code="bench-nursing", name="Bench nursing", kind="community", lead_organisation=old, **told
    )
    service = Service.objects.create(
        id=new_id(), code="bench-nursing", name="Bench nursing", kind="community", organisation=old, **told
    )
    by = Viewer(kind=ViewerKind.PRACTITIONER, id=new_id(), role="administrator", at=at, organisation=old.pk)
    made = {"place": where, "old": old, "new": new, "team": team, "service": service, "by": by}
    made["staff"] = _staff(made, at)
    _people(made, at)
    return made


def _staff(made: dict[str, Any], at: datetime) -> list[Any]:
    from decimal import Decimal

    from locality.access.models import Role
    from locality.base.ids import new_id
    from locality.directory.models import Practitioner, TeamMembership
    from locality.neighbourhoods.models import Post, PostFilled

    since, old, team = at.date() - timedelta(days=400), made["old"], made["team"]
    who = [
        Practitioner(
            id=new_id(), place=made["place"], code=f"bench-{number}", given=f"Given{number}", family=f"Family{number}",
            sort_key=f"family{number}", profession="District nurse", employer=old, origin="a benchmark",
        )
        for number in range(STAFF)
    ]  # fmt: skip
    Practitioner.objects.bulk_create(who)
    TeamMembership.objects.bulk_create(
        [
            TeamMembership(
                id=new_id(), team=team, practitioner=one, employer=old, post="District nurse", starts_on=since
            )
            for one in who
        ]
    )
    Role.objects.bulk_create(
        [Role(practitioner=one, organisation=old, code="clinician", starts_on=since) for one in who]
    )
    common = {"starts_on": since, "made_at": at, "made_by": made["by"].id}
    posts = [Post(team=team, employer=old, title="District nurse", hours=Decimal("37.5"), **common) for _ in who]
    Post.objects.bulk_create(posts)
    PostFilled.objects.bulk_create(
        [
            PostFilled(post=post, practitioner=one, hours=Decimal("37.5"), **common)
            for post, one in zip(posts, who, strict=True)
        ]
    )
    return who


def _people(made: dict[str, Any], at: datetime) -> None:
    from locality.access.models import Relationship
    from locality.people.models import Person

    people = [Person(made_at=at, family=f"Bench{number}", given="Given") for number in range(PEOPLE)]
    Person.objects.bulk_create(people, batch_size=1000)
    day = at.date() - timedelta(days=90)
    common = {"starts_on": day, "made_at": at, "made_by": made["by"].id, "reason": "A benchmark"}
    known = [Relationship(person=one, kind="caseload", team=made["team"], **common) for one in people]
    asked = [
        Relationship(person=one, kind="referral", organisation=made["old"], **common)
        for one in people[::EVERY_REFERRED]
    ]
    Relationship.objects.bulk_create([*known, *asked], batch_size=1000)
    _work(made, people, known, at)
    _told(made, people, asked, at)


def _work(made: dict[str, Any], people: list[Any], known: list[Any], at: datetime) -> None:
    from locality.neighbourhoods.models import Allocation, Caseload, Task

    who, team, by, day = made["staff"], made["team"], made["by"].id, at.date()
    row = {"data_class": "WORK", "sender": made["old"], "team": team}
    places = [
        Caseload(
            person=one, relationship=reason, why="Frail and alone", agreed="agreed", came_from="nomination",
            lawful_basis="direct care", review_on=day + timedelta(days=30), taken_on_at=at, taken_on_by=by, **row,
        )
        for one, reason in zip(people, known, strict=True)
    ]  # fmt: skip
    Caseload.objects.bulk_create(places, batch_size=1000)
    Allocation.objects.bulk_create(
        [
            Allocation(caseload=one, coordinator=who[number % STAFF], starts_at=at, made_by=by)
            for number, one in enumerate(places)
        ],
        batch_size=1000,
    )
    Task.objects.bulk_create(
        [
            Task(
                person=one, owner=who[number % STAFF], title="Dress the leg", due_on=day, queued_at=at, made_at=at,
                made_by=by, **row,
            )
            for number, one in enumerate(people * TASKS_EACH)
        ],
        batch_size=1000,
    )  # fmt: skip


def _told(made: dict[str, Any], people: list[Any], asked: list[Any], at: datetime) -> None:
    from locality.neighbourhoods.models import Alert, Referral

    by, row = made["by"].id, {"data_class": "WORK", "sender": made["old"], "team": made["team"]}
    Alert.objects.bulk_create(
        [
            Alert(
                person=one, kind="discharged", words="Home", once=f"bench {number}", happened_at=at, made_at=at,
                made_by=by, **row,
            )
            for number, one in enumerate(people)
        ],
        batch_size=1000,
    )  # fmt: skip
    Referral.objects.bulk_create(
        [
            Referral(
                person=reason.person, sender=made["new"], data_class="WORK", to_organisation=made["old"],
                to_service=made["service"], relationship=reason, asked="Dress the leg", agreed="agreed", sent_at=at,
                answer_by=at + timedelta(days=2), made_by=by,
            )
            for reason in asked
        ],
        batch_size=1000,
    )  # fmt: skip


def _agreed(made: dict[str, Any], at: datetime) -> Any:
    from django.db import connection

    from locality.base.ids import new_id
    from locality.directory.models import Practitioner
    from locality.neighbourhoods.actions import transfers
    from locality.neighbourhoods.actions.transfers import NewTransfer

    row = transfers.plan(
        new=NewTransfer(
            from_organisation=made["old"].pk, to_organisation=made["new"].pk, on=at.date(), why="A benchmark",
            teams=(made["team"].pk,), services=(made["service"].pk,),
            stays=tuple(one.pk for one in made["staff"][:STAY]),
        ),
        by=made["by"],
    )  # fmt: skip
    for side in ("old", "new"):
        who = Practitioner.objects.create(
            id=new_id(), place=made["place"], code=f"bench-side-{side}", given=side, family="Side", sort_key=side,
            profession="Board member", origin="a benchmark",
        )  # fmt: skip
        signs = replace(made["by"], id=who.pk, role="board", organisation=made[side].pk)
        transfers.agree(transfer=row.pk, words="", by=signs)
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    return row


def _timed(act: Callable[[], Any]) -> tuple[float, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        begun = time.perf_counter()
        act()
        return time.perf_counter() - begun, len(asked)


def _step(what: str, transfer: Any, by: Any) -> dict[str, Any]:
    from locality.neighbourhoods.actions import transfer_moving

    seconds, queries = _timed(lambda: transfer_moving.move(transfer=transfer.pk, by=by))
    transfer.refresh_from_db()
    counted = list(transfer.counts.filter(run=transfer.run))
    return {
        "what": what,
        "seconds": seconds,
        "queries": queries,
        "lines": transfer.lines.filter(run=transfer.run).count(),
        "before": sum(one.before_from for one in counted),
        "after": sum(one.after_to - one.before_to + one.there for one in counted),
    }


def _undone(transfer: Any, by: Any) -> dict[str, Any]:
    from locality.neighbourhoods.actions import transfer_moving
    from locality.neighbourhoods.queries.transfer_counts import counts, within

    to, back, on = transfer.to_organisation_id, transfer.from_organisation_id, transfer.on
    before = sum(counts(within=within(transfer), organisation=to, on=on).values())
    seconds, queries = _timed(lambda: transfer_moving.undo(transfer=transfer.pk, by=by))
    transfer.refresh_from_db()
    return {
        "what": "undone",
        "seconds": seconds,
        "queries": queries,
        "lines": transfer.lines.filter(run=transfer.run).exclude(undone_at=None).count(),
        "before": before,
        "after": sum(counts(within=within(transfer), organisation=back, on=on).values()),
    }


def _stands(transfer: Any) -> list[str]:
    """Every row that a move may change, each as one digest, in order; versions of tasks only grow."""
    from django.db.models import F

    from locality.access.models import Relationship, Role
    from locality.directory.models import Practitioner, Service, Team, TeamMembership
    from locality.neighbourhoods.models import Alert, Allocation, Caseload, Post, PostFilled, Referral, Task

    found = []
    dated = (TeamMembership, Role, Post, PostFilled, Relationship)
    for model in (Team, Service, Practitioner, Caseload, Allocation, Alert, Referral, Task, *dated):
        rows = model._default_manager.order_by("pk")
        if model in dated:
            # what ended on its first day never was
            rows = rows.exclude(ends_on=F("starts_on"))
        for row in rows.values().iterator():
            row.pop("version", None)
            found.append(hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest())
    return found


if __name__ == "__main__":
    main()
