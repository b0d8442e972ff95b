"""What may be told where no more than that may be told: that more is known, and whom to ask before acting.

The screen may be read by whoever sits beside it, the reason for it perhaps among them: it says neither what is held
nor of what kind, and names no team.
"""

from locality.access.queries import Grant, tells_of_more
from locality.access.rules import DataClass
from locality.record.queries.concerns import route
from locality.record.queries.rows import classes_told_of

RING = "Ask before you act alone: ring {phone}, and say who you are and whom you look after."
ASK_A_LEAD = "Ask before you act alone: speak to your team's lead, and say whom you look after."
ASK_THEM = "They sealed a part of this record, and want that to be known. Ask them."


def more_words(grant: Grant) -> tuple[str, ...]:
    """The sentences that stand above a record of which more is held than is shown: no query for most viewers."""
    if not tells_of_more(grant):
        return ()
    kinds = classes_told_of(grant)
    said = []
    if DataClass.SAFE in kinds:
        where = route(grant.person, on=grant.on)
        said.append(RING.format(phone=where.team.phone) if where and where.team.phone else ASK_A_LEAD)
    if kinds - {DataClass.SAFE}:
        said.append(ASK_THEM)
    return tuple(said)
