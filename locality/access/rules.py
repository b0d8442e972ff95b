"""Who may see what, as tables and pure functions.

The tables are those of the field (role x class of row, relationship x class of row): the answer is the lowest
ceiling, so a refusal always wins and adding a restriction never opens anything. What is not written here is
hidden. Breaking the glass, dissent, proxies and the person's own view belong to the access floor's next work:
until then each of them ends in a refusal.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from locality.base import Viewer, ViewerKind


class Answer(IntEnum):
    """How much may be seen, lowest first."""

    HIDE = 0  # as if it did not exist
    MASK = 1  # more is held; whom to ask
    ASK = 2  # may be asked for with a reason
    REDACT = 3  # the line without what opens below it
    PERMIT = 4


class DataClass(StrEnum):
    ID = "ID"
    LOC = "LOC"
    SUM = "SUM"
    CLIN = "CLIN"
    SOC = "SOC"
    SENS = "SENS"
    SAFE = "SAFE"
    WORK = "WORK"
    AUD = "AUD"
    PRIOR = "PRIOR"


class Label(StrEnum):
    """FHIR confidentiality, as the sender set it."""

    NORMAL = "N"
    RESTRICTED = "R"
    VERY_RESTRICTED = "V"


class Seal(StrEnum):
    NONE = ""
    SEALED = "sealed"
    LOCKED = "locked"


class RoleCode(StrEnum):
    CLINICIAN = "clinician"
    SOCIAL_WORKER = "social_worker"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    CARE_COORDINATOR = "care_coordinator"
    CARE_HOME = "care_home"
    LINK_WORKER = "link_worker"
    PRIVACY_OFFICER = "privacy_officer"
    IDENTITY_CUSTODIAN = "identity_custodian"
    ANALYST = "analyst"
    BOARD = "board"
    ADMINISTRATOR = "administrator"


ROLE_WORDS = {
    RoleCode.CLINICIAN: "Clinician",
    RoleCode.SOCIAL_WORKER: "Social worker",
    RoleCode.SAFEGUARDING_LEAD: "Safeguarding lead",
    RoleCode.CARE_COORDINATOR: "Care coordinator",
    RoleCode.CARE_HOME: "Care home or visiting carer",
    RoleCode.LINK_WORKER: "Link worker",
    RoleCode.PRIVACY_OFFICER: "Privacy officer",
    RoleCode.IDENTITY_CUSTODIAN: "Identity custodian",
    RoleCode.ANALYST: "Analyst",
    RoleCode.BOARD: "Commissioner or board member",
    RoleCode.ADMINISTRATOR: "Administrator",
}


class RelationKind(StrEnum):
    """Why a team, organisation or practitioner may know a person: each is a dated row."""

    REGISTERED_PRACTICE = "registered_practice"
    CASELOAD = "caseload"
    EPISODE = "episode"
    MEETING = "meeting"
    DUTY = "duty"
    CARE_HOME = "care_home"
    REFERRAL = "referral"
    VISIT = "visit"


class Relation(StrEnum):
    """What the dated rows amount to for one viewer."""

    OWN_TEAM = "own team"
    REFERRAL = "open referral"
    VISIT = "visit"
    ENDED = "ended within 28 days"
    ORGANISATION = "same organisation, another team"
    NONE = "none"


AMOUNTS_TO = {
    RelationKind.REGISTERED_PRACTICE: Relation.OWN_TEAM,
    RelationKind.CASELOAD: Relation.OWN_TEAM,
    RelationKind.EPISODE: Relation.OWN_TEAM,
    RelationKind.MEETING: Relation.OWN_TEAM,
    RelationKind.DUTY: Relation.OWN_TEAM,
    RelationKind.CARE_HOME: Relation.OWN_TEAM,
    RelationKind.REFERRAL: Relation.REFERRAL,
    RelationKind.VISIT: Relation.VISIT,
}

OWN_TEAM_KINDS = tuple(kind for kind, relation in AMOUNTS_TO.items() if relation == Relation.OWN_TEAM)

FADES_AFTER_DAYS = 28

_LETTERS = {"H": Answer.HIDE, "M": Answer.MASK, "A": Answer.ASK, "R": Answer.REDACT, "P": Answer.PERMIT}


def _row(columns: tuple[DataClass, ...], letters: str) -> dict[DataClass, Answer]:
    return {column: _LETTERS[letter] for column, letter in zip(columns, letters.split(), strict=True)}


_ROLE_COLUMNS = tuple(DataClass)
BY_ROLE = {
    RoleCode.CLINICIAN: _row(_ROLE_COLUMNS, "P P P P P P A P H H"),
    RoleCode.SOCIAL_WORKER: _row(_ROLE_COLUMNS, "P P P R P A P P H H"),
    RoleCode.SAFEGUARDING_LEAD: _row(_ROLE_COLUMNS, "P P P P P P P P H H"),
    RoleCode.CARE_COORDINATOR: _row(_ROLE_COLUMNS, "P P R H R H M P H H"),
    RoleCode.CARE_HOME: _row(_ROLE_COLUMNS, "P P P H R H M P H H"),
    RoleCode.LINK_WORKER: _row(_ROLE_COLUMNS, "P P R H H H H P H H"),
    RoleCode.PRIVACY_OFFICER: _row(_ROLE_COLUMNS, "R H H H H H H H P H"),
    RoleCode.IDENTITY_CUSTODIAN: _row(_ROLE_COLUMNS, "P H H H H H H H H P"),
    RoleCode.ANALYST: _row(_ROLE_COLUMNS, "H H H H H H H H H H"),
    RoleCode.BOARD: _row(_ROLE_COLUMNS, "H H H H H H H H H H"),
    RoleCode.ADMINISTRATOR: _row(_ROLE_COLUMNS, "H H H H H H H H H H"),
}

_RELATION_COLUMNS = tuple(DataClass)[:8]
BY_RELATION = {
    Relation.OWN_TEAM: _row(_RELATION_COLUMNS, "P P P P P P P P"),
    Relation.REFERRAL: _row(_RELATION_COLUMNS, "P P P P P A P P"),
    Relation.VISIT: _row(_RELATION_COLUMNS, "P P P A R H M P"),
    Relation.ENDED: _row(_RELATION_COLUMNS, "P A A A A A A R"),
    Relation.ORGANISATION: _row(_RELATION_COLUMNS, "R A A A A A A A"),
    Relation.NONE: _row(_RELATION_COLUMNS, "R A A A A A H A"),
}

BY_LABEL = {Label.NORMAL: Answer.PERMIT, Label.RESTRICTED: Answer.ASK, Label.VERY_RESTRICTED: Answer.HIDE}
BY_SEAL = {Seal.NONE: Answer.PERMIT, Seal.SEALED: Answer.ASK, Seal.LOCKED: Answer.HIDE}

# more than the name: a record that opens shows at least one of these
BEYOND_IDENTITY = tuple(set(_RELATION_COLUMNS) - {DataClass.ID})


@dataclass(frozen=True, slots=True)
class Opening:
    """What one viewer may see of one person, by class of row."""

    relation: Relation
    whole: frozenset[DataClass]
    redacted: frozenset[DataClass]

    @property
    def opens(self) -> bool:
        """Whether the record opens at all: knowing the name alone opens nothing."""
        return bool((self.whole | self.redacted) & set(BEYOND_IDENTITY))


CLOSED = Opening(relation=Relation.NONE, whole=frozenset(), redacted=frozenset())


def opening(*, viewer: Viewer, relation: Relation) -> Opening:
    """The lowest of the role's and the relationship's ceilings, class by class; closed for whoever is not named."""
    if viewer.kind != ViewerKind.PRACTITIONER or viewer.purpose != "care":
        return CLOSED
    if relation in (Relation.ENDED, Relation.ORGANISATION, Relation.NONE):
        return Opening(relation=relation, whole=frozenset(), redacted=frozenset())
    by_role = BY_ROLE.get(RoleCode(viewer.role), {}) if viewer.role in set(RoleCode) else {}
    answers = {
        column: min(by_role.get(column, Answer.HIDE), ceiling) for column, ceiling in BY_RELATION[relation].items()
    }
    return Opening(
        relation=relation,
        whole=frozenset(column for column, answer in answers.items() if answer == Answer.PERMIT),
        redacted=frozenset(column for column, answer in answers.items() if answer == Answer.REDACT),
    )


_STRONGEST = {relation: rank for rank, relation in enumerate(Relation)}


def strongest(relations: set[Relation]) -> Relation:
    """The relationship that opens most, of those that hold."""
    return min(relations, key=_STRONGEST.__getitem__, default=Relation.NONE)


MAY_FIND = frozenset(code for code, row in BY_ROLE.items() if row[DataClass.ID] > Answer.HIDE)
MAY_RUN_SOURCES = frozenset({RoleCode.ADMINISTRATOR})
MAY_DECIDE_IDENTITY = frozenset({RoleCode.IDENTITY_CUSTODIAN})
MAY_SEE_LINKAGE_QUALITY = frozenset({RoleCode.IDENTITY_CUSTODIAN, RoleCode.ANALYST, RoleCode.ADMINISTRATOR})


def may_find(viewer: Viewer) -> bool:
    """Whether this role may look a person up by name or number."""
    return viewer.kind == ViewerKind.PRACTITIONER and viewer.role in MAY_FIND


def may_run_sources(viewer: Viewer) -> bool:
    """Whether this role looks after what the sources send."""
    return viewer.kind == ViewerKind.SYSTEM or viewer.role in MAY_RUN_SOURCES


def may_decide_identity(viewer: Viewer) -> bool:
    """Whether this role decides who is who."""
    return viewer.kind == ViewerKind.PRACTITIONER and viewer.role in MAY_DECIDE_IDENTITY


def may_see_linkage_quality(viewer: Viewer) -> bool:
    """Whether this role sees how well people are linked: figures, about nobody."""
    return viewer.kind == ViewerKind.SYSTEM or viewer.role in MAY_SEE_LINKAGE_QUALITY
