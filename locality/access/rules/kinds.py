"""The words of access: answers, classes, labels, seals, roles, reasons to know a person, actions, factors."""

from enum import IntEnum, StrEnum


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
    PLAN = "PLAN"  # the one plan, and what it is made of: everybody it opens to writes in it
    AUD = "AUD"
    PRIOR = "PRIOR"


class Label(StrEnum):
    """FHIR confidentiality, as the sender set it."""

    NORMAL = "N"
    RESTRICTED = "R"
    VERY_RESTRICTED = "V"


class Seal(StrEnum):
    """What the person, or the sender for them, closed to everybody outside the named team."""

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

# whoever is not a practitioner is looked up in the table of roles by these: an account never holds them as a role
PERSON, PROXY = "person", "proxy"


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
    """What the dated rows amount to for one viewer, the one that opens most first."""

    OWN_TEAM = "own team"
    REFERRAL = "open referral"
    VISIT = "visit"
    ENDED = "ended within 28 days"
    ORGANISATION = "same organisation, another team"
    NONE = "none"
    SELF = "the person themselves"
    PROXY = "acts for the person"


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

_STRONGEST = {relation: rank for rank, relation in enumerate(Relation)}


def strongest(relations: set[Relation]) -> Relation:
    """The relationship that opens most, of those that hold."""
    return min(relations, key=_STRONGEST.__getitem__, default=Relation.NONE)


class Action(StrEnum):
    """What is done with a row."""

    READ = "read"
    EXPORT = "export"  # or print, in bulk
    WRITE = "write"
    CONTACT = "contact"
    WRITE_PLAN = "write_plan"  # in the one plan, which is the person's too, and of whoever acts for them
    DECIDE = "decide"  # who acts for somebody, and what is released to them


class Factor(StrEnum):
    """What gives a ceiling."""

    ROLE = "role"
    RELATION = "relation"
    LABEL = "label"
    SEAL = "seal"
    DISSENT = "dissent"
    ADDRESS = "address"
    PRIOR = "prior"
    CONFLICT = "conflict"
    PURPOSE = "purpose"
    SCOPE = "scope"
    SECOND_FACTOR = "second_factor"
    ACTION = "action"
    DECEASED = "deceased"
    LIMITS = "limits"


class Obligation(StrEnum):
    """What showing a row, or refusing it, obliges to."""

    AUDIT = "audit"
    REASON = "reason"
    ALERT = "alert"
    TELL_THE_PERSON = "tell the person"
    REVIEW = "review"


class Right(StrEnum):
    """By which right a record was opened."""

    RELATION = "relation"
    OVERRIDE = "override"
    SELF = "self"
    PROXY = "proxy"
