"""Who is here already that somebody's words may mean, before they are written down as somebody new."""

from dataclasses import dataclass
from uuid import UUID

from locality.methods.linkage.comparing import levels
from locality.methods.linkage.judging import NONE, judge, pattern
from locality.methods.linkage.keys import keys
from locality.methods.linkage.settings import settings
from locality.methods.linkage.standard import standard
from locality.people.queries import linking
from locality.people.queries.earlier import who_is_earlier
from locality.people.queries.finding import Born, found_by_name
from locality.people.queries.same_person import patients_of, people_of_patients
from locality.people.rules import Told, words_of

# a person judges these, who sees more than the machine: less than what it asks about by itself is worth showing
WORTH_SHOWING = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Resembling:
    """Somebody who is here and may be meant; `certain` where the machine would join the two by itself."""

    person: UUID
    probability: float
    certain: bool


def resembling(told: Told, *, name_key: str, born: Born | None = None, most: int = 5) -> list[Resembling]:
    """Whom these words may mean, the likeliest first: found and weighed as an arrival is, and by the name besides.

    `name_key` is the sort key of the name; `born` are the days between which they were born, where only that is known.
    Nobody's earlier identity is among them, nor anybody whose given name clearly differs, unless by one NHS number.
    """
    said = standard(words_of(told))
    crowd = settings().crowd
    asked = linking.holders(dict.fromkeys(keys(said), crowd + 1))
    model, known = asked.model, asked.compared
    met = {patient for held in asked.holders.values() if len(held) <= crowd for patient in held}
    met |= _named(name_key, born=born, most=most)
    likely: dict[UUID, tuple[float, bool]] = {}
    for row in [*(known[one] for one in met & known.keys()), *linking.compared(met - known.keys())]:
        other = standard(words_of(row))
        agreed = levels(said, other)
        probability = model.probability(model.weight(agreed, said, other))
        judged = judge(agreed, probability)
        if judged.state != NONE and not pattern(agreed).low and probability >= WORTH_SHOWING:
            likely[row.id] = (probability, judged.certain)
    return _people(likely)[:most]


def _named(name_key: str, *, born: Born | None, most: int) -> set[UUID]:
    """The patients of the people whom a search for the name finds."""
    if not name_key:
        return set()
    people = [person.pk for person in found_by_name(words=name_key, born=born, most=most)]
    return {patient.pk for patient in patients_of(people)}


def _people(likely: dict[UUID, tuple[float, bool]]) -> list[Resembling]:
    """The people of these patients, each once, by their likeliest patient."""
    whose = people_of_patients(list(likely))
    hidden = who_is_earlier(set(whose.values()))
    best: dict[UUID, Resembling] = {}
    for patient, (probability, certain) in likely.items():
        person = whose.get(patient)
        if person is None or person in hidden:
            continue
        known = best.get(person)
        best[person] = Resembling(
            person=person,
            probability=max(probability, known.probability if known else 0.0),
            certain=certain or bool(known and known.certain),
        )
    return sorted(best.values(), key=lambda one: (-one.certain, -one.probability, one.person))
