"""Run the benchmarks, print what they found, and write it into docs/performance.md."""

import argparse
from contextlib import nullcontext
from pathlib import Path

from benchmarks import (
    audit,
    borough,
    borough_queries,
    demo,
    directory,
    find_a_person,
    fresh_clone,
    linkage_table,
    linking,
    local_model,
    machine,
    measures,
    person_page,
    reading,
    receive,
    referrals,
    refresh,
    scores,
    table,
    team,
    transfer,
)

# these are run in one borough of so many people, which is made for them unless a home with one is named
OF_A_BOROUGH = {
    "borough": borough.run,
    "borough-person-page": person_page.run_of_a_borough,
    "borough-find": find_a_person.run,
    "borough-queries": borough_queries.run,
    "refresh": refresh.run,
}
OTHERS = {
    "receive": receive.run,
    "person-page": person_page.run,
    "audit": audit.run,
    "demo": demo.run,
    "local-model": local_model.run,
    "linking": linking.run,
    "fresh-clone": fresh_clone.run,
    "scores": scores.run,
    "link-table": linkage_table.run,
    "measures": measures.run,
    "team": team.run,
    "directory": directory.run,
    "reading": reading.run,
    "transfer": transfer.run,
    "referrals": referrals.run,
}
# whose figures stand on the page of what was measured
PAGES = {
    "link-table": table.DOCS / "link-table.md",
    "measures": table.DOCS / "measures.md",
    "reading": table.DOCS / "me.md",
}
BENCHMARKS = OTHERS | OF_A_BOROUGH
USUAL = ("receive", "person-page")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"which ones: {', '.join(BENCHMARKS)}; {' and '.join(USUAL)} if none")
    parser.add_argument("--demo", action="store_true", help="also fresh-clone, which installs everything anew")
    parser.add_argument("--copies", type=int, default=10, help="how many times the Synthea people are copied")
    parser.add_argument("--repeats", type=int, default=3, help="how often a run is repeated; the median is shown")
    parser.add_argument("--home", type=Path, help="a LOCALITY_HOME with a borough in it, for those named borough")
    parser.add_argument("--people", type=int, default=208_000, help="how many people a borough that is made has")
    parser.add_argument("--note", default="", help="what else is true of this machine now, written beside its name")
    parser.add_argument("--print-only", action="store_true", help="leave docs/performance.md alone")
    parser.add_argument("--sizes", type=int, nargs="+", help="how many people linking or scores have in their table")
    parser.add_argument("--others", default=scores.OTHERS, help="a Python that has the libraries scores stands beside")
    asked = parser.parse_args()
    linking.SIZES = tuple(asked.sizes or linking.SIZES)
    scores.SIZES, scores.OTHERS = tuple(asked.sizes or scores.SIZES), asked.others
    names = asked.names or [*USUAL, *(["fresh-clone"] if asked.demo else [])]
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    for name in (name for name in names if name in OTHERS):
        words = machine.words(note=asked.note)
        tell(name, [*OTHERS[name](copies=asked.copies, repeats=asked.repeats), "", words], asked)
    of_a_borough = [name for name in names if name in OF_A_BOROUGH]
    with borough.at_hand(asked.home, people=asked.people) if of_a_borough else nullcontext() as here:
        for name in of_a_borough:
            words = machine.words(note=asked.note)
            tell(name, [*OF_A_BOROUGH[name](here), "", words], asked)


def tell(name: str, lines: list[str], asked: argparse.Namespace) -> None:
    print("\n".join(["", f"== {name}", *lines]), flush=True)
    if not asked.print_only:
        table.write(name, lines, page=PAGES.get(name, table.PAGE))


if __name__ == "__main__":
    main()
