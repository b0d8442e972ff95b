"""Moving services from one organisation to another: its states, who agrees, and what is part of it.

A team is who looks after whom, so it goes on: what hangs on it goes with it. What says who employs, who answers for it
or who was asked ends and begins anew, so that what was so before can still be read.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from locality.access.rules import RoleCode
from locality.base import Refused, Viewer, ViewerKind
from locality.neighbourhoods.rules import inbox, outbox, referrals, tasks
from locality.neighbourhoods.rules.assessments import AssessmentState
from locality.neighbourhoods.rules.candidates import CandidateState
from locality.neighbourhoods.rules.corrections import CorrectionState
from locality.neighbourhoods.rules.meetings import MeetingState
from locality.neighbourhoods.rules.plans import PartKind


class TransferState(StrEnum):
    PLANNED = "planned"
    AGREED = "agreed"
    MOVED = "moved"
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"


STATE_WORDS = {
    TransferState.PLANNED: "Waiting for both to agree",
    TransferState.AGREED: "Agreed by both",
    TransferState.MOVED: "Moved; waiting for both to sign",
    TransferState.SIGNED: "Signed by both",
    TransferState.WITHDRAWN: "Withdrawn",
}
OPEN = (TransferState.PLANNED, TransferState.AGREED, TransferState.MOVED)


class TransferMove(StrEnum):
    CHANGE = "change"
    AGREE = "agree"
    MOVE = "move"
    UNDO = "undo"
    SIGN = "sign"
    WITHDRAW = "withdraw"


# what each may be done from
MOVES = {
    TransferMove.CHANGE: (TransferState.PLANNED, TransferState.AGREED),
    TransferMove.AGREE: (TransferState.PLANNED,),
    TransferMove.MOVE: (TransferState.AGREED,),
    TransferMove.UNDO: (TransferState.MOVED,),
    TransferMove.SIGN: (TransferState.MOVED,),
    TransferMove.WITHDRAW: (TransferState.PLANNED, TransferState.AGREED),
}


class TransferMoveNotAllowed(Refused):
    """It cannot be done with a transfer that stands so; who was first, where somebody was."""

    def __init__(self, state: TransferState, *, who: str = "", when: str = "") -> None:
        by = f" {who} did that, {when}." if who else ""
        super().__init__(f"This move is: {STATE_WORDS[state].lower()}. So that cannot be done now.{by}")


def check_move(state: TransferState, move: TransferMove, *, who: str = "", when: str = "") -> None:
    """Raise TransferMoveNotAllowed where a transfer that stands so cannot be moved so."""
    if state not in MOVES[move]:
        raise TransferMoveNotAllowed(state, who=who, when=when)


class Side(StrEnum):
    FROM = "from"
    TO = "to"


class Step(StrEnum):
    PLAN = "plan"  # agreed before the day
    MOVED = "moved"  # signed after it


# who begins, moves and undoes; and who may agree and sign for their own organisation
MAY_BEGIN = frozenset({RoleCode.ADMINISTRATOR})
MAY_AGREE = frozenset({RoleCode.ADMINISTRATOR, RoleCode.BOARD, RoleCode.CARE_COORDINATOR})


def may_begin(viewer: Viewer) -> bool:
    """Whether this role plans moves, and does and undoes them."""
    return viewer.kind == ViewerKind.PRACTITIONER and viewer.role in MAY_BEGIN


def may_look(viewer: Viewer) -> bool:
    """Whether this role sees moves: all of them who begins them, their own organisation's who agrees to them."""
    return viewer.kind == ViewerKind.PRACTITIONER and viewer.role in MAY_BEGIN | MAY_AGREE


def side_of(viewer: Viewer, *, from_: UUID, to: UUID) -> Side | None:
    """For which side somebody may agree and sign: that of the organisation for which they are signed in."""
    if viewer.kind != ViewerKind.PRACTITIONER or viewer.role not in MAY_AGREE:
        return None
    return {from_: Side.FROM, to: Side.TO}.get(viewer.organisation) if viewer.organisation else None


class Scope(StrEnum):
    """What a row hangs on, which says whether it is part of a move."""

    TEAM = "team"
    SERVICE = "service"
    STAFF = "staff"


