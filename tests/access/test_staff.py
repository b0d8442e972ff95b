"""An employer's list of staff: who joins, who moves, who leaves; what cannot be taken is kept with its reason."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from locality.access import queries as access
from locality.access.actions import load_practitioners, try_password
from locality.access.models import Account, Role
from locality.base import NoAccess, NotFound, Viewer, ViewerKind, system
from locality.directory import queries
from locality.directory.actions import leave_team, load_pack
from locality.directory.models import Practitioner, TeamMembership
from locality.directory.pack import PackFaults
from locality.journal.models import Event

SMALLPLACE = Path(__file__).parents[1] / "data" / "packs" / "smallplace"
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
BY = system(at=AT)
TODAY = date(2026, 11, 21)
HEAD = "code,prefix,given,family,profession,employer,team,post,role,starts_on,ends_on,username"
CY = "P7,Dr,Cy,Elm,GP,ZZ99901,rapid,Duty GP,clinician,2026-01-05,,cy.elm"


@pytest.fixture
def smallplace(db) -> None:
    load_pack(pack=SMALLPLACE, by=BY)


@pytest.fixture
def staff(smallplace, tmp_path):
    """Load these lines as a list of staff."""

    def load(*lines: str, at: datetime = AT):
        path = tmp_path / "staff.csv"
        path.write_text("\n".join([HEAD, *lines]) + "\n")
        return load_practitioners(path=path, by=system(at=at))

    return load


def works(code: str) -> list[tuple]:
    rows = TeamMembership.objects.filter(practitioner__code=code).order_by("starts_on", "team__code")
    return [(row.team.code, row.employer.code, row.post, row.starts_on, row.ends_on) for row in rows]


def may_be(code: str) -> list[tuple]:
    rows = Role.objects.filter(practitioner__code=code).order_by("starts_on", "code")
    return [(row.organisation.code, row.code, row.starts_on, row.ends_on) for row in rows]


# ---- joining, moving, leaving


def test_who_joins_has_a_team_a_role_and_an_account_that_waits_for_a_password(staff):
    loaded = staff(CY)

    cy = queries.practitioner_with_code("p7")
    assert (loaded.sentence, loaded.joined) == ("1 line read: 1 joined.", ["p7"])
    assert (cy.name, cy.employer.code, cy.origin) == ("Dr Cy Elm", "ZZ99901", "staff.csv")
    assert works("p7") == [("rapid", "ZZ99901", "Duty GP", date(2026, 1, 5), None)]
    assert may_be("p7") == [("ZZ99901", "clinician", date(2026, 1, 5), None)]
    assert access.account("cy.elm").practitioner_id == cy.pk
    assert try_password(username="cy.elm", password="", at=AT) is None


def test_the_same_list_again_changes_nothing(staff):
    staff(CY)
    before = (works("p7"), may_be("p7"), Account.objects.count(), Practitioner.objects.count())

    again = staff(CY)

    assert again.sentence == "1 line read: 1 unchanged."
    assert (works("p7"), may_be("p7"), Account.objects.count(), Practitioner.objects.count()) == before


def test_who_moves_leaves_the_old_team_on_the_first_day_in_the_new_one(staff):
    staff(CY)

    loaded = staff(CY.replace("rapid,Duty GP", "uphill,Duty GP").replace("2026-01-05", "2026-12-01"))

    assert loaded.moved == ["p7"]
    assert works("p7") == [
        ("rapid", "ZZ99901", "Duty GP", date(2026, 1, 5), date(2026, 12, 1)),
        ("uphill", "ZZ99901", "Duty GP", date(2026, 12, 1), None),
    ]
    assert may_be("p7") == [("ZZ99901", "clinician", date(2026, 1, 5), None)]


def test_a_team_that_is_no_longer_in_the_list_ends_on_the_day_of_the_list(staff):
    staff(CY, CY.replace("rapid", "uphill"))

    loaded = staff(CY)

    assert loaded.moved == ["p7"]
    assert works("p7") == [
        ("rapid", "ZZ99901", "Duty GP", date(2026, 1, 5), None),
        ("uphill", "ZZ99901", "Duty GP", date(2026, 1, 5), TODAY),
    ]


def test_who_changes_employer_in_the_same_team_changes_on_one_day(staff):
    nurse = "n1,,Amy,Ash,District nurse,ZZ1,uphill,,clinician,2025-01-01,,"
    another = "n2,,Bo,Birch,Nurse,ZZ1,uphill,,clinician,2026-01-01,,"
    staff(nurse, another)

    loaded = staff(nurse.replace("ZZ1", "small-council").replace("2025-01-01", "2026-04-01"), another)

    assert (loaded.moved, loaded.unchanged) == (["n1"], ["n2"])
    assert works("n1") == [
        ("uphill", "ZZ1", "District nurse", date(2025, 1, 1), date(2026, 4, 1)),
        ("uphill", "small-council", "District nurse", date(2026, 4, 1), None),
    ]
    assert may_be("n1") == [
        ("ZZ1", "clinician", date(2025, 1, 1), date(2026, 4, 1)),
        ("small-council", "clinician", date(2026, 4, 1), None),
    ]
    assert queries.practitioner_with_code("n1").employer.code == "small-council"


def test_one_employers_list_ends_nothing_that_somebody_does_for_another(staff):
    joint = CY.replace("ZZ99901,rapid,Duty GP,clinician", "small-council,uphill,Adviser,social_worker")
    staff(CY, joint)

    surgery, council = staff(CY), staff(joint)

    assert (surgery.unchanged, council.unchanged) == (["p7"], ["p7"])
    assert [row[0] for row in works("p7")] == ["rapid", "uphill"]
    assert [row[-1] for row in [*works("p7"), *may_be("p7")]] == [None] * 4


def test_who_leaves_can_choose_no_role_from_that_day_on(staff):
    staff(CY)

    loaded = staff(CY.replace("2026-01-05,", "2026-01-05,2026-11-30"))

    account = access.account("cy.elm")
    assert loaded.left == ["p7"]
    assert works("p7") == [("rapid", "ZZ99901", "Duty GP", date(2026, 1, 5), date(2026, 11, 30))]
    days = [date(2026, 11, 29), date(2026, 11, 30)]
    assert [access.roles_today(account_id=account.pk, on=day).count() for day in days] == [1, 0]
    assert staff(CY.replace("2026-01-05,", "2026-01-05,2026-11-30")).unchanged == ["p7"]


def test_a_leaver_is_not_let_back_in_by_an_old_list(staff):
    staff(CY)
    membership = TeamMembership.objects.get(practitioner__code="p7")
    leave_team(membership=membership, ends_on=date(2026, 11, 1), by=BY)

    assert staff(CY).unchanged == ["p7"]
    assert works("p7")[0][-1] == date(2026, 11, 1)


def test_who_comes_back_later_works_there_twice(staff):
    staff(CY.replace("2026-01-05,", "2026-01-05,2026-06-01"))

    loaded = staff(CY.replace("2026-01-05", "2026-09-01"))

    assert loaded.moved == ["p7"]
    assert [row[3:] for row in works("p7")] == [
        (date(2026, 1, 5), date(2026, 6, 1)),
        (date(2026, 9, 1), None),
    ]


def test_two_spells_in_one_team_are_taken_in_one_list_and_again_without_a_change(staff):
    staff(CY)
    lines = [CY.replace("2026-01-05,", "2026-01-05,2026-06-01"), CY.replace("2026-01-05", "2026-09-01")]

    first, again = staff(*lines), staff(*lines)

    assert (first.moved, again.unchanged) == (["p7"], ["p7"])
    assert [row[3:] for row in works("p7")] == [
        (date(2026, 1, 5), date(2026, 6, 1)),
        (date(2026, 9, 1), None),
    ]


def test_whoever_is_not_in_the_list_is_left_alone(staff):
    before = works("amy-oak"), works("ben-ash")

    staff(CY)

    assert (works("amy-oak"), works("ben-ash")) == before


def test_a_name_is_corrected_and_a_blank_takes_nothing_away(staff):
    staff(CY)

    loaded = staff(CY.replace("Dr,Cy,Elm", ",Cyril,Élm"))

    cy = queries.practitioner_with_code("p7")
    assert loaded.changed == ["p7"]
    assert (cy.name, cy.sort_key) == ("Dr Cyril Élm", "elm cyril")
    assert Event.objects.get(what="practitioner.change").detail == {"code": "p7", "changed": ["given", "family"]}


def test_two_posts_of_one_person_are_two_lines(staff):
    loaded = staff(CY, CY.replace("ZZ99901,rapid,Duty GP,clinician", "ZZ1,uphill,Lead,care_coordinator"))

    assert loaded.joined == ["p7"]
    assert [row[:3] for row in works("p7")] == [("rapid", "ZZ99901", "Duty GP"), ("uphill", "ZZ1", "Lead")]
    assert [row[:2] for row in may_be("p7")] == [("ZZ1", "care_coordinator"), ("ZZ99901", "clinician")]


# ---- what is refused, line by line


@pytest.mark.parametrize(
    ("words", "into", "reason"),
    [
        ("ZZ99901", "P99999", "'employer' names P99999: write one of ZZ1, ZZ2, ZZ3, ZZ99901, small-council, kind-neig"),
        ("rapid", "rapit", "'team' names rapit (did you mean 'rapid'?)"),
        ("clinician", "doctor", "'role' names doctor: write one of clinician, social_worker,"),
        (
            "2026-01-05",
            "01/05/2026",
            "'starts_on' must be a day such as 2019-04-01, not '01/05/2026': write 2026-05-01 fo",
        ),
        ("2026-01-05,", "2026-01-05,2025-12-31", "'ends_on' is before 'starts_on': write a day after it, or leave"),
        ("Elm", "", "'family' is missing"),
        ("P7", "7 up", "'code' must be a code such as p104233"),
        ("rapid", "uphill-first", "First Uphill team is not there on 5 January 2026."),
        ("ZZ99901", "ZZ2", "Old Hospital NHS Trust is over since 1 April 2001: write who employs them now, or the day"),
    ],
)
def test_a_line_that_cannot_be_taken_is_kept_with_its_reason_and_the_others_are_loaded(
    staff, tmp_path, words, into, reason
):
    loaded = staff(CY.replace(words, into, 1), "n2,,Bo,Birch,Nurse,ZZ1,uphill,,clinician,2026-01-01,,")

    (refused,) = loaded.refused
    assert refused.line == 2
    assert refused.reason.startswith(f"{tmp_path}/staff.csv line 2: {reason}")
    assert loaded.joined == ["n2"]
    assert loaded.sentence == "2 lines read: 1 joined. 1 line refused."
    assert Practitioner.objects.filter(family="Elm").count() == 0


def test_when_one_line_of_a_person_is_refused_none_of_them_is_taken(staff, tmp_path):
    staff(CY)
    file = f"{tmp_path}/staff.csv"

    loaded = staff(CY.replace("rapid", "uphill"), CY.replace("rapid", "nowhere"))

    assert [(row.line, row.code, row.reason) for row in loaded.refused] == [
        (2, "p7", f"{file} line 2: not taken, since line 3 of the same person was refused"),
        (3, "p7", f"{file} line 3: 'team' names nowhere: write one of uphill-first, uphill, rapid, or leave it out"),
    ]
    assert [row[0] for row in works("p7")] == ["rapid"]


def test_lines_of_one_person_must_agree_on_who_that_is(staff, tmp_path):
    loaded = staff(CY, CY.replace("Elm", "Oak").replace("rapid", "uphill"))

    assert loaded.refused[1].reason == (
        f"{tmp_path}/staff.csv line 3: 'family' is 'Oak' here and 'Elm' on line 2: write the same in both"
    )
    assert Practitioner.objects.filter(code="p7").count() == 0


def test_an_account_of_somebody_else_is_refused_and_so_is_a_second_one(staff, tmp_path):
    staff(CY)
    file = f"{tmp_path}/staff.csv"

    taken = staff("n2,,Bo,Birch,Nurse,ZZ1,uphill,,clinician,2026-01-01,,CY.elm")
    second = staff(CY.replace("cy.elm", "cyril"))

    assert [row.reason for row in taken.refused] == [f"{file} line 2: There is already an account of that name."]
    assert [row.reason for row in second.refused] == [
        f"{file} line 2: they sign in as cy.elm already: write that, or leave it blank"
    ]
    assert Practitioner.objects.filter(code="n2").count() == 0


def test_the_same_line_twice_is_refused(staff, tmp_path):
    loaded = staff(CY, CY)

    assert loaded.refused[1].reason == (
        f"{tmp_path}/staff.csv line 3: Dr Cy Elm is already in Rapid response from 5 January 2026."
    )
    assert works("p7") == []


def test_a_heading_that_nobody_knows_refuses_the_whole_file(smallplace, tmp_path):
    (tmp_path / "staff.csv").write_text("code,surname\np1,Oak\n")

    with pytest.raises(PackFaults, match="staff.csv line 1: 'surname' is not a column here"):
        load_practitioners(path=tmp_path / "staff.csv", by=BY)
    with pytest.raises(NotFound, match="There is no file"):
        load_practitioners(path=tmp_path / "nowhere.csv", by=BY)


def test_the_whole_list_is_one_line_of_the_audit_beside_each_persons_own(staff):
    staff(CY)

    line = Event.objects.get(what="staff.load")
    assert line.detail == {
        "file": "staff.csv",
        "lines": 1,
        "joined": 1,
        "moved": 0,
        "left": 0,
        "changed": 0,
        "unchanged": 0,
        "refused": 0,
    }
    own = {"practitioner.add", "team.join", "role.added", "account.added"}
    assert set(Event.objects.exclude(what="pack.load").values_list("what", flat=True)) == {*own, "staff.load"}


def test_a_refused_line_is_kept_as_it_was_sent(staff):
    loaded = staff(CY.replace("rapid", "nowhere"))

    assert loaded.refused[0].sent == {
        "code": "P7",
        "prefix": "Dr",
        "given": "Cy",
        "family": "Elm",
        "profession": "GP",
        "employer": "ZZ99901",
        "team": "nowhere",
        "post": "Duty GP",
        "role": "clinician",
        "starts_on": "2026-01-05",
        "username": "cy.elm",
    }


def test_a_list_that_is_only_looked_at_says_what_it_would_do_and_changes_nothing(smallplace, tmp_path):
    (tmp_path / "staff.csv").write_text(f"{HEAD}\n{CY}\n{CY.replace('P7', 'P8').replace('rapid', 'nowhere')}\n")
    before = Event.objects.count(), Practitioner.objects.count()

    looked = load_practitioners(path=tmp_path / "staff.csv", by=BY, trial=True)

    assert looked.sentence == "2 lines read: 1 joined. 1 line refused."
    assert (Event.objects.count(), Practitioner.objects.count()) == before
    assert load_practitioners(path=tmp_path / "staff.csv", by=BY).joined == ["p7"]


# ---- who may


def test_no_role_but_the_administrators_loads_a_list(staff):
    staff(CY)
    nurse = viewer_of("p7", role="clinician")

    with pytest.raises(NoAccess, match="does not keep the list of staff"):
        load_practitioners(path=Path("/nowhere.csv"), by=nurse)


def test_an_administrator_does_not_load_their_own_lines(staff, tmp_path):
    staff(CY, CY.replace("P7,Dr,Cy", "P8,,Di").replace("cy.elm", "di.elm"))
    cy = viewer_of("p7", role="administrator")
    mine, hers = CY.replace("clinician", "safeguarding_lead"), "P8,,Di,Elm,GP,ZZ99901,uphill,,clinician,2026-12-01,,"
    (tmp_path / "mine.csv").write_text(f"{HEAD}\n{mine}\n{hers}\n")

    loaded = load_practitioners(path=tmp_path / "mine.csv", by=cy)

    assert [(row.code, row.reason) for row in loaded.refused] == [
        ("p7", f"{tmp_path}/mine.csv line 2: this is you: another administrator loads your own lines")
    ]
    assert loaded.moved == ["p8"]
    assert may_be("p7") == [("ZZ99901", "clinician", date(2026, 1, 5), None)]


def viewer_of(code: str, *, role: str) -> Viewer:
    who = queries.practitioner_with_code(code)
    return Viewer(kind=ViewerKind.PRACTITIONER, id=who.pk, role=role, name=who.name, at=AT)


# ---- six hundred


def many(count: int) -> list[str]:
    return [
        f"s{number},,Given{number},Family{number},Nurse,ZZ1,uphill,,clinician,2026-01-01,,given{number}"
        for number in range(count)
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_that_changes_nothing_is_as_many_questions_however_long(staff, django_assert_num_queries, count):
    staff(*many(count))

    # a savepoint and its release, the lock, the place, what lines may name, four of the people, the audit line
    with django_assert_num_queries(11):
        loaded = staff(*many(count))

    assert len(loaded.unchanged) == count


@pytest.mark.parametrize("count", [60, pytest.param(600, marks=pytest.mark.prove)])
def test_hundreds_join_and_the_few_of_them_who_are_wrong_are_told(staff, count):
    lines = many(count)
    for number in range(0, 60, 20):
        lines[number] = lines[number].replace("uphill", "downhill")

    loaded = staff(*lines)

    joined = {"joined": count - 3, "moved": 0, "left": 0, "changed": 0, "unchanged": 0, "refused": 3}
    assert loaded.counts == joined
    assert [row.line for row in loaded.refused] == [2, 22, 42]
    assert (Role.objects.count(), Account.objects.count()) == (count - 3, count - 3)
