"""All that all sources tell of one person: who knows them, under which number, with which slips."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from locality.demo.borough.chance import chance
from locality.demo.borough.known import Known, as_known
from locality.demo.borough.life import Life
from locality.demo.borough.numbers import local_id
from locality.demo.borough.people import Window
from locality.demo.borough.published import Area, practices
from locality.demo.borough.slips import Errors, groups_of
from locality.demo.borough.telling import acute, adt, council, gp, services, sheets
from locality.demo.borough.telling.out import Out
from locality.demo.borough.telling.words import Json

Tell = Callable[..., Iterator[Json]]
Seen = Callable[[Life], int]


@dataclass(frozen=True, slots=True)
class Teller:
    """A FHIR source: whom it knows, when it last saw them, and what it tells."""

    source: str
    knows: Callable[[Life], object]
    seen: Seen
    tell: Tell


def _registered_here(life: Life) -> bool:
    practice = practices().get(life.person.practice)
    return practice is not None and practice.ours


TELLERS = (
    Teller("gp", _registered_here, lambda life: life.end - 1, gp.tell),
    Teller("acute", acute.known_there, acute.last_day, acute.tell),
    Teller(
        "community",
        lambda life: life.community,
        lambda life: services.last_day(life, life.community),
        services.tell_community,
    ),
    Teller(
        "mental-health", lambda life: life.mind, lambda life: services.last_day(life, life.mind), services.tell_mind
    ),
    Teller("out-of-hours", lambda life: life.calls, lambda life: life.calls[-1].day, services.tell_calls),
    Teller("social-care", council.known_to_adults, council.last_day_adult, council.tell_adult),
    Teller(
        "children",
        lambda life: life.childhood,
        lambda life: max(mark.day for mark in life.childhood),
        council.tell_children,
    ),
)


def tell_all(life: Life, out: Out, *, errors: Errors, area: Area, window: Window, seed: int, full: bool) -> None:
    """Everything every source tells of one person."""
    groups = groups_of(life.person, area)
    for teller in TELLERS:
        if not teller.knows(life):
            continue
        patients = _patients(life, teller.source, teller.seen(life), errors=errors, groups=groups, seed=seed, out=out)
        for resource in teller.tell(life, patients, full=full):
            out.resource(teller.source, resource)
        if teller.source == "acute":
            _admissions(life, patients, out, window=window)
    for source, rows in (("persona", sheets.day_care), ("vcfa", sheets.befriending)):
        if life.day_care if source == "persona" else life.befriended:
            patients = _patients(life, source, window.end - 1, errors=errors, groups=groups, seed=seed, out=out)
            for row, resources in rows(life, patients[0], window=window):
                out.text(source, row, resources=resources)


def _patients(
    life: Life, source: str, seen: int, *, errors: Errors, groups: frozenset[str], seed: int, out: Out
) -> list[Known]:
    """The source's patient, or the two it has made of one person."""
    person = life.person
    rng = chance(seed, source, person.key)
    twice = rng.random() < errors.chances(source, groups).get("written_down_twice", 0.0)
    found = []
    for again in (False, True) if twice else (False,):
        name = local_id(source, person.key, again=again)
        known = as_known(person, source=source, local_id=name, errors=errors, groups=groups, seen=seen, rng=rng)
        if again:
            known.slips.append("written_down_twice")
        out.label(person.key, source, name, known.slips)
        found.append(known)
    return found


def _admissions(life: Life, patients: list[Known], out: Out, *, window: Window) -> None:
    """The admission messages name the patient by the hospital's own number, as intake reads it from a message."""
    labelled = False
    for message, resources in adt.messages(life, patients, end=window.end):
        out.text("acute-adt", message, resources=resources)
        if not labelled:
            labelled = True
            for one in patients:
                short = acute.said()["short"]
                out.label(life.person.key, "acute-adt", f"{short}.{one.local_id}", one.slips)
