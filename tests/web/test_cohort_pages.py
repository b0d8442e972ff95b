"""The pages of cohorts and segments: counts for whoever reads figures, names for whoever may open them."""

import re
from datetime import date

import pytest

from locality.journal.models import Event
from locality.population.rules.pseudonyms import pseudonym
from tests import factories as make
from tests.population import measure_world
from tests.population.copies import write_copy
from tests.web.test_measures_pages import QUERIES, words

pytestmark = pytest.mark.django_db
KEY = b"k" * 32
OLD, ADDRESS = date(1930, 1, 1), "/measures/cohorts/ten-medicines-85"


def rows(names: tuple[str, ...] = ()) -> dict[str, list[dict]]:
    """Forty people of 85 and over in the east and three in the west take ten medicines; a hundred more take one."""
    told = [{"person": name, "birth_month": OLD, "neighbourhood": "east"} for name in names]
    told += [{"person": f"o{at}", "birth_month": OLD, "neighbourhood": "east"} for at in range(40 - len(names))]
    told += [{"person": f"w{at}", "birth_month": OLD, "neighbourhood": "west"} for at in range(3)]
    young = [{"person": f"y{at}", "birth_month": date(1970, 1, 1), "neighbourhood": "west"} for at in range(100)]
    medicines = [{"person": one["person"], "code": str(at)} for one in told for at in range(10)]
    return {"people": told + young, "medicines": medicines + [{"person": one["person"], "code": "1"} for one in young]}


@pytest.fixture
def kept(tmp_path, settings):
    settings.LOCALITY_HOME = tmp_path
    return measure_world.kept_already(tmp_path, "cohorts", **rows())


@pytest.fixture
def analyst(sign_in):
    return sign_in("Ada", "Lister", roles=("analyst",), teams=())


def test_how_many_are_meant_and_how_many_are_in_each_segment_stand_side_by_side(kept, analyst):
    page = words(analyst, "/measures/cohorts")

    assert "4 cohorts, and everybody in one of 9 segments" in page
    assert "ten-medicines-85, version 1 45" in page
    assert (
        "Long-term conditions \u201cYou have one or more conditions that need looking after over the years.\u201d"
        in page
    )


def test_each_line_says_whom_it_leaves_out_and_few_are_kept_back(kept, analyst):
    page = words(analyst, ADDRESS)

    assert "People of 85 and over who take ten medicines or more: 45" in page
    assert "85 or older 100 takes 10 medicines or more 0" in page
    assert "Eastside kept back Westside kept back" in page
    assert "Who of them may I open?" not in page


def test_of_what_may_not_be_told_no_page_holds_a_number(kept, analyst):
    pages = [analyst.get(address).content.decode() for address in ("/measures/cohorts", ADDRESS)]

    cells = [one for page in pages for one in re.findall(r'<td role="cell"[^>]*class="number">([^<]*)<', page)]
    assert [one for one in cells if one.isdigit() and (int(one) % 5 or 0 < int(one) <= 7)] == []
    assert "kept back" in cells


@pytest.mark.parametrize("address", ["/measures/cohorts", ADDRESS])
def test_the_pages_ask_the_database_for_nobody_but_the_viewer(kept, analyst, django_assert_num_queries, address):
    analyst.get(address)

    with django_assert_num_queries(QUERIES):
        analyst.get(address)


def test_before_anything_is_kept_the_page_names_the_commands(tmp_path, settings, analyst):
    settings.LOCALITY_HOME = tmp_path

    assert "locality refresh, then locality measure --keep" in words(analyst, "/measures/cohorts")
    assert analyst.get(ADDRESS).status_code == 404


def test_a_role_that_sees_no_figures_is_refused(kept, sign_in):
    other = sign_in("Olga", "Nowak", roles=("link_worker",), teams=())

    assert [other.get(address).status_code for address in ("/measures/cohorts", ADDRESS)] == [403, 403]
    assert other.post(f"{ADDRESS}/mine", {"why": "Curious"}).status_code == 403


# ---- names


@pytest.fixture
def two(tmp_path, settings, db):
    """Two people of the cohort, one of whom the nurse's team looks after."""
    settings.LOCALITY_HOME, settings.COPY_KEY = tmp_path, lambda: KEY
    hers, other = make.person("Hers", "Hetty"), make.person("Other", "Olive")
    make.relationship(hers, starts_on=date(2026, 1, 1))
    names = tuple(pseudonym(key=KEY, person=one.pk) for one in (hers, other))
    measure_world.kept_already(tmp_path, "cohorts", **rows())
    # going back asks the copy itself, and so the people of this test
    write_copy(tmp_path / "copy", **rows(names))
    return hers


def test_a_nurse_who_says_why_sees_her_own_people_and_each_is_written_down(two, sign_in):
    nurse = sign_in()
    before = words(nurse, ADDRESS)

    answer = nurse.post(f"{ADDRESS}/mine", {"why": "A review of their medicines"})

    page, lines = answer.content.decode(), Event.objects.filter(what="copy.gone-back")
    assert "Who of them may I open?" in before
    assert "1 person of yours is in it" in page
    assert ("HERS, Hetty" in page, "Olive" in page) == (True, False)
    assert [(line.person_id, line.detail["why"]) for line in lines] == [
        (two.pk, "People of 85 and over who take ten medicines or more (cohort ten-medicines-85, version 1):"
         " A review of their medicines"),
    ]  # fmt: skip


def test_without_a_reason_nobody_is_named_and_nothing_is_written_down(two, sign_in):
    answer = sign_in().post(f"{ADDRESS}/mine", {"why": " "})

    assert (answer.status_code, "Say what you need to see them for." in answer.content.decode()) == (422, True)
    assert Event.objects.filter(what="copy.gone-back").count() == 0


def test_an_analyst_counts_and_names_nobody(two, analyst):
    answer = analyst.post(f"{ADDRESS}/mine", {"why": "A plan"})

    assert answer.status_code == 403
    assert Event.objects.filter(what="copy.gone-back").count() == 0
