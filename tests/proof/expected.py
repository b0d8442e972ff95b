"""Who may see what, typed again from the field's own tables: nothing here is imported from the code it judges."""

from tests.proof.markers import Marker
from tests.proof.world import Looker, World

CLASSES = ["ID", "LOC", "SUM", "CLIN", "SOC", "SENS", "SAFE", "WORK", "PLAN", "AUD", "PRIOR"]
ROLE = {
    "clinician": "P P P P P P A P P H H",
    "social_worker": "P P P R P A P P P H H",
    "safeguarding_lead": "P P P P P P P P P H H",
    "care_coordinator": "P P R H R H M P P H H",
    "care_home": "P P P H R H M P P H H",
    "link_worker": "P P R H H H H P P H H",
    "privacy_officer": "R H H H H H H H H P H",
    "identity_custodian": "P H H H H H H H H H P",
    "analyst": "H H H H H H H H H H H",
    "board": "H H H H H H H H H H H",
    "administrator": "H H H H H H H H H H H",
}
RELATION = {
    "own team": "P P P P P P P P P P P",
    "referral": "P P P P P A P P P P P",
    "visit": "P P P A R H M P P P P",
    "ended": "P A A A A A A R A P P",
    "organisation": "R A A A A A A A A P P",
    "none": "R A A A A A H A A P P",
}
LOWEST_FIRST = "HMARP"


def relation(looker: Looker, world: World, key: str) -> str:
    """How somebody knows one person: the riverside team as the world says, the hilltop team the other way round."""
    known = world.people[key].relation
    if looker.team != "hilltop":
        return known
    return {"organisation": "own team", "ended": "none", "none": "none"}.get(known, "organisation")


def ceiling(looker: Looker, world: World, key: str, data_class: str) -> str:
    """The lower of what the role and the relationship allow."""
    place = CLASSES.index(data_class)
    two = ROLE[looker.role].split()[place], RELATION[relation(looker, world, key)].split()[place]
    return min(two, key=LOWEST_FIRST.index)


def in_conflict(looker: Looker, key: str) -> bool:
    """The social worker is the colleague."""
    return looker.key == "social_worker" and key == "colleague"


def may_open(looker: Looker, world: World, key: str) -> bool:
    """Whether the record opens: its summary does; the name alone, or the lines of past work, do not."""
    if looker.role not in ROLE or in_conflict(looker, key) or key == "before":
        return False
    return ceiling(looker, world, key, "SUM") in "RP"


def may_find(looker: Looker) -> bool:
    return looker.role in ROLE and ROLE[looker.role].split()[0] in "RP"


def may_see(marker: Marker, looker: Looker, world: World) -> bool:
    """Whether any page may show this word to this viewer."""
    if marker.data_class == "DESK":
        return looker.key in marker.readers
    if looker.role in ("person", "proxy"):
        return _may_people(marker, looker)
    return bool(looker.role) and _may_staff(marker, looker, world)


OF_PEOPLE = {"person": "P P P P P P H R P R P", "proxy": "P R P R R H H R P H H"}


def _may_people(marker: Marker, looker: Looker) -> bool:
    """The person reads all of their own but safeguarding and the very restricted; a proxy what carries no mark."""
    if marker.data_class == "NAME":
        # "own" acts for "unknown", and chooses among themselves and them
        return marker.of in ("own", "unknown")
    if marker.of != (looker.acts_for or "own") or marker.data_class not in CLASSES:
        return False
    answer = OF_PEOPLE[looker.role].split()[CLASSES.index(marker.data_class)]
    hidden = marker.mark and (looker.acts_for or marker.mark not in ("R", "SENS", "sealed", "locked"))
    return not hidden and answer in ("P" if marker.inside else "RP")


def _may_staff(marker: Marker, looker: Looker, world: World) -> bool:
    if marker.data_class == "QUARANTINE":
        return looker.role == "administrator"
    if looker.role == "identity_custodian" and marker.data_class in ("NAME", "ID"):
        return True
    if marker.mark == "earlier":
        return False
    if marker.data_class == "NAME":
        return may_find(looker)
    if not may_open(looker, world, marker.of):
        return False
    answer = ceiling(looker, world, marker.of, marker.data_class)
    whole = marker.inside or marker.data_class in ("ID", "LOC")
    return answer in ("P" if whole else "RP") and _unmarked(marker, looker, world)


def _unmarked(marker: Marker, looker: Looker, world: World) -> bool:
    if marker.mark == "protected":
        return looker.key == "safeguarding_lead"
    if marker.mark:
        # no label, seal or mistake is lifted by anything but broken glass, and nobody here has broken any
        return False
    return not world.people[marker.of].objects or marker.own or marker.data_class in ("ID", "LOC")
