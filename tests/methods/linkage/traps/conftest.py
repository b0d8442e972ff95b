"""The table of the traps is told at the end of every run that tried them."""

from tests.methods.linkage.traps import rows

TOLD: list[rows.Said] = []


def pytest_terminal_summary(terminalreporter) -> None:
    if TOLD:
        terminalreporter.section("linkage traps: what the machine says of pairs whose truth is known")
        for line in rows.table(TOLD):
            terminalreporter.line(line)
