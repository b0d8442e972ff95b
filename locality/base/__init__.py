"""Viewer, ids, periods, pence, the three refusals: what every floor stands on."""

from locality.base.refusals import NoAccess, NotFound, Overtaken, Refusal, Refused
from locality.base.viewer import SYSTEM_ID, Purpose, Viewer, ViewerKind, system

__all__ = [
    "SYSTEM_ID",
    "NoAccess",
    "NotFound",
    "Overtaken",
    "Purpose",
    "Refusal",
    "Refused",
    "Viewer",
    "ViewerKind",
    "system",
]
