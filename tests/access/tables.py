"""The tables of access, typed again from the field's own (never read from the code), and a slow judge of them."""

from itertools import product

ROLES = """
clinician            P P P P P P A P P H H
social_worker        P P P R P A P P P H H
safeguarding_lead    P P P P P P P P P H H
care_coordinator     P P R H R H M P P H H
care_home            P P P H R H M P P H H
link_worker          P P R H H H H P P H H
privacy_officer      R H H H H H H H H P H
identity_custodian   P H H H H H H H H H P
analyst              H H H H H H H H H H H
board                H H H H H H H H H H H
administrator        H H H H H H H H H H H
person               P P P P P P H R P R P
proxy                P R P R R H H R P H H
"""

RELATIONS = """
own team                        P P P P P P P P P
open referral                   P P P P P A P P P
visit                           P P P A R H M P P
ended within 28 days            P A A A A A A R A
same organisation, another team R A A A A A A A A
none                            R A A A A A H A A
the person themselves           P P P P P P P P P
acts for the person             P R P R R H H R P
"""

CLASSES = ["ID", "LOC", "SUM", "CLIN", "SOC", "SENS", "SAFE", "WORK", "PLAN", "AUD", "PRIOR"]
ORDER = "HMARP"
MAY_ASK = {"clinician", "social_worker", "safeguarding_lead"}
CARERS = {"care_coordinator", "care_home"}
WRITE_IN = {"own team", "open referral", "visit", "the person themselves"}
DECIDE_IN = {"own team", "open referral", "the person themselves"}
EXPORTERS = {"clinician", "social_worker", "safeguarding_lead", "person"}


def typed(table: str) -> dict[str, dict[str, str]]:
    rows = {}
    for line in table.strip().splitlines():
        words = line.split()
        cells = [word for word in words if len(word) == 1]
        rows[" ".join(words[: len(words) - len(cells)])] = dict(zip(CLASSES, cells, strict=False))
    return rows


BY_ROLE, BY_RELATION = typed(ROLES), typed(RELATIONS)


def lower(one: str, other: str) -> str:
    return min(one, other, key=ORDER.index)


def role_of(case: dict) -> str:
    """Whoever names themselves a person or a proxy as a role is nobody."""
    if case["kind"] != "practitioner":
        return case["kind"]
    return "nobody" if case["role"] in ("person", "proxy") else case["role"]


def ceilings(case: dict) -> dict[str, str]:
    """Every ceiling of one case as the field's tables say it. `case` holds plain words and yes or no."""
    role = role_of(case)
    data_class, relation, action = case["data_class"], case["relation"], case["action"]
    inside = {"person": "the person themselves", "proxy": "acts for the person"}.get(case["kind"])
    in_scope = relation == inside if inside else relation not in ("the person themselves", "acts for the person")
    is_self = relation == "the person themselves"
    released = case["released"] and is_self
    return {
        "role": "P" if released and data_class == "SAFE" else BY_ROLE.get(role, {}).get(data_class, "H"),
        "relation": BY_RELATION[relation].get(data_class, "P"),
        "label": {"N": "P", "R": "P" if is_self else "A", "V": "P" if released else "H"}[case["label"]],
        "limits": "H" if case["kept"] and relation == "acts for the person" else "P",
        "seal": "P" if is_self else {"": "P", "sealed": "A", "locked": "H"}[case["seal"]],
        "dissent": "A" if case["dissent"] and not case["own"] and not is_self else "P",
        "address": "H" if data_class == "LOC" and case["protected"] and not (case["granted"] or is_self) else "P",
        "prior": "H" if data_class == "PRIOR" and role not in ("identity_custodian", "person") else "P",
        "conflict": "H" if case["conflict"] else "P",
        "purpose": "P" if case["purpose"] == "care" else "H",
        "scope": "P" if in_scope and case["in_scope"] else "H",
        "second_factor": "H" if (case["asks"] or action in ("export", "decide")) and not case["factor"] else "P",
        "action": _action(action, role, relation),
        "deceased": "H" if case["died"] and action == "contact" else "P",
    }


def _action(action: str, role: str, relation: str) -> str:
    if action == "export":
        return "P" if role in EXPORTERS else "H"
    if action == "decide":
        return "P" if relation in DECIDE_IN else "H"
    if action == "write_plan":
        return "P" if relation in {*WRITE_IN, "acts for the person"} else "H"
    return "P" if action == "read" or relation in WRITE_IN else "H"


def answer(case: dict) -> str:
    """The lowest ceiling, broken glass lifting only what it may; said the slow and obvious way."""
    found = ceilings(case)
    if case["override"] and case["action"] == "read" and role_of(case) in MAY_ASK:
        liftable = ["relation", "dissent", "label"]
        liftable += ["seal"] if case["role"] in ("clinician", "safeguarding_lead") else []
        for factor in liftable:
            if found[factor] == "A":
                found[factor] = "P"
    lowest = "P"
    for ceiling in found.values():
        lowest = lower(lowest, ceiling)
    role = role_of(case)
    if lowest == "A" and role not in MAY_ASK:
        lowest = "M"
    if lowest == "M":
        others = [ceiling for factor, ceiling in found.items() if factor != "seal"]
        seal_alone = case["announced"] and case["seal"] == "sealed" and all(one in "RP" for one in others)
        told = (case["data_class"] == "SAFE" and role in CARERS) or seal_alone
        lowest = "M" if told else "H"
    return lowest


YES_NO = (False, True)
VIEWERS = [("practitioner", role) for role in BY_ROLE if role not in ("person", "proxy")]
VIEWERS += [("practitioner", "astrologer"), ("practitioner", "person"), ("person", "person"), ("proxy", "proxy")]
VIEWERS += [("system", "system")]
EVERYTHING = {
    "viewer": VIEWERS,
    "data_class": CLASSES,
    "relation": list(BY_RELATION),
    "label": ["N", "R", "V"],
    "seal": ["", "sealed", "locked"],
    "announced": YES_NO,
    "own": YES_NO,
    "dissent": YES_NO,
    "protected": YES_NO,
    "granted": YES_NO,
    "conflict": YES_NO,
    "purpose": ["care", "planning"],
    "in_scope": YES_NO,
    "asks": YES_NO,
    "factor": YES_NO,
    "action": ["read", "export", "write", "write_plan", "contact", "decide"],
    "released": YES_NO,
    "kept": YES_NO,
    "died": YES_NO,
    "override": YES_NO,
}
PLAIN = {
    "viewer": ("practitioner", "clinician"),
    "data_class": "CLIN",
    "relation": "own team",
    "label": "N",
    "seal": "",
    "announced": False,
    "own": False,
    "dissent": False,
    "protected": False,
    "granted": False,
    "conflict": False,
    "purpose": "care",
    "in_scope": True,
    "asks": False,
    "factor": False,
    "action": "read",
    "released": False,
    "kept": False,
    "died": False,
    "override": False,
}


def case_of(told: dict) -> dict:
    case = PLAIN | told
    kind, role = case["viewer"]
    return case | {"kind": kind, "role": role}


def cases(**dimensions):
    """Every case over these dimensions, everything else plain."""
    names = list(dimensions)
    for values in product(*(dimensions[name] for name in names)):
        yield case_of(dict(zip(names, values, strict=True)))
