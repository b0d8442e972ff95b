"""Which chapter of the timeline a source writes in. Pure: tables that SQL and Python both read."""

import re

from locality.directory.rules import OrganisationKind

CHAPTERS = {"care": "Care", "hospital": "Hospital", "social": "Social", "community": "Community"}
ALL = "all"
# an organisation may have several settings, each with a source: then the source's own code tells which
BY_SOURCE = (
    ("community", r"(^|-)(community|mental-health|district|intermediate|hospice|voluntary)(-|$)"),
    ("social", r"(^|-)(social|children|housing|home-care|day-care)(-|$)"),
    ("care", r"(^|-)(gp|practice|practices|pharmacy|dentist)(-|$)"),
    ("hospital", r"(^|-)(acute|hospital|adt|ambulance|out-of-hours|urgent)(-|$)"),
)
BY_KIND = {
    "care": (
        OrganisationKind.PRACTICE,
        OrganisationKind.PRIMARY_CARE_NETWORK,
        OrganisationKind.GP_FEDERATION,
    ),
    "hospital": (OrganisationKind.TRUST, OrganisationKind.AMBULANCE, OrganisationKind.OUT_OF_HOURS),
    "social": (
        OrganisationKind.COUNCIL,
        OrganisationKind.CARE_PROVIDER,
        OrganisationKind.EDUCATION,
        OrganisationKind.HOUSING,
    ),
    "community": (OrganisationKind.VOLUNTARY, OrganisationKind.HOSPICE),
}
ELSE = "care"


def chapter_of(*, source: str, kind: str) -> str:
    """The chapter of a source: by its code's words, else by the kind of its organisation."""
    for chapter, words in BY_SOURCE:
        if re.search(words, source):
            return chapter
    return next((chapter for chapter, kinds in BY_KIND.items() if kind in kinds), ELSE)
