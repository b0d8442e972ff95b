"""A small place that looks for people: its criterion, a practice, a team with room for two, and people in the record.

Everybody fell; the more often, the more at risk. A fall is a Condition of the practice's, so that the list's reasons
lead to lines of the record.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from locality.access.rules import RelationKind, RoleCode
from locality.base import Viewer, system
from locality.base.ids import new_id
from locality.directory.models import Neighbourhood, Organisation, PracticeNeighbourhood, Team
from locality.people.models import Person
from locality.population.actions.criteria import load_criteria
from locality.population.actions.finding import run
from locality.population.models import CaseFindingRun, CriterionVersion
from locality.population.queries.copy import open_copy
from tests import factories as make
from tests.population.copies import write_copy

CRITERION = '''
code = "fell"
version = 1
name = "At risk of falling"
who = "Whoever fell."
why = "One fall is the best sign of the next."
offer = "A class."
class = "SUM"
risk = "falls in a year"
services = []
asked_again_after_days = 90
origin = "made for tests"

[[capacity]]
team = "neighbourhood"
a_month = 2
origin = "made for tests"

[[step]]
name = "reasons"
says = "each fall of a year"
sql = """
select person, 'condition' as kind, system, code, said, started_on as on_day, source, 1 as points
from conditions where code = '279992002' and started_on >= $on - interval 365 day
union all
select person, 'age', null, '80', '80 or older', birth_month, null, 1
from people where birth_month <= $on - interval 80 year
    and person in (select person from conditions where code = '279992002')
"""

[[step]]
name = "found"
says = "everybody who fell"
sql = "select person, cast(sum(points) as double) as risk from reasons group by person"

[[step]]
name = "in_place"
says = "care at home"
sql = "select person, kind as said, started_on as on_day, source from social_care where ended_on is null"

[outcome]
words = "an emergency admission"
days = 365
sql = "select person from events where kind = 'emergency admission' and started_on >= $on and started_on < $until"
'''
FALL = make.coded("Recurrent falls", "279992002")
ALL = {"origin": "invented", "verified": False}


@dataclass
class Place:
    """Who is here, by a short name that is also their pseudonym."""

    folder: Path
    team: Team
    practice: Organisation
    criterion: CriterionVersion
    people: dict[str, Person] = field(default_factory=dict)
    rows: dict[str, list[dict]] = field(default_factory=lambda: {"people": [], "conditions": [], "events": []})
    asked_back: list[list[str]] = field(default_factory=list)

    def person(self, name: str, *, falls: int = 1, born: date = date(1950, 1, 1), **other) -> Person:
        """Somebody on the practice's list who fell so often, the last time yesterday."""
        row = make.person(family=name.capitalize(), given="Pat", nhs_number="", birth_on=born)
        make.relationship(row, kind=RelationKind.REGISTERED_PRACTICE, organisation=self.practice)
        told = {"practice": self.practice.code, "neighbourhood": "riverside", "ward": "E05000001", "birth_month": born}
        self.rows["people"].append({"person": name, **told, **other})
        held = make.patient(row, make.source("gp"))
        for number in range(falls):
            day = make.TODAY - timedelta(days=1 + number)
            make.resource(
                held, make.problem("Recurrent falls", "279992002", onsetDateTime=day.isoformat(), id=f"{name}-{number}")
            )
            self.rows["conditions"].append(
                {"person": name, "code": "279992002", "said": "Recurrent falls", "started_on": day}
            )
        self.people[name] = row
        return row

    def go_back(self, pseudonyms: Sequence[str]) -> dict[str, UUID]:
        """As the copy's own way back, which is told each list once."""
        self.asked_back.append(list(pseudonyms))
        return {name: self.people[name].pk for name in pseudonyms if name in self.people}

    def find(self, *, at=make.AT) -> CaseFindingRun:
        """Ask the copy by the criterion that holds."""
        write_copy(self.folder, **self.rows)
        with open_copy(folder=self.folder) as duck:
            return run(criterion=self.criterion, duck=duck, back=self.go_back, by=system(at=at))


def pack(folder: Path, criterion: str = CRITERION, *, name: str = "fell") -> Path:
    """A pack with this criterion, beside whatever else is loaded of the place."""
    place = folder / "smallborough"
    (place / "criteria").mkdir(parents=True, exist_ok=True)
    (place / "pack.toml").write_text('code = "smallborough"\n')
    (place / "criteria" / f"{name}.toml").write_text(criterion)
    return place


def build(folder: Path, *, room: int = 2) -> Place:
    """The place, with its criterion loaded and nobody in it yet."""
    make.place()
    told = {"place": make.place(), "code": "riverside", "name": "Riverside", **ALL}
    here = Neighbourhood.objects.create(id=new_id(), **told)
    team = make.team("riverside", kind="neighbourhood", neighbourhood=here)
    practice = make.organisation("MILL")
    PracticeNeighbourhood.objects.create(id=new_id(), practice=practice, neighbourhood=here, **ALL)
    load_criteria(pack=pack(folder, CRITERION.replace("a_month = 2", f"a_month = {room}")), by=system(at=make.AT))
    (folder / "copy").mkdir()
    criterion = CriterionVersion.objects.get(code="fell")
    return Place(folder=folder / "copy", team=team, practice=practice, criterion=criterion)


def gp(given: str = "Helen", **other) -> Viewer:
    """A doctor at the practice."""
    who = make.practitioner(given, "Marsden", employer=make.organisation("MILL"), profession="General practitioner")
    told = {"organisation": make.organisation("MILL").pk, "teams": frozenset(), "id": who.pk, "name": who.name}
    return make.viewer(other.pop("code", RoleCode.CLINICIAN), given=given, **(told | other))
