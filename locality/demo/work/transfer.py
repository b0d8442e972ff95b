"""A plan to move health visiting from the council to the Northern Care Alliance: one side agreed, the other has yet to.

Invented, as all work of the demo is: nobody has said that it moves.
"""

from datetime import datetime, timedelta

from django.db import transaction

from locality.base.periods import day_of
from locality.demo.work.who import ViewerOf
from locality.directory import queries as directory
from locality.neighbourhoods.actions import transfers
from locality.neighbourhoods.actions.transfers import NewTransfer
from locality.neighbourhoods.queries import transfers as queries

ADMINISTRATOR, COORDINATOR = "sam.whitaker", "sadia.rahman"
FROM, TO, TEAM = "305", "RM3", "children"
WHY = "One employer for everybody who visits families at home"
DIFFERS = "Our own list has the same names; the posts that are vacant are not written down here yet"


@transaction.atomic
def make_transfer(*, viewer: ViewerOf, now: datetime) -> bool:
    """Plan the move and agree to it for one side; false where it was made before. `viewer(username, at=)`."""
    plans, agrees = viewer(ADMINISTRATOR, at=now - timedelta(days=2)), viewer(COORDINATOR, at=now - timedelta(days=1))
    if plans is None or agrees is None or queries.moves(viewer=plans):
        return False
    row = transfers.plan(
        new=NewTransfer(
            from_organisation=directory.organisation(FROM).pk,
            to_organisation=directory.organisation(TO).pk,
            on=day_of(now) + timedelta(days=21),
            why=WHY,
            teams=(directory.team(TEAM).pk,),
        ),
        by=plans,
    )
    transfers.agree(transfer=row.pk, words=DIFFERS, by=agrees)
    return True
