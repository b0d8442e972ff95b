"""What happens to people: one file a part of life. What sources then tell of it is another matter."""

from locality.demo.borough.chance import chance
from locality.demo.borough.life import Life
from locality.demo.borough.living import childhood, community, council, hospital, practice
from locality.demo.borough.people import Person, Window
from locality.demo.borough.rates import dies_on

# hospital first: what follows a stay looks back at it
PARTS = (hospital.live, practice.live, community.live, council.live, childhood.live)


def live(person: Person, window: Window, *, seed: int, quintile: int) -> Life:
    """A person's life in the years told; the same whoever asks."""
    rng = chance(seed, "life", person.key)
    person.died = dies_on(person, window, rng)
    start = max(window.start, person.born.toordinal())
    life = Life(person, start=start, end=min(window.end, (person.died or window.end) + 1), quintile=quintile)
    for held in person.conditions.values():
        held.since = max(person.born.toordinal(), min(held.since, life.end - 3))
    for part in PARTS:
        part(life, window, rng)
    return life
