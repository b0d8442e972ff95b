"""Every code, point and hierarchy of the published tables, held against another transcription of them."""

import pytest

from locality.methods.scores.cambridge import CAMBRIDGE
from locality.methods.scores.charlson import CHARLSON, CHARLSON_QUAN, CHARLSON_SHMI, SHMI
from locality.methods.scores.efi import EFI
from locality.methods.scores.elixhauser import ELIXHAUSER
from locality.methods.scores.hfrs import HFRS
from locality.methods.scores.method import Diagnosis
from locality.methods.scores.scoring import score
from tests.methods.scores import theirs

# a code is told with a fourth figure where the table has three, as hospitals write it
FOURTH = {3: "9", 4: ""}


def of(method, *codes):
    return score(method=method, diagnoses=[Diagnosis(code) for code in codes])


def test_the_tables_have_as_many_codes_as_the_papers():
    quan, elixhauser = theirs.pairs("charlson"), theirs.pairs("elixhauser")

    assert (len(theirs.HFRS_POINTS), len(quan), len(elixhauser)) == (109, 289, 399)
    assert len(HFRS.codes) == 109
    assert sum(map(len, CHARLSON.codes.values())) == 289
    assert sum(map(len, ELIXHAUSER.codes.values())) == 399
    assert (len(CHARLSON.groups), len(ELIXHAUSER.groups)) == (17, 31)


@pytest.mark.parametrize(("code", "points"), theirs.HFRS_POINTS.items())
def test_each_of_the_109_codes_of_frailty_gives_its_points(code, points):
    assert of(HFRS, code + "1").value == points


def test_the_points_of_frailty_add_up_to_the_published_sum():
    assert of(HFRS, *theirs.HFRS_POINTS).value == 173.2


@pytest.mark.parametrize(("code", "group"), theirs.pairs("charlson"))
def test_each_of_the_289_codes_of_charlson_stands_in_its_group(code, group):
    found = of(CHARLSON, code + FOURTH[len(code)])

    assert [one.group.name for one in found.reasons] == [group]


@pytest.mark.parametrize(("code", "group"), theirs.pairs("elixhauser"))
def test_each_of_the_399_codes_of_elixhauser_stands_in_its_groups(code, group):
    found = {one.group.name for one in of(ELIXHAUSER, code).reasons}

    assert group in found
    assert found == theirs.groups("elixhauser", code)


@pytest.mark.parametrize(
    ("method", "weights", "group"),
    [
        (method, weights, theirs_name)
        for method, weights in ((CHARLSON, "charlson"), (CHARLSON_QUAN, "quan"), (CHARLSON_SHMI, "shmi"))
        for theirs_name in theirs.CHARLSON
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_each_group_of_charlson_has_its_points(method, weights, group):
    # the other transcription has 2 for AIDS in Quan 2011; the paper has 4
    expected = 4 if (weights, group) == ("quan", "aids") else theirs.POINTS["charlson"][weights][group]

    assert method.groups[theirs.CHARLSON[group]].points == expected


@pytest.mark.parametrize(("group", "points"), theirs.POINTS["elixhauser"]["vw"].items())
def test_each_group_of_elixhauser_has_its_points(group, points):
    assert ELIXHAUSER.groups[theirs.ELIXHAUSER[group]].points == points


def test_the_codes_of_the_mortality_indicator_are_those_of_both_transcriptions_but_two():
    differ = {code for code, group in theirs.pairs("shmi") if SHMI.groups_of(code) != (group,)}
    ours = {code for code in SHMI.codes if len(code) > 2 and not theirs.groups("shmi", code)}

    assert differ == {"E110", "M351"}
    assert ours == set()


def test_the_twenty_conditions_of_cambridge_have_their_points():
    # typed from Payne 2020, table of the general outcome
    typed = (
        *("hypertension 0.08", "anxiety-or-depression 0.5", "painful-condition 0.92", "hearing-loss 0.09"),
        *("irritable-bowel-syndrome 0.21", "asthma 0.19", "diabetes 0.75", "coronary-heart-disease 0.49"),
        *("chronic-kidney-disease 0.53", "atrial-fibrillation 1.34", "constipation 1.12", "stroke-or-tia 0.8"),
        *("copd 1.46", "connective-tissue-disorder 0.43", "cancer-last-5y 1.53", "alcohol-problems 0.65"),
        *("heart-failure 1.18", "dementia 2.5", "psychosis-or-bipolar 0.64", "epilepsy 0.92"),
    )

    found = [f"{name} {of(CAMBRIDGE, name).value:g}" for name in CAMBRIDGE.groups]

    assert found == list(typed)
    assert of(CAMBRIDGE, *CAMBRIDGE.groups).value == 16.33


def test_frailty_in_general_practice_is_a_share_of_36():
    names = list(EFI.groups)

    assert len(names) == 36
    assert [of(EFI, *names[:many]).value for many in (0, 9, 36)] == [0, 0.25, 1]
    assert [of(EFI, *names[:many]).band for many in (4, 5, 8, 9, 12, 13)] == [
        *("fit", "mild", "mild", "moderate", "moderate", "severe"),
    ]
    assert of(EFI, *names[:1]).verified is False
