"""Ten thousand referrals of one team: `python -m benchmarks.referrals_made USERNAME`, in a process of its own.

Half of them sent by the first team of the practitioner named, half sent to it, about those whom it may know; of each
half most are over, as in a team that has worked for years. Prints what was made as JSON.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

from benchmarks.team_made import _viewer

REFERRALS, OPEN_OF = 10_000, 10
NEEDS = ("falls", "loneliness", "wound", "equipment", "benefits")


def main(username: str) -> None:
    from locality.cli import edge

    edge.with_database()
    from locality.directory.models import Team
    from locality.neighbourhoods.models import Referral, ReferralHistory

    by = _viewer(username, at=datetime.now(UTC))
    mine = Team.objects.get(pk=sorted(by.teams)[0])
    other = Team.objects.exclude(pk=mine.pk).order_by("code")[0]
    people = _known(mine.pk)
    rows = [_one(number, people[number % len(people)], mine, other, by) for number in range(REFERRALS)]
    Referral.objects.bulk_create(rows, batch_size=2000)
    steps = [ReferralHistory(referral=row, what="sent", became="sent", at=row.sent_at, by=by.id) for row in rows]
    ReferralHistory.objects.bulk_create(steps, batch_size=2000)
    opened = next(row for row in rows if row.to_team_id == mine.pk and row.state == "sent")
    print(json.dumps({"referrals": len(rows), "people": len(people), "one": str(opened.pk), "of": str(people[0])}))


def _known(team: UUID) -> list[UUID]:
    from locality.access.models import Relationship
    from locality.people.models import Person

    known = Relationship.objects.filter(team=team, ends_on=None).values("person")
    here = Person.objects.filter(pk__in=known, merged_into=None, died=False)
    return list(here.order_by("pk").values_list("pk", flat=True))


def _one(number: int, person: UUID, mine, other, by):  # type: ignore[no-untyped-def]
    from locality.neighbourhoods.models import Referral

    sent_at = by.at - timedelta(hours=number % 8000)
    is_open = number // 2 % OPEN_OF == 0
    sends, takes = (mine, other) if number % 2 else (other, mine)
    over = {} if is_open else {"state": "done", "outcome": "met", "ended_at": sent_at + timedelta(days=9)}
    return Referral(
        person_id=person,
        team=sends,
        sender_id=sends.lead_organisation_id,
        to_team=takes,
        to_organisation_id=takes.lead_organisation_id,
        need=NEEDS[number % len(NEEDS)],
        asked=f"What number {number} needs",
        agreed="agreed",
        data_class="WORK",
        sent_at=sent_at,
        answer_by=sent_at + timedelta(days=5),
        made_by=by.id,
        **over,
    )


if __name__ == "__main__":
    main(sys.argv[1])
