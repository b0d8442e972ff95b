"""What a pack says for measures is checked when the pack is loaded, each fault with its file and line."""

import pytest

from locality.directory.pack import PACKS, PackFaults
from locality.directory.pack.tables import CLASSES
from locality.population.queries.measures import general_measures
from locality.population.queries.pack_words import check_measured

OWN = """
name = "Walks each week"
says = "How many walk."
kind = "share"
unit = "%"
better = "higher"
source = "invented"
needs = ["walks"]
not_computed = "Nobody sends who walks, and nobody is asked."
"""


@pytest.mark.parametrize("name", ["bury", "rochdale"])
def test_the_packs_that_come_with_locality_have_no_fault(name):
    check_measured(pack=PACKS / name)


def test_what_leads_nowhere_is_told_with_its_file_and_line(pack):
    (pack / "contact-kinds.csv").write_text("class,kind\nwalks,Walking group\nmental-helth,Talking\n")
    (pack / "promises.csv").write_text("measure,promise,origin\nwalks,More walks,invented\nwalk,Yes,invented\n")
    (pack / "measures").mkdir()
    (pack / "measures" / "walks.toml").write_text(OWN)
    (pack / "measures" / "runs.toml").write_text(OWN.replace("unit =", "units ="))

    with pytest.raises(PackFaults) as refused:
        check_measured(pack=pack)

    assert refused.value.faults == (
        f"{pack}/measures/runs.toml line 1: unit is missing",
        f"{pack}/contact-kinds.csv line 3: 'class' names mental-helth, which is not a class that a measure needs "
        "(did you mean 'mental-health'?)",
        f"{pack}/promises.csv line 3: 'measure' names walk, which is not a measure (did you mean 'walks'?)",
    )


def test_the_classes_of_the_manual_are_those_that_measures_need():
    assert set(CLASSES) == {name for one in general_measures().values() for name in one.needs}
