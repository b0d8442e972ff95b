"""Who the person is, as the banner shows it, and where senders say different things of it. Pure."""

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from locality.access.queries import Grant
from locality.access.rules import DataClass
from locality.base.words import sort_key
from locality.people.models import Person
from locality.record.queries.freshness import Connected, PatientHeld
from locality.record.queries.shapes import Difference, Face, Panel
from locality.record.queries.words import listed, when_words

PROTECTED = "Not shown: this address is protected."
NOT_FOR_ROLE = "Not shown to your role."


def tells_place(grant: Grant) -> bool:
    """Whether this grant may know where the person lives: a protected address only by a named grant."""
    return DataClass.LOC in grant.opening.whole


def face_of(
    grant: Grant,
    *,
    communication: Sequence[str],
    alerts: Sequence[str],
    team: str,
    doubts: Sequence[str],
) -> Face:
    """The person as their linked patients say; how to reach them only where this grant may know."""
    person, tells = grant.person, tells_place(grant)
    return Face(
        id=person.pk,
        family=person.family,
        given=person.given,
        likes=person.likes,
        birth_on=person.birth_text or person.birth_on,
        sex=person.sex,
        nhs_number=person.nhs_number or None,
        nhs_number_words="" if person.nhs_number else "no valid number is held",
        died=person.died,
        died_on=person.died_on,
        protected=person.protected,
        address=_address(person) if tells else None,
        address_words=_address_words(grant),
        phone=person.phone if tells else "",
        practice=person.practice_words if tells else "",
        team=team if tells else "",
        communication=tuple(communication),
        alerts=tuple(alerts),
        identity_doubt=" ".join(doubts),
    )


def _address(person: Person) -> str | None:
    return ", ".join(filter(None, [person.address, person.postcode])) or None


def _address_words(grant: Grant) -> str:
    if tells_place(grant):
        return "Not known"
    return PROTECTED if grant.person.protected else NOT_FOR_ROLE


# ---- where senders differ

ALIKE = 0.75  # of one name's letters found in order in the other: a slip of the pen, not somebody else
Aspect = tuple[str, Callable[[PatientHeld], str], Callable[[PatientHeld], str]]


def _first_name(patient: PatientHeld) -> str:
    return sort_key(patient.given).partition(" ")[0]


def _digits(patient: PatientHeld) -> str:
    digits = "".join(letter for letter in patient.phone if letter.isdigit())
    return digits.removeprefix("44").removeprefix("0")


def _home(patient: PatientHeld) -> str:
    return patient.postcode.replace(" ", "") or sort_key(" ".join(patient.address_lines))


WHO: tuple[Aspect, ...] = (
    ("Family name", lambda patient: sort_key(patient.family), lambda patient: patient.family),
    ("First name", _first_name, lambda patient: patient.given),
    ("Born", lambda patient: patient.birth_text, lambda patient: when_words(patient.birth_text)),
)
WHERE: tuple[Aspect, ...] = (
    ("Address", _home, lambda patient: ", ".join([*patient.address_lines, patient.postcode]).strip(", ")),
    ("Phone", _digits, lambda patient: patient.phone),
)


def differences(sources: Sequence[Connected], *, tells_place: bool) -> list[Difference]:
    """Where two senders do not say the same of the person; one who says nothing differs from nobody."""
    told = [(one, patient) for one in sources for patient in one.patients]
    found = []
    for about, key, show in (*WHO, *WHERE) if tells_place else WHO:
        said: dict[str, tuple[str, list[str]]] = {}
        for source, patient in told:
            if key(patient):
                said.setdefault(key(patient), (show(patient), []))[1].append(source.name)
        if len(said) > 1:
            words = "; ".join(_says(list(dict.fromkeys(names)), shown) for shown, names in said.values())
            found.append(Difference(about=about, words=f"{words}.", grave=_is_grave(about, list(said))))
    return found


def _is_grave(about: str, said: Sequence[str]) -> bool:
    """Whether it may be another person: born on another day, or named quite otherwise."""
    if about == "Born":
        return not all(one.startswith(said[0]) or said[0].startswith(one) for one in said)
    if about not in ("Family name", "First name"):
        return False
    return any(SequenceMatcher(None, one, said[0]).ratio() < ALIKE for one in said[1:])


def _says(names: Sequence[str], shown: str) -> str:
    if len(names) > 2:
        return f"{names[0]} and {len(names) - 1} others say {shown}"
    return f"{listed(list(names))} {'says' if len(names) == 1 else 'say'} {shown}"


def doubt_words(known: Sequence[str], unlike: Sequence[Difference]) -> list[str]:
    """Why somebody should look before trusting that this is the right person, a sentence each."""
    return [*known, *(f"Senders disagree. {one.about}: {one.words}" for one in unlike if one.grave)]


def alert_words(allergies: Sequence[str], risks: Panel) -> list[str]:
    """The banner's alerts: allergies first, then every risk that holds."""
    told = [f"{fact.title} ({fact.state.lower()})" if fact.state else fact.title for fact in risks.facts]
    return [*allergies, *told]
