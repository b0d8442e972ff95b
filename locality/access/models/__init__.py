"""Accounts, roles, relationships, broken glass, marks on people, and the columns every guarded row carries."""

from locality.access.models.accounts import Account, Role
from locality.access.models.asking import PublicAsking
from locality.access.models.guarded import Guarded
from locality.access.models.marks import (
    AddressGrant,
    Conflict,
    Objection,
    ObjectionIntake,
    ObjectionRejected,
    PersonSeal,
    Proxy,
    Release,
    Watch,
)
from locality.access.models.override import Override
from locality.access.models.relationships import Look, Relationship
from locality.access.models.signing_in import (
    Draft,
    Factor,
    FactorsLost,
    Forgotten,
    KnownNetwork,
    Notice,
    RecoveryCode,
    Session,
    Subject,
    WayIn,
    WrongTry,
)

__all__ = [
    "Draft",
    "KnownNetwork",
    "WrongTry",
    "Forgotten",
    "WayIn",
    "RecoveryCode",
    "Factor",
    "FactorsLost",
    "Notice",
    "Subject",
    "Session",
    "Account",
    "AddressGrant",
    "Conflict",
    "Guarded",
    "Look",
    "Objection",
    "ObjectionIntake",
    "ObjectionRejected",
    "Override",
    "PersonSeal",
    "Proxy",
    "PublicAsking",
    "Relationship",
    "Release",
    "Role",
    "Watch",
]
