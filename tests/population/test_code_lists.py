"""Lists of codes: each said once, and named everywhere else."""

from pathlib import Path

import pytest

from locality.base import Refused
from locality.directory.pack.reading import PACKS
from locality.population.queries.measures import general_measures
from locality.population.rules.code_lists import FILE, LISTS, in_line, in_sql
from locality.population.rules.features import FEATURES
from locality.population.rules.segments import SEGMENTS


def test_a_list_stands_where_sql_names_it():
    assert in_sql("code in (@copd.snomed, 'x') or left(code, 3) in (@dementia.icd10)") == (
        "code in ('13645005', 'x') or left(code, 3) in ('F00', 'F01', 'F02', 'F03', 'G30')"
    )


def test_a_list_stands_among_the_values_of_a_line_however_deep():
    line = {"any": [{"condition": ["@copd.snomed", "1"]}, {"not": {"condition": ["2"]}}]}

    assert in_line(line) == {"any": [{"condition": ["13645005", "1"]}, {"not": {"condition": ["2"]}}]}


@pytest.mark.parametrize("name", ["@gout.snomed", "@frailty.icd10"])
def test_a_list_that_there_is_not_is_refused(name):
    with pytest.raises(Refused, match=f"no list of codes {name}"):
        in_sql(f"code in ({name})")


def test_dementia_is_the_same_codes_to_the_model_to_a_measure_and_to_a_segment():
    feature = next(one for one in FEATURES.each if one.name == "dementia")
    step = next(one for one in general_measures()["dementia-known-65"].steps if one.name == "ill")
    segment = next(one for one in SEGMENTS if one.code == "frailty-and-dementia")
    told = {"model": feature.where, "measure": step.sql, "segment": str(segment.who)}

    codes = [*LISTS["dementia"]["snomed"], *LISTS["dementia"]["icd10"]]
    missing = {name: [code for code in codes if f"'{code}'" not in words] for name, words in told.items()}
    assert missing == {"model": [], "measure": [], "segment": []}


def test_no_other_file_writes_the_codes_of_dementia_out():
    files = [*Path(FILE).parent.rglob("*.toml"), *PACKS.glob("*/criteria/*.toml")]
    assert len(files) > 50

    written = {path.name for path in files if any(code in path.read_text() for code in LISTS["dementia"]["snomed"])}

    assert written == {"code_lists.toml"}
