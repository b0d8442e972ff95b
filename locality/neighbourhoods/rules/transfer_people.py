"""Writing to the people whose service moved: who may, and why somebody is not written to."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from locality.base import Refused
from locality.neighbourhoods.rules.messages import filled
from locality.neighbourhoods.rules.outbox import Stop
from locality.neighbourhoods.rules.transfers import TransferState

# the place's template by which they are told, and what such a message came from
TEMPLATE, ABOUT = "service-moved", "transfer"

NOT_SIGNED = "They are written to once both organisations have signed: until then the move may be undone."
NOT_YOUR_SIDE = (
    "Somebody of the organisation that looks after them now writes to them: an administrator, a board member or a "
    "coordinator."
)
NO_TEMPLATE = (
    "The place has no words for this yet: add a message with the code \u201cservice-moved\u201d to messages.toml in "
    "its pack."
)
NO_PHONE = (
    "{team} has no telephone number, so nobody could be told whom to ring: add it in teams.toml, and load the pack."
)
BEGUN_ALREADY = "{who} began to write to them already, {when}."
NOBODY_LEFT = "There is nobody left to write to."

# in the words of a count: what the outbox would say of each at the moment of sending, asked before
WHY_NOT = {
    Stop.DIED: "They died",
    Stop.PROTECTED: "Their address is protected, and nobody let their team know it",
    Stop.NOWHERE: "They cannot sign in here, and nobody knows where they live",
    Stop.OBJECTED: "They object to sharing what was written before the move: talk to them",
    Stop.ENDED: "Their team has no reason to know them any longer",
}


def once_of(transfer: UUID, person: UUID) -> str:
    """What names the one message to somebody about one move."""
    return f"transfer {transfer} {person}"


def check_signed(state: TransferState) -> None:
    """Raise Refused while a move may still be undone."""
    if state != TransferState.SIGNED:
        raise Refused(NOT_SIGNED)


def listed(names: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def said(words: str, *, name: str, teams: Sequence[tuple[str, str]], told: Mapping[str, str]) -> str:
    """A template filled for one person: `teams` are those that look after them, each with its telephone number."""
    of_team = {"team": listed([team for team, _ in teams]), "team_phone": " or ".join(phone for _, phone in teams)}
    return filled(words, known={**told, **of_team, "name": name})
