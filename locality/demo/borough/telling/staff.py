"""Invented practitioners: a few for each practice and each service, the same whoever asks."""

from functools import cache

from locality.demo.borough import names
from locality.demo.borough.chance import chance
from locality.demo.borough.published import practices, toml
from locality.demo.borough.telling.words import Json

SINCE = "2026-04-01T09:00:00+01:00"
PHONE = "0161 496 0{:03d}"
HERITAGES = ("british", "british", "british", "pakistani", "indian", "irish", "african", "european", "jewish")
AT_A_PRACTICE = {"gp": ("General practitioner", 4), "nurse": ("Practice nurse", 2), "pharmacist": ("Pharmacist", 1)}
ELSEWHERE = {
    "acute": [
        "Cardiology", "Dermatology", "Diabetes medicine", "Ear, nose and throat", "Emergency medicine",
        "Gastroenterology", "General medicine", "General surgery", "Geriatric medicine", "Gynaecology", "Neurology",
        "Oncology", "Ophthalmology", "Oral surgery", "Orthopaedics", "Paediatrics", "Renal medicine",
        "Respiratory medicine", "Rheumatology", "Stroke medicine", "Urology",
    ],
    "community": [
        "District nursing", "Community physiotherapy", "Podiatry", "Occupational therapy",
        "Speech and language therapy", "Nutrition and dietetics", "Intermediate care at home",
        "Children's physiotherapy",
    ],
    "mental-health": [
        "Community mental health team", "Memory service", "Child and adolescent mental health",
        "Older people's mental health",
    ],
    "social-care": ["Social work", "Reablement"],
    "out-of-hours": ["GP out of hours"],
    "children": ["Health visiting", "School nursing", "Children's social work"],
}  # fmt: skip
EACH = 3
DOCTORS = {"acute", "out-of-hours"}


@cache
def name_of(*place: str) -> tuple[str, str, str, str]:
    """Given name, family name, prefix and telephone of whoever holds this post."""
    rng = chance("staff", *place)
    heritage, sex = rng.choice(HERITAGES), rng.choice(("female", "female", "male"))
    given = names.given(heritage, sex, born=1978, rng=rng)[0]
    family = names.of_sex(names.family(heritage, rng), sex)
    doctor = place[0] in DOCTORS or place[-2] == "gp"
    return given, family, "Dr" if doctor else "", PHONE.format(400 + rng.randrange(250))


@cache
def reference(*place: str) -> Json:
    """How a resource names them."""
    given, family, prefix, _ = name_of(*place)
    display = " ".join(part for part in (prefix, given, family) if part)
    return {"reference": f"Practitioner/{_id(place)}", "display": display}


@cache
def _id(place: tuple[str, ...]) -> str:
    return "s-" + "-".join("".join(letter for letter in part.lower() if letter.isalnum()) for part in place[1:])


def at_practice(practice: str, person: int, *, nurse: bool) -> Json:
    """One of a practice's doctors or nurses: mostly the same for one person."""
    kind = "nurse" if nurse else "gp"
    return reference("gp", practice, kind, str(person % AT_A_PRACTICE[kind][1] + 1))


def of_service(source: str, service: str, person: int) -> Json:
    """One of a service's practitioners."""
    service = service if service in ELSEWHERE[source] else ELSEWHERE[source][0]
    return reference(source, service, str(person % EACH + 1))


def everybody(source: str) -> list[Json]:
    """The practitioners, and the practices, that a source names."""
    if source == "gp":
        ours = [one for one in practices().values() if one.ours]
        staff = [
            _practitioner(("gp", one.code, kind, str(number + 1)))
            for one in ours
            for kind, (_, many) in AT_A_PRACTICE.items()
            for number in range(many)
        ]
        return [_organisation(one.code, one.name) for one in ours] + staff
    services = ELSEWHERE.get(source, ())
    staff = [_practitioner((source, service, str(number + 1))) for service in services for number in range(EACH)]
    said = toml("tables/sources.toml")[source]
    # as the pack has it, only the hospital sends itself as well
    return [_organisation(said["organisation"], said["name"]), *staff] if source == "acute" else staff


def _practitioner(place: tuple[str, ...]) -> Json:
    given, family, prefix, phone = name_of(*place)
    return {
        "resourceType": "Practitioner",
        "id": _id(place),
        "meta": {"lastUpdated": SINCE},
        "active": True,
        "name": [{"use": "official", "family": family, "given": [given], **({"prefix": [prefix]} if prefix else {})}],
        "telecom": [{"system": "phone", "value": phone, "use": "work"}],
    }


def _organisation(code: str, name: str) -> Json:
    return {
        "resourceType": "Organization",
        "id": f"s-{code}",
        "meta": {"lastUpdated": SINCE},
        "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": code}],
        "active": True,
        "name": name,
    }
