"""The only ways in: accounts and roles, staff in bulk, reasons to know a person, and finding and opening people."""

from locality.access.actions.accounts import add_account, add_role, end_role, set_password, try_password
from locality.access.actions.finding import Found, Search, confirm, find, show
from locality.access.actions.opening import NotOpened, open_record, refuse
from locality.access.actions.relating import (
    Arrived,
    Reason,
    end_relationship,
    follow_patients,
    relate,
    relate_from_source,
)
from locality.access.actions.staff import RefusedRow, StaffLoaded, load_practitioners

__all__ = [
    "Arrived",
    "Found",
    "NotOpened",
    "Reason",
    "RefusedRow",
    "Search",
    "StaffLoaded",
    "add_account",
    "add_role",
    "confirm",
    "end_relationship",
    "end_role",
    "find",
    "follow_patients",
    "load_practitioners",
    "open_record",
    "refuse",
    "relate",
    "relate_from_source",
    "set_password",
    "show",
    "try_password",
]
