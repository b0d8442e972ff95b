"""Which chapter of the timeline a source writes in. Pure: tables that SQL and Python both read."""

import re

from locality.directory.rules import OrganisationKind

ALL = "all"
CHAPTERS = {"care": "Care", "hospital": "Hospital", "social": "Social", "community": "Community"}
# an organisation may have several settings, each with a source: then the source's own code tells which
BY_SOURCE = (
    ("community", r"(^|-)(community|mental-health|district|intermediate|hospice|voluntary)(-|$)"),
    ("social", r"(^|-)(social|children|housing|home-care|day-care)(-|$)"),
    ("care", r"(^|-)(gp|practice|practices|pharmacy|dentist)(-|$)"),
    ("hospital", r"(^|-)(acute|hospital|adt|ambulance|out-of-hours|urgent)(-|$)"),
)
BY_KIND = {
    OrganisationKind.PRACTICE: "care",
    OrganisationKind.PRIMARY_CARE_NETWORK: "care",
    OrganisationKind.GP_FEDERATION: "care",
    OrganisationKind.TRUST: "hospital",
    OrganisationKind.AMBULANCE: "hospital",
    OrganisationKind.OUT_OF_HOURS: "hospital",
    OrganisationKind.COUNCIL: "social",
    OrganisationKind.CARE_PROVIDER: "social",
    OrganisationKind.EDUCATION: "social",
    OrganisationKind.HOUSING: "social",
    OrganisationKind.VOLUNTARY: "community",
    OrganisationKind.HOSPICE: "community",
}
ELSE = "care"


def chapter_of(*, source: str, kind: str) -> str:
    """The chapter of a source: by its code's words, else by the kind of its organisation."""
    for chapter, words in BY_SOURCE:
        if re.search(words, source):
            return chapter
    return BY_KIND.get(OrganisationKind(kind), ELSE)


def chapter_case() -> tuple[str, list[str]]:
    """The same as SQL over the aliases `source` and `organisation`, with its parameters."""
    whens = ["when source.code ~ %s then %s"] * len(BY_SOURCE) + ["when organisation.kind = %s then %s"] * len(BY_KIND)
    told = [words for chapter, signs in BY_SOURCE for words in (signs, chapter)]
    told += [words for kind, chapter in BY_KIND.items() for words in (str(kind), chapter)]
    return f"case {' '.join(whens)} else %s end", [*told, ELSE]
