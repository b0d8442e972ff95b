"""Run the benchmarks, print what they found, and write it into docs/performance.md."""

import argparse

from benchmarks import fresh_clone, machine, person_page, receive, table

BENCHMARKS = {"receive": receive.run, "person-page": person_page.run, "fresh-clone": fresh_clone.run}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"which ones: {', '.join(BENCHMARKS)}; all but fresh-clone if none")
    parser.add_argument("--demo", action="store_true", help="also fresh-clone, which installs everything anew")
    parser.add_argument("--copies", type=int, default=10, help="how many times the Synthea people are copied")
    parser.add_argument("--repeats", type=int, default=3, help="how often a run is repeated; the median is shown")
    parser.add_argument("--note", default="", help="what else is true of this machine now, written beside its name")
    parser.add_argument("--print-only", action="store_true", help="leave docs/performance.md alone")
    asked = parser.parse_args()
    names = asked.names or [name for name in BENCHMARKS if name != "fresh-clone" or asked.demo]
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    for name in names:
        words = machine.words(note=asked.note)
        lines = [*BENCHMARKS[name](copies=asked.copies, repeats=asked.repeats), "", words]
        print("\n".join(["", f"== {name}", *lines]), flush=True)
        if not asked.print_only:
            table.write(name, lines)


if __name__ == "__main__":
    main()
