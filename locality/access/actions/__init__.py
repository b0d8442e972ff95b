"""The only ways in: accounts and roles, staff in bulk, reasons to know a person, and finding and opening people."""

from locality.access.actions.accounts import add_account, add_role, end_role, set_email, set_password
from locality.access.actions.opening import (
    Arrived,
    Found,
    Reason,
    Search,
    confirm,
    end_relationship,
    find,
    follow_patients,
    open_record,
    refuse,
    relate,
    relate_from_source,
    show,
)
from locality.access.actions.signing_in import begin_session, end_session, end_sessions, prove_again, try_password
from locality.access.actions.staff import RefusedRow, StaffLoaded, load_practitioners

__all__ = [
    "Arrived",
    "Found",
    "Reason",
    "RefusedRow",
    "Search",
    "StaffLoaded",
    "add_account",
    "add_role",
    "begin_session",
    "confirm",
    "end_relationship",
    "end_role",
    "end_session",
    "end_sessions",
    "find",
    "follow_patients",
    "load_practitioners",
    "open_record",
    "prove_again",
    "refuse",
    "relate",
    "relate_from_source",
    "set_email",
    "set_password",
    "show",
    "try_password",
]
