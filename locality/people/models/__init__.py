"""Person, patient, link, pair: who is who, and how that is known."""

from locality.people.models.link import EarlierIdentity, Link, Merge, Placement
from locality.people.models.pair import BlockingKey, Label, LinkageModel, LinkageQuality, Pair
from locality.people.models.patient import Identifier, NameWord, NumberCorrection, Patient
from locality.people.models.person import Person

__all__ = [
    "BlockingKey",
    "EarlierIdentity",
    "Identifier",
    "Label",
    "Link",
    "LinkageModel",
    "LinkageQuality",
    "Merge",
    "NameWord",
    "NumberCorrection",
    "Pair",
    "Patient",
    "Person",
    "Placement",
]
