"""Saying "this is not hers" of a line: it stays, it says so, it can be taken back, and both are audited."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from locality.access.rules import Label, RoleCode, Seal
from locality.base import NotFound, Refused, ViewerKind
from locality.base.ids import new_id
from locality.journal.models import Event
from locality.record.actions.remarks import say_not_theirs, withdraw_remark
from locality.record.models import Remark, Resource
from locality.record.queries import summary
from locality.record.queries.rows import held
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

WORDS = "She has never had asthma: this is her sister's"


def said(person, row, viewer=None, words: str = WORDS) -> Remark:
    by = viewer or make.viewer()
    return say_not_theirs(thing=row.thing, grant=make.opened(person, by), words=words, by=by)


def taken_back(person, row, viewer=None) -> Remark:
    by = viewer or make.viewer()
    return withdraw_remark(thing=row.thing, grant=make.opened(person, by), by=by)


def not_hers(person) -> list[bool]:
    return [fact.not_hers for fact in summary(grant=make.opened(person), at=make.AT).problems.facts]


def remarks_audited() -> list[tuple]:
    lines = Event.objects.filter(what__startswith="remark.").order_by("id")
    return list(lines.values_list("what", "by_id", "person_id", "about_id", "reason"))


def test_it_is_said_with_who_when_and_how_they_know():
    peggy, (gp,) = make.peggy("gp")
    row = make.resource(gp, make.problem("Asthma"))
    nurse = make.viewer()

    remark = said(peggy, row)

    assert (remark.thing, remark.person, remark.words) == (row.thing, peggy, WORDS)
    assert (remark.said_at, remark.said_by, remark.withdrawn_at) == (make.AT, nurse.id, None)
    assert remarks_audited() == [("remark.made", nurse.id, peggy.pk, row.thing, WORDS)]
    assert not_hers(peggy) == [True]


def test_the_row_itself_is_untouched():
    peggy, (gp,) = make.peggy("gp")
    row = make.resource(gp, make.problem("Asthma"))
    before = Resource.objects.values().get(pk=row.pk)

    said(peggy, row)

    assert Resource.objects.values().get(pk=row.pk) == before


def test_another_may_take_it_back_and_say_it_again():
    peggy, (gp,) = make.peggy("gp")
    row = make.resource(gp, make.problem("Asthma"))
    nurse, doctor = make.viewer(), make.viewer(given="Helen", at=make.AT + timedelta(minutes=5))
    said(peggy, row, nurse)

    withdrawn = taken_back(peggy, row, doctor)
    again = said(peggy, row, doctor)

    assert (withdrawn.withdrawn_at, withdrawn.withdrawn_by) == (doctor.at, doctor.id)
    assert [line[:2] for line in remarks_audited()] == [
        ("remark.made", nurse.id),
        ("remark.withdrawn", doctor.id),
        ("remark.made", doctor.id),
    ]
    assert list(Remark.objects.filter(withdrawn_at=None)) == [again]


def test_taken_back_it_is_hers_again():
    peggy, (gp,) = make.peggy("gp")
    row = make.resource(gp, make.problem("Asthma"))
    said(peggy, row)

    taken_back(peggy, row)

    assert not_hers(peggy) == [False]


def test_it_holds_for_a_new_version_of_the_same_line():
    peggy, (gp,) = make.peggy("gp")
    row = make.resource(gp, make.problem("Asthma", id="a1"))
    said(peggy, row)

    Resource.objects.filter(pk=row.pk).update(is_current=False)
    make.resource(gp, make.problem("Asthma", id="a1", note=[{"text": "Again"}]), version=2)

    assert not_hers(peggy) == [True]


@pytest.mark.parametrize("words", ["", "   \n"])
def test_without_words_it_is_refused_and_nothing_is_kept(words):
    peggy, (gp,) = make.peggy("gp")
    row = make.resource(gp, make.problem("Asthma"))

    with pytest.raises(Refused, match="Say how you know"):
        said(peggy, row, words=words)

    assert (Remark.objects.count(), remarks_audited()) == (0, [])


def test_a_book_is_refused():
    peggy, (gp,) = make.peggy("gp")

    with pytest.raises(Refused, match="longer than 2,000 letters"):
        said(peggy, make.resource(gp, make.problem("Asthma")), words="x" * 2001)


def test_said_twice_is_refused():
    peggy, (gp,) = make.peggy("gp")
    row = make.resource(gp, make.problem("Asthma"))
    said(peggy, row)

    with pytest.raises(Refused, match="already said"):
        said(peggy, row, make.viewer(given="Helen"))

    assert Remark.objects.count() == 1


def test_said_before_two_people_were_found_to_be_one_it_is_said_of_the_one():
    peggy, _ = make.peggy("gp")
    alias = make.person("Hargreaves", "Margaret", merged_into=peggy)
    row = make.resource(make.patient(alias, make.source("acute"), local_id="alias"), make.problem("Asthma"))
    make.remark(row, alias)

    with pytest.raises(Refused, match="already said"):
        said(peggy, row)
    taken_back(peggy, row)

    assert not_hers(peggy) == [False]


def test_what_was_not_said_cannot_be_taken_back():
    peggy, (gp,) = make.peggy("gp")
    row = make.resource(gp, make.problem("Asthma"))

    with pytest.raises(Refused, match="Nobody has said"):
        taken_back(peggy, row)


@pytest.mark.parametrize(
    "hidden",
    [
        {"label": Label.RESTRICTED},
        {"seal": Seal.LOCKED},
        {"data_class": "SAFE"},
        {"state": "wrong"},
        {"removed": True},
        {"is_current": False},
    ],
)
@pytest.mark.parametrize("act", [said, taken_back])
def test_of_a_hidden_line_nothing_can_be_said_and_it_looks_absent(hidden, act):
    peggy, (gp,) = make.peggy("gp")
    row = make.resource(gp, make.problem("Asthma"), **hidden)
    absent = Resource(thing=new_id())

    with pytest.raises(NotFound) as of_hidden:
        act(peggy, row)
    with pytest.raises(NotFound) as of_absent:
        act(peggy, absent)

    assert str(of_hidden.value) == str(of_absent.value)
    assert (Remark.objects.count(), remarks_audited()) == (0, [])


def test_of_another_persons_line_nothing_can_be_said():
    peggy, (gp,) = make.peggy("gp")
    his = make.resource(make.patient(make.person("Entwistle", "Stanley"), gp.source), make.problem("Dementia"))

    with pytest.raises(NotFound):
        said(peggy, his)


@pytest.mark.parametrize("other", [make.stranger, lambda: make.viewer(RoleCode.SOCIAL_WORKER)])
@pytest.mark.parametrize("act", [say_not_theirs, withdraw_remark])
def test_a_grant_is_used_by_whom_it_was_given_to_in_that_role(other, act):
    peggy, (gp,) = make.peggy("gp")
    row = make.resource(gp, make.problem("Asthma"))
    make.remark(row, peggy)
    words = {"words": WORDS} if act is say_not_theirs else {}

    with pytest.raises(NotFound):
        act(thing=row.thing, grant=make.opened(peggy), by=other(), **words)

    assert Remark.objects.filter(withdrawn_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_said_by_two_at_the_same_moment_it_is_said_once():
    peggy, (gp,) = make.peggy("gp")
    row = make.resource(gp, make.problem("Asthma"))
    viewers = [make.viewer(), make.viewer(given="Helen")]
    grants = [make.opened(peggy, viewer) for viewer in viewers]
    together = Barrier(2)

    def say(place: int) -> str:
        try:
            together.wait(timeout=10)
            say_not_theirs(thing=row.thing, grant=grants[place], words=WORDS, by=viewers[place])
        except Refused as refusal:
            return str(refusal)
        finally:
            connection.close()
        return "said"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(say, range(2)))

    assert answers == ["Somebody has already said of this line that it is not theirs.", "said"]
    assert (Remark.objects.count(), len(remarks_audited())) == (1, 1)


@pytest.mark.parametrize(("remarked", "own"), [(True, 0), (False, 1)])
def test_what_was_said_to_be_somebody_elses_is_held_for_staff_and_not_for_themselves(remarked, own):
    peggy, (gp,) = make.peggy("gp")
    row = make.resource(gp, make.problem("Asthma"))
    herself = make.viewer(kind=ViewerKind.PERSON, id=peggy.pk, role="", teams=frozenset())
    if remarked:
        said(peggy, row)

    counts = [held(make.opened(peggy, one)).count() for one in (make.viewer(), herself)]

    assert counts == [1, own]
