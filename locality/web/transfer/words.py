"""How a move is said."""

from collections.abc import Sequence

from locality.neighbourhoods.queries.transfers import Listed, Told
from locality.neighbourhoods.rules.transfers import Side, Step, TransferState
from locality.web.words import counted, day

TABLES = {
    "Team": "teams",
    "Service": "services",
    "Practitioner": "practitioners' employers",
    "TeamMembership": "times in a team",
    "Role": "roles to sign in with",
    "Relationship": "reasons to know a person",
    "Post": "posts",
    "PostFilled": "fillings of a post",
    "WorkingDay": "working days",
    "Referral": "referrals",
    "Task": "tasks given back to the team",
    "Alert": "alerts given back to the team",
    "Allocation": "times of coordinating somebody's care",
}


def listed(names: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    names = list(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def title(one: Listed) -> str:
    """What moves from whom to whom."""
    verb = "moves" if len(one.parts) == 1 else "move"
    verb = "moved" if one.state in (TransferState.MOVED, TransferState.SIGNED) else verb
    return f"{listed(one.parts)} {verb} from {one.from_name} to {one.to_name}"


def stands(one: Listed) -> str:
    """How far it is, and on whom it waits."""
    waits = listed(one.waits_for)
    return {
        TransferState.PLANNED: f"Waiting for {waits} to agree",
        TransferState.AGREED: f"Agreed by both; it moves on {day(one.on)}",
        TransferState.MOVED: f"Moved; waiting for {waits} to sign",
        TransferState.SIGNED: "Moved, and signed by both",
        TransferState.WITHDRAWN: "Withdrawn",
    }[one.state]


def answer(found: Sequence[Listed]) -> str:
    """The heading of the list."""
    open_ = [one for one in found if one.state not in (TransferState.SIGNED, TransferState.WITHDRAWN)]
    if not open_:
        return "No service is about to move"
    mine = sum(one.waits_for_viewer for one in open_)
    words = f"{counted(len(open_), 'move')} of services not over yet"
    return f"{words}; {mine} for you to answer" if mine else words


def outcome(told: Told) -> str:
    """Whether the counts hold, in a sentence."""
    if told.moved_at is None:
        return ""
    lines = sum(many for _, _, many in told.written)
    before = sum(one.counted.before_from for one in told.rows if one.counted)
    words = f"{before:,} rows were counted before and {'the same' if told.holds else 'not the same'} after"
    return f"{words}. {counted(lines, 'row')} had to be changed, ended or begun anew; all else went with its team."


def what_ends(told: Told) -> list[str]:
    """What ends, and for whom, in sentences; the day decides the tense."""
    ends, found = told.ends, []
    stay = sum(one.stays for one in told.staff)
    if stay:
        found.append(
            f"{counted(stay, 'practitioner')} {'does' if stay == 1 else 'do'} not move: from {day(told.line.on)} "
            f"they are in none of these teams and know nobody by them."
        )
    for many, words in (
        (
            ends.coordinated,
            "of the people on the caseload lose who coordinates their care: name somebody before the day",
        ),
        (ends.tasks, "of the tasks go back to the team, as whoever has them does not move"),
        (ends.supports, "of those who are supported have nobody of their own until the team says who"),
        (ends.alerts, "of the alerts go back to the team"),
    ):
        if many:
            found.append(f"{many:,} {words}.")
    if ends.objecting:
        found.append(
            f"{counted(ends.objecting, 'person', 'people')} on the caseload "
            f"{'objects' if ends.objecting == 1 else 'object'} to sharing what {told.line.from_name} wrote: their team "
            f"does not read it any more from the day on. Talk to them before."
        )
    return found


def said(step: Step, side: Side) -> str:
    """What somebody did for their side."""
    return "agreed to the plan" if step == Step.PLAN else f"signed what {'left' if side == Side.FROM else 'arrived'}"
