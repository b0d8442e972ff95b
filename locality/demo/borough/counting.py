"""What came of the making, counted under the names that targets.toml uses."""

from collections import Counter

from locality.demo.borough.conditions import illnesses
from locality.demo.borough.life import Life
from locality.demo.borough.people import Household, Person, Window
from locality.demo.borough.published import practices
from locality.demo.borough.rates import YEAR

Counts = Counter[str]


def count_household(household: Household, counts: Counts, *, window: Window) -> None:
    """Who lives together, and whether they moved."""
    if household.home:
        return
    people = household.people
    with_children = any(one.child for one in people)
    counts["households"] += 1
    counts["people.housed"] += len(people)
    counts["households.one"] += len(people) == 1
    counts["households.children"] += with_children
    counts["households.lone"] += with_children and household.kind == "lone"
    counts["households.moved"] += household.moved is not None
    counts["households.years"] += (window.end - window.start) / YEAR  # type: ignore[assignment]


def count_person(person: Person, counts: Counts) -> None:
    """Age, sex, ethnicity, registration, and the registers of conditions."""
    counts["people"] += 1
    counts[f"ethnic.{person.group}"] += 1
    counts["people.female"] += person.sex == "female"
    counts["people.home"] += person.household.home and person.age >= 65
    counts["people.interpreter"] += person.interpreter
    counts["carers"] += person.carer
    for least in (3, 5, 65):
        counts[f"people.{least}"] += person.age >= least
    counts["people.child"] += person.child
    counts["people.adult"] += not person.child
    counts["overweight"] += not person.child and person.bmi >= 25
    if person.died is None:
        counts["people.adult.alive"] += not person.child
        counts["people.60.alive"] += person.age >= 60
        counts["people.65.alive"] += person.age >= 65
    practice = practices().get(person.practice)
    if practice is None or not practice.ours:
        counts["people.elsewhere"] += 1
        return
    for code, illness in illnesses().items():
        if illness.register_from is not None and person.age >= illness.register_from:
            counts[f"list.{person.practice}.{code}"] += 1
            counts[f"register.{person.practice}.{code}"] += code in person.conditions


def count_life(life: Life, counts: Counts, *, window: Window) -> None:
    """What happened, over the years in which it could."""
    person = life.person
    years = (life.end - life.start) / YEAR
    counts["years"] += years  # type: ignore[assignment]
    counts["years.last"] += max(0, life.end - max(life.start, window.end - 365)) / YEAR  # type: ignore[assignment]
    if not person.child:
        counts["years.adult"] += years  # type: ignore[assignment]
    if person.age >= 65:
        counts["years.65"] += years  # type: ignore[assignment]
    counts["gp_consultations"] += len(life.consultations)
    counts["ae_attendances"] += len(life.attendances)
    counts["outpatient_attendances"] += len(life.outpatients)
    counts["out_of_hours_contacts"] += len(life.calls)
    counts["objects"] += any(mark.kind == "opt-out" for mark in life.marks)
    _count_stays(life, counts)
    _count_episodes(life, counts)
    _count_council(life, counts, window=window)
    _count_childhood(life, counts)
    if person.age >= 65 and person.died is None:
        season = window.end - 400
        counts["flu"] += any(day >= season and words.startswith("Influenza") for day, words in life.jabs)


def _count_stays(life: Life, counts: Counts) -> None:
    person = life.person
    for stay in life.stays:
        if not stay.emergency:
            counts["planned_admissions"] += 1
            continue
        counts["emergency_admissions"] += 1
        counts["emergency_admissions.short"] += stay.end_day - stay.day < 2
        counts["fall_admissions"] += stay.fall
        counts["self_harm_admissions"] += "X60" in stay.codes
        counts["alcohol_admissions"] += stay.codes[0] in ("F10.3", "K70.9")
    if person.died is not None:
        counts["deaths"] += 1
        counts["deaths.65"] += person.age >= 65
        counts["deaths.65.home"] += person.age >= 65 and person.died_at == "home"


def _count_episodes(life: Life, counts: Counts) -> None:
    for episode in life.community:
        kind = {"District nursing": "district_nursing", "Intermediate care at home": "intermediate_care"}
        counts[f"{kind.get(episode.service, 'community_therapy')}_contacts"] += len(episode.contacts)
    counts["mental_health_contacts"] += sum(len(episode.contacts) for episode in life.mind)


def _count_council(life: Life, counts: Counts, *, window: Window) -> None:
    counts["social_care_requests"] += sum(mark.kind == "request" for mark in life.council)
    counts["care_home_admissions"] += sum(mark.kind == "care-home" for mark in life.council)
    for package in life.packages:
        if package.kind == "reablement":
            counts["reablement"] += 1
            counts["reablement.home"] += package.outcome.startswith("Still")
        elif package.end is None and life.person.died is None:
            counts["long_term_social_care"] += 1
    counts["befriended"] += life.befriended is not None
    counts["day_care"] += life.day_care is not None


def _count_childhood(life: Life, counts: Counts) -> None:
    person, kinds = life.person, {mark.kind for mark in life.childhood}
    if not person.child:
        return
    counts["child.protection"] += "protection" in kinds
    counts["child.care"] += "care" in kinds
    counts["child.five"] += bool(kinds & {"ready", "not-ready"})
    counts["child.ready"] += "ready" in kinds
    for age, word in ((5, "five"), (11, "eleven")):
        if person.age == age:
            counts[f"child.measured.{word}"] += 1
            counts[f"child.obese.{word}"] += "obese" in kinds
    if person.age in (2, 3):
        counts["child.two"] += 1
        counts["child.vaccinated"] += sum("MMR" in words or "6-in-1" in words for _, words in life.jabs) >= 4
    if 1 <= person.age < 5:
        counts["child.under_five"] += 1
        counts["child.visited"] += "visit" in kinds