class How(StrEnum):
    """What becomes of a row that is part of a move."""

    RIDES = "goes with its team or service, as it is"
    CHANGED = "is changed"
    BEGUN = "ends on the day, and begins anew"


class Names(StrEnum):
    """What a plan to move names: what moves, and who of the staff does not."""

    TEAM = "team"
    SERVICE = "service"
    STAYS = "stays"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of row that is part of a move: where it hangs, when it counts, and whose it is.

    `path` leads from the row to the team, service or practitioner it hangs on, `owner` to the organisation it is of;
    `held` rows are dated and count from the day on; `staff` leads to a practitioner who must be one of those who move.
    """

    code: str
    words: str
    model: str
    scope: Scope
    path: str
    owner: str
    how: How = How.RIDES
    where: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    held: bool = False
    staff: str = ""


def _of_team(code: str, words: str, model: str, *, path: str = "team", **other: Any) -> Kind:
    """What hangs on a team goes with it, and is of whoever leads the team."""
    name = f"neighbourhoods.{model}" if "." not in model else model
    owner = f"{path}__lead_organisation"
    return Kind(code=code, words=words, model=name, scope=Scope.TEAM, path=path, owner=owner, **other)


# A new kind of work is one line here; a test finds every model that hangs on a team or a service and has none.
KINDS: tuple[Kind, ...] = (
    Kind(
        code="teams",
        words="Teams",
        model="directory.Team",
        scope=Scope.TEAM,
        path="pk",
        owner="lead_organisation",
        how=How.CHANGED,
    ),
    Kind(
        code="services",
        words="Services",
        model="directory.Service",
        scope=Scope.SERVICE,
        path="pk",
        owner="organisation",
        how=How.CHANGED,
    ),
    _of_team("caseload", "People on the caseload", "Caseload", where={"off_at": None}),
    _of_team(
        "coordinated",
        "People whose coordinator moves too",
        "Allocation",
        path="caseload__team",
        where={"ends_at": None, "caseload__off_at": None},
        staff="coordinator",
    ),
    _of_team("candidates", "People put forward", "Candidate", where={"state": CandidateState.WAITING}),
    _of_team(
        "reasons", "Reasons to know a person, of a team", "access.Relationship", where={"ended_at": None}, held=True
    ),
    _of_team("tasks", "Tasks to do", "Task", where={"state__in": tasks.OPEN}),
    _of_team("alerts", "Alerts to see to", "Alert", where={"state__in": inbox.OPEN}),
    _of_team(
        "actions",
        "Actions of plans",
        "PlanPart",
        where={"kind": PartKind.ACTION, "removed_at": None, "task__state__in": tasks.OPEN},
    ),
    _of_team("assessments", "Assessments begun", "Assessment", where={"state": AssessmentState.DRAFT}),
    _of_team("series", "Rows of meetings", "MeetingSeries", held=True),
    _of_team("meetings", "Meetings to come", "Meeting", where={"state": MeetingState.PLANNED}),
    _of_team("messages", "Messages waiting to go", "Message", where={"state": outbox.MessageState.WAITING}),
    _of_team("referrals-sent", "Referrals sent, not yet over", "Referral", where={"state__in": referrals.OPEN}),
    _of_team("support", "People supported", "Support", where={"ended_at": None}),
    _of_team("classes", "Classes", "Course"),
    _of_team("class-places", "Places in classes", "CoursePlace", path="course__team"),
    _of_team("put-right", "Requests to put something right", "Correction", where={"state": CorrectionState.ASKED}),
    Kind(
        code="room",
        words="What was said of the room in a service",
        model="directory.ServiceCapacity",
        scope=Scope.SERVICE,
        path="service",
        owner="service__organisation",
    ),
    Kind(
        code="referrals-team",
        words="Referrals to a team, not yet over",
        model="neighbourhoods.Referral",
        scope=Scope.TEAM,
        path="to_team",
        owner="to_organisation",
        how=How.CHANGED,
        where={"state__in": referrals.OPEN},
    ),
    Kind(
        code="referrals-service",
        words="Referrals to a service, not yet over",
        model="neighbourhoods.Referral",
        scope=Scope.SERVICE,
        path="to_service",
        owner="to_organisation",
        how=How.CHANGED,
        where={"state__in": referrals.OPEN},
    ),
    Kind(
        code="reasons-referral",
        words="Reasons to know a person, by a referral to a service",
        model="neighbourhoods.Referral",
        scope=Scope.SERVICE,
        path="to_service",
        owner="relationship__organisation",
        how=How.BEGUN,
        where={"state__in": referrals.OPEN, "to_team": None, "relationship__ended_at": None},
    ),
    Kind(
        code="memberships",
        words="Times in a team, of those who move",
        model="directory.TeamMembership",
        scope=Scope.TEAM,
        path="team",
        owner="employer",
        how=How.BEGUN,
        held=True,
        staff="practitioner",
    ),
    Kind(
        code="roles",
        words="Roles to sign in with, of those who move",
        model="access.Role",
        scope=Scope.STAFF,
        path="practitioner",
        owner="organisation",
        how=How.BEGUN,
        held=True,
    ),
    Kind(
        code="employers",
        words="Practitioners by their employer",
        model="directory.Practitioner",
        scope=Scope.STAFF,
        path="pk",
        owner="employer",
        how=How.CHANGED,
    ),
    Kind(
        code="posts",
        words="Posts",
        model="neighbourhoods.Post",
        scope=Scope.TEAM,
        path="team",
        owner="employer",
        how=How.BEGUN,
        held=True,
    ),
    Kind(
        code="filled",
        words="Posts filled by those who move",
        model="neighbourhoods.PostFilled",
        scope=Scope.TEAM,
        path="post__team",
        owner="post__employer",
        how=How.BEGUN,
        held=True,
        staff="practitioner",
    ),
    Kind(
        code="weeks",
        words="Working days of a usual week, of those who move",
        model="neighbourhoods.WorkingDay",
        scope=Scope.STAFF,
        path="practitioner",
        owner="practitioner__employer",
        held=True,
    ),
    Kind(
        code="drafts",
        words="Notes being written, of those who move",
        model="neighbourhoods.NoteDraft",
        scope=Scope.STAFF,
        path="practitioner",
        owner="practitioner__employer",
    ),
)
BY_CODE = {kind.code: kind for kind in KINDS}

# what hangs on a team or a service and is no part of a move, and why
LEFT = {
    "directory.ServiceAt": "where a service is given: of the service",
    "directory.ServiceTime": "when a service is given: of the service",
    "directory.ServiceReport": "what was said to be wrong of a service: of the service",
    "directory.FeedEntry": "what a directory sent of a service stays as it was sent",
    "neighbourhoods.SupportOffer": "what was offered was offered by whom it was",
    "directory.Source": "who sends what is kept by the place's pack",
    "directory.Safeguarding": "the place's pack says who receives concerns: a team, whoever leads it",
    "access.AddressGrant": "of the team, which goes on",
    "access.Override": "who broke the glass, and for whom, is history",
    "neighbourhoods.Note": "what was written keeps whose it was",
    "neighbourhoods.MeetingItem": "of its meeting",
    "neighbourhoods.TransferPart": "the plan itself",
}


class CountsDiffer(Refused):
    """What was counted before is not what is there after: nothing was moved."""

    def __init__(self, wrong: Collection[str]) -> None:
        super().__init__(f"The counts before and after are not the same, so nothing was moved: {'; '.join(wrong)}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One kind, counted on both sides before and after; `there` were with the new organisation in their own right."""

    code: str
    before_from: int
    before_to: int
    after_from: int
    after_to: int
    there: int = 0

    @property
    def holds(self) -> bool:
        """Whether nothing was lost on the way, and nothing left behind."""
        return self.after_from == 0 and self.after_to - self.before_to + self.there == self.before_from

    @property
    def words(self) -> str:
        """What is wrong with it."""
        arrived = self.after_to - self.before_to + self.there
        return f"{BY_CODE[self.code].words}: {self.before_from} before, {arrived} after, {self.after_from} left behind"


def check_counts(counted: Collection[Counted]) -> None:
    """Raise CountsDiffer, naming each kind of which the counts before and after are not the same."""
    if wrong := [one.words for one in counted if not one.holds]:
        raise CountsDiffer(wrong)
