"""Accounts, roles, relationships, broken glass, marks on people, and the columns every guarded row carries."""

from locality.access.models.accounts import Account, Role
from locality.access.models.guarded import Guarded
from locality.access.models.marks import (
    AddressGrant,
    Conflict,
    Objection,
    ObjectionIntake,
    ObjectionRejected,
    PersonSeal,
    Proxy,
    Watch,
)
from locality.access.models.override import Override
from locality.access.models.relationships import Look, Relationship

__all__ = [
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
    "Relationship",
    "Role",
    "Watch",
]
