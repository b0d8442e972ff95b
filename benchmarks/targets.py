"""The synthetic borough beside published figures: `python -m benchmarks.targets` rewrites the table of its page.

Makes the whole register (two to four minutes, no database), or so many people as `--people` says, counts among them
what is published, and writes a line a theme into docs/synthetic-borough.md; `--home` reads what a `locality demo` wrote
of its own. `--print-only` leaves the page alone. Every figure by itself stands in
LOCALITY_HOME/demo/borough/targets.csv.
"""

import argparse
import csv
import re
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks import table
from locality.demo.borough import check_targets, write_borough
from locality.demo.borough.targets import WITHIN

PAGE = table.PAGE.with_name("synthetic-borough.md")
ON, SEED, WHOLE = date(2026, 11, 22), 1, 208_000
THEMES = {
    "Age, sex, ethnic group, language, choices": (
        *("aged_65_and_over", "aged_under_18", "female", "ethnic_white", "ethnic_asian", "ethnic_black"),
        *("ethnic_mixed", "ethnic_other", "cannot_speak_english_well", "registered_elsewhere"),
        "objects_to_secondary_use",
    ),
    "Households, carers, moves": (
        *("one_person_households", "households_with_dependent_children", "lone_parents_with_dependent_children"),
        *("people_a_household", "care_home_residents", "unpaid_carers", "moves"),
    ),
    "Deaths": ("deaths", "deaths_at_home"),
    "General practice": ("overweight_adults", "gp_consultations", "flu_vaccinated"),
    "Hospital": (
        *("ae_attendances", "emergency_admissions", "short_emergency_stays", "fall_admissions"),
        *("self_harm_admissions", "alcohol_admissions", "planned_admissions", "outpatient_attendances"),
    ),
    "Out of hours, community, mental health": (
        *("out_of_hours_contacts", "district_nursing_contacts", "community_therapy_contacts"),
        *("intermediate_care_contacts", "mental_health_contacts"),
    ),
    "Adult social care": (
        *("long_term_social_care", "social_care_requests", "care_home_admissions", "home_after_reablement"),
        "reablement",
    ),
    "Children": (
        *("child_protection_plans", "children_in_care", "good_level_of_development", "obese_at_reception"),
        *("obese_at_year_six", "vaccinated_at_two", "seen_by_health_visitor"),
    ),
    "Voluntary organisations": ("befriended", "day_care"),
}
WHOLE_PLACE, EACH_PRACTICE = "Long-term conditions, all practices", "Long-term conditions, each practice's registers"
THEME_OF = {name: theme for theme, names in THEMES.items() for name in names}
HEAD = ("theme", "figures", "within 20%", "met", "assumed", "half lie within", "furthest off", "published by")
# what follows is which table it is, or how it was kept
TABLE_OF_IT = re.compile(r"(?<=Census 2021), .*| \(.*|; .*|: .*")


@dataclass(frozen=True)
class Figure:
    """One figure, as published and as made."""

    name: str
    published: float
    made: float
    met: bool
    assumed: bool
    origin: str

    @property
    def off(self) -> float:
        return self.made / self.published - 1

    @property
    def theme(self) -> str:
        if self.name.startswith("register: "):
            return EACH_PRACTICE if " at " in self.name else WHOLE_PLACE
        return THEME_OF[self.name]

    @property
    def words(self) -> str:
        name = self.name.removeprefix("register: ").replace("_", " ")
        return f"{name} {self.off:+.1%} ({self.published:,.4g}, made {self.made:,.4g})"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.targets", description=__doc__)
    parser.add_argument("--home", type=Path, help="a LOCALITY_HOME that holds a borough")
    parser.add_argument("--people", type=int, default=WHOLE)
    parser.add_argument("--print-only", action="store_true")
    asked = parser.parse_args()
    figures = read(asked.home) if asked.home else made(asked.people)
    near = sum(abs(one.off) <= WITHIN for one in figures)
    said = f"{len(figures)} figures; {near} within 20%, {sum(one.met for one in figures)} met."
    lines = [*table.rows(HEAD, rows(figures)), "", said]
    print("\n".join(lines))
    if not asked.print_only:
        table.write("targets", lines, page=PAGE)


def read(home: Path) -> list[Figure]:
    with (home / "demo" / "borough" / "targets.csv").open(encoding="utf-8", newline="") as kept:
        return [
            Figure(
                name=row["name"],
                published=float(row["published"]),
                made=float(row["made"]),
                met=row["met"] == "True",
                assumed=row["assumed"] == "True",
                origin=row["origin"],
            )
            for row in csv.DictReader(kept)
        ]


def made(people: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="locality-borough-") as folder, ProcessPoolExecutor() as pool:
        written = write_borough(Path(folder), people=people, seed=SEED, on=ON, depth="light", spread=pool.map)
    return [
        Figure(one.name, one.published, one.made, one.met, one.assumed, one.origin)
        for one in check_targets(written.counts, by_practice=True)
        if one.published
    ]


def rows(figures: list[Figure]) -> Iterator[list[str]]:
    for theme in (*THEMES, WHOLE_PLACE, EACH_PRACTICE):
        own = sorted((one for one in figures if one.theme == theme), key=lambda one: abs(one.off))
        assumed = sum(one.assumed for one in own)
        origins = dict.fromkeys(TABLE_OF_IT.sub("", one.origin) for one in own if one.origin)
        half = f"{abs(own[(len(own) - 1) // 2].off):.1%}"
        counts = [len(own), sum(abs(one.off) <= WITHIN for one in own), sum(one.met for one in own), assumed]
        yield [theme, *(str(count or "") for count in counts), half, own[-1].words, "; ".join(sorted(origins))]


if __name__ == "__main__":
    main()
