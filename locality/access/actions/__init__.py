"""The only ways in: accounts and roles, staff in bulk, reasons to know a person, marks on people, broken glass, and
finding and opening people."""

from locality.access.actions.accounts import add_account, add_role, end_role, set_email, set_password
from locality.access.actions.acting import act_for, act_for_oneself, end_proxy, list_acting, make_proxy
from locality.access.actions.finding import Found, Search, confirm, find, show
from locality.access.actions.glass import break_glass, end_override, review_override
from locality.access.actions.marking import (
    declare_conflict,
    end_address_grant,
    end_conflict,
    grant_address,
    seal,
    unseal,
    unwatch,
    watch,
)
from locality.access.actions.objecting import (
    record_objection,
    withdraw_objection,
)
from locality.access.actions.opening import NotOpened, open_record, refuse
from locality.access.actions.relating import (
    Arrived,
    Reason,
    end_relationship,
    follow_patients,
    relate,
    relate_from_source,
    relate_shared,
    still_open,
)
from locality.access.actions.signing_in import begin_session, end_session, end_sessions, prove_again, try_password
from locality.access.actions.staff import RefusedRow, StaffLoaded, load_practitioners

__all__ = [
    "act_for",
    "act_for_oneself",
    "break_glass",
    "end_override",
    "review_override",
    "declare_conflict",
    "end_address_grant",
    "end_conflict",
    "end_proxy",
    "grant_address",
    "make_proxy",
    "seal",
    "unseal",
    "unwatch",
    "watch",
    "record_objection",
    "withdraw_objection",
    "Arrived",
    "Found",
    "NotOpened",
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
    "list_acting",
    "load_practitioners",
    "open_record",
    "prove_again",
    "refuse",
    "relate",
    "relate_from_source",
    "relate_shared",
    "set_email",
    "set_password",
    "show",
    "still_open",
    "try_password",
]
