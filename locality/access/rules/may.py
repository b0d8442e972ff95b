"""Which roles come in to which work; nothing here is about one person."""

from locality.access.rules.kinds import Answer, DataClass, Label, RoleCode
from locality.access.rules.tables import BY_ROLE, TABLES
from locality.base import Viewer, ViewerKind

MAY_FIND = frozenset(code for code in RoleCode if BY_ROLE[code][DataClass.ID] > Answer.HIDE)
MAY_RUN_SOURCES = frozenset({RoleCode.ADMINISTRATOR})
MAY_DECIDE_IDENTITY = frozenset({RoleCode.IDENTITY_CUSTODIAN})
MAY_SEE_LINKAGE_QUALITY = frozenset({RoleCode.IDENTITY_CUSTODIAN, RoleCode.ANALYST, RoleCode.ADMINISTRATOR})
MAY_GRANT_ADDRESS = frozenset({RoleCode.PRIVACY_OFFICER, RoleCode.SAFEGUARDING_LEAD})
MAY_REVIEW = frozenset({RoleCode.PRIVACY_OFFICER})


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


def may_break_glass(viewer: Viewer) -> bool:
    """Whether this role may open what says `ask`, with a reason."""
    return viewer.kind == ViewerKind.PRACTITIONER and viewer.role in TABLES.may_ask


def may_name_proxies(viewer: Viewer) -> bool:
    """Whether this role writes down who acts for a person."""
    return viewer.kind == ViewerKind.PRACTITIONER and viewer.role in TABLES.lists["names_proxies"]


def may_release(viewer: Viewer, *, data_class: str, label: str) -> bool:
    """Whether this role decides that a line of this class and label is shown to the person whom it is about."""
    if viewer.kind != ViewerKind.PRACTITIONER:
        return False
    if data_class == DataClass.SAFE:
        return viewer.role in TABLES.lists["releases_safeguarding"]
    return label == Label.VERY_RESTRICTED and viewer.role in TABLES.lists["releases_restricted"]


def may_release_some(viewer: Viewer) -> bool:
    """Whether this role decides of any line whether the person may see it."""
    return any(may_release(viewer, data_class=one, label=Label.VERY_RESTRICTED) for one in DataClass)


def may_review(viewer: Viewer) -> bool:
    """Whether this role reviews broken glass, and keeps conflicts, grants of an address and watches."""
    return viewer.kind == ViewerKind.PRACTITIONER and viewer.role in MAY_REVIEW


def may_grant_address(viewer: Viewer) -> bool:
    """Whether this role says who may know a protected address."""
    return viewer.kind == ViewerKind.PRACTITIONER and viewer.role in MAY_GRANT_ADDRESS
