"""Writing a note, who may read it, correcting it, and saying that it was about somebody else."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from locality.access import wall
from locality.access.rules import RoleCode
from locality.base import NotFound, Overtaken, Refused, ViewerKind
from locality.base.ids import new_id
from locality.journal.models import Event
from locality.neighbourhoods.actions import notes
from locality.neighbourhoods.actions.notes import Also, Brought, FollowUp
from locality.neighbourhoods.models import Alert, Note, NoteFile, Task
from locality.neighbourhoods.queries import notes as queries
from locality.neighbourhoods.rules.notes import NoteKind
from tests import factories as make
from tests.neighbourhoods.notes_world import corrected, in_conflict, said, sealed, weighed, wrote
from tests.neighbourhoods.pictures import exif, jpeg, part

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


@pytest.fixture
def peggy():
    row = make.person()
    make.relationship(row)
    return row


def words_of(person, viewer=None) -> list[str]:
    return [one.words for one in queries.of_person(grant=make.opened(person, viewer))[0]]


def audited(beginning: str = "note") -> list[tuple]:
    lines = Event.objects.filter(what__startswith=beginning).order_by("id")
    return list(lines.values_list("what", "person_id", "about_id", "reason"))


def test_a_note_says_what_was_done_with_whom_when_and_by_whom(peggy):
    row = wrote(peggy, with_whom="Ann, her daughter", mood="low")

    [one] = queries.of_person(grant=make.opened(peggy))[0]
    assert (one.words, one.with_whom, one.mood, one.kind_words) == (
        "Dressed her shin.",
        "Ann, her daughter",
        "low",
        "Visit",
    )
    assert (one.by_name, one.by_organisation, one.happened_at) == (
        "Joanne Fielding",
        "Smallborough Hospitals",
        make.ago(hours=1),
    )
    assert audited() == [("note.written", peggy.pk, row.thing, "")]


@pytest.mark.parametrize(
    ("role", "data_class"),
    [
        (RoleCode.CLINICIAN, "CLIN"),
        (RoleCode.SOCIAL_WORKER, "SOC"),
        (RoleCode.CARE_COORDINATOR, "WORK"),
        (RoleCode.LINK_WORKER, "WORK"),
        (RoleCode.CARE_HOME, "WORK"),
        (RoleCode.SAFEGUARDING_LEAD, "WORK"),
    ],
)
def test_a_note_is_of_the_class_of_whoever_wrote_it(peggy, role, data_class):
    assert wrote(peggy, make.viewer(role)).data_class == data_class


def test_a_coordinator_does_not_see_what_a_nurse_wrote_and_a_social_worker_sees_its_line_alone(peggy):
    wrote(peggy)

    assert words_of(peggy, make.viewer(RoleCode.CARE_COORDINATOR)) == []
    [line] = queries.of_person(grant=make.opened(peggy, make.viewer(RoleCode.SOCIAL_WORKER)))[0]
    assert (line.redacted, line.words, line.by_name) == (True, "", "Joanne Fielding")


def test_another_team_opens_no_note_and_one_of_another_person_is_not_there(peggy):
    row = wrote(peggy)
    stan = make.person("Whitworth", "Stanley")
    make.relationship(stan)

    with pytest.raises(NotFound):
        queries.note(grant=make.opened(stan), thing=row.thing)
    with pytest.raises(Exception, match="team"):
        make.opened(peggy, make.stranger())
    assert words_of(stan) == []


def test_what_is_sensitive_is_for_those_who_read_so(peggy):
    wrote(peggy, sensitive=True)

    assert words_of(peggy) == ["Dressed her shin."]
    assert words_of(peggy, make.viewer(RoleCode.SOCIAL_WORKER)) == []
    with pytest.raises(Refused, match="does not read what is sensitive"):
        wrote(peggy, make.viewer(RoleCode.LINK_WORKER), sensitive=True)


def test_what_is_restricted_opens_to_nobody_without_breaking_the_glass_and_to_the_person(peggy):
    row = wrote(peggy, restricted_why="She asked me not to tell")
    herself = replace(make.viewer(), kind=ViewerKind.PERSON, id=peggy.pk, role="", teams=frozenset(), organisation=None)

    assert row.label == "R"
    assert words_of(peggy) == []
    assert words_of(peggy, herself) == ["Dressed her shin."]


def test_the_person_reads_what_a_nurse_wrote_and_the_line_of_what_a_coordinator_did(peggy):
    wrote(peggy)
    wrote(peggy, make.viewer(RoleCode.CARE_COORDINATOR), words="Rang the council.", happened_at=make.ago(hours=2))
    herself = replace(make.viewer(), kind=ViewerKind.PERSON, id=peggy.pk, role="", teams=frozenset(), organisation=None)

    assert words_of(peggy, herself) == ["Dressed her shin.", ""]


def test_a_note_that_she_sealed_is_seen_by_nobody_but_her(peggy):
    row = wrote(peggy)
    herself = replace(make.viewer(), kind=ViewerKind.PERSON, id=peggy.pk, role="", teams=frozenset(), organisation=None)
    sealed(peggy, row.thing)

    assert words_of(peggy) == []
    assert words_of(peggy, herself) == ["Dressed her shin."]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"words": "  "}, "Write what you did"),
        ({"words": "x" * 20_001}, "longer than 20,000"),
        ({"happened_at": make.AT + timedelta(hours=1)}, "not happened yet"),
        ({"readings": {"weight": Decimal("526")}}, "cannot be"),
        ({"readings": {"systolic": Decimal(126)}}, "two numbers"),
        ({"readings": {"systolic": Decimal(70), "diastolic": Decimal(126)}}, "not below"),
        ({"fall": {"injured": "somewhat"}}, "choose one"),
        ({"wound": {"length": "2.5 cm"}}, "whole millimetres"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(peggy, told, why):
    with pytest.raises(Refused, match=why):
        wrote(peggy, **told)
    assert Note.objects.count() == 0


def test_what_cannot_be_is_refused_by_the_database_too(peggy):
    row = wrote(peggy)

    for told in ({"weight": 500}, {"pain": 11}, {"mood": "odd"}, {"kind": "dream"}, {"words": ""}, {"label": "R"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Note.objects.filter(pk=row.pk).update(**told)


def test_sent_twice_from_one_filling_of_the_form_it_is_one_note(peggy):
    form = new_id()

    first, again = (wrote(peggy, form=form) for _ in range(2))

    assert (first.pk, Note.objects.count()) == (again.pk, 1)


def test_other_words_under_the_mark_of_one_filling_are_another_note_and_never_lost(peggy):
    """A draft that was begun on a phone and opened on a laptop carries one mark twice."""
    form = new_id()
    wrote(peggy, form=form, words="Kept on the laptop.")

    wrote(peggy, form=form, words="Kept on the phone.")
    wrote(peggy, form=form, words="Kept on the laptop.")

    assert sorted(words_of(peggy)) == ["Kept on the laptop.", "Kept on the phone."]


def test_a_reader_who_may_not_write_writes_nothing(peggy):
    ended = make.person("Past", "Pat")
    make.relationship(ended, starts_on=make.TODAY - timedelta(days=90), ends_on=make.TODAY - timedelta(days=3))
    by = make.viewer()
    grant = make.opened(peggy, by)

    with pytest.raises(Refused, match="not write in it"):
        notes.write(
            form=new_id(), said=said(), grant=replace(grant, opening=replace(grant.opening, writes=False)), by=by
        )
    with pytest.raises(Refused, match="another role"):
        notes.write(form=new_id(), said=said(), grant=grant, by=make.viewer(RoleCode.LINK_WORKER))


# ---- what is measured


def test_readings_are_told_in_words_and_the_early_warning_score_with_them(peggy):
    told = {"systolic": "95", "diastolic": "60", "pulse": "95", "resp_rate": "22", "spo2": "97", "temperature": "37.0"}
    readings = {name: Decimal(value) for name, value in told.items()}
    wrote(peggy, as_said=said(readings=readings, on_oxygen=False, consciousness="A"))

    [one] = queries.of_person(grant=make.opened(peggy))[0]
    assert one.readings == (
        ("Blood pressure", "95/60 mmHg"),
        ("Pulse", "95 a minute"),
        ("Breaths", "22 a minute"),
        ("Oxygen", "97 %"),
        ("Temperature", "37.0 \u00b0C"),
    )
    assert (one.news2.total, one.news2.risk) == (5, "medium")


@pytest.mark.parametrize(("born", "scores"), [("2010-11-05", 1), ("2010-11-06", 0), (None, 0)])
def test_the_early_warning_score_is_of_nobody_under_sixteen(born, scores):
    child = make.person("Lomas", "Ben", nhs_number="", birth_on=date.fromisoformat(born) if born else None)
    make.relationship(child)
    readings = {"resp_rate": 18, "spo2": 97, "systolic": 110, "diastolic": 70, "pulse": 90, "temperature": 37}
    told = {name: Decimal(value) for name, value in readings.items()}

    wrote(child, readings=told, on_oxygen=False, consciousness="A")

    [one] = queries.of_person(grant=make.opened(child))[0]
    trends = [trend.id for trend in queries.trends(grant=make.opened(child))]
    assert (one.news2 is not None, trends.count("trend-news2")) == (bool(scores), scores)


def test_a_score_is_not_told_while_something_is_missing(peggy):
    readings = {name: Decimal(value) for name, value in {"pulse": "95", "resp_rate": "22", "spo2": "97"}.items()}
    wrote(peggy, as_said=said(readings=readings, consciousness="A"))
    wrote(peggy, as_said=weighed("52.6", happened_at=make.ago(days=2)))

    first, second = queries.of_person(grant=make.opened(peggy))[0]
    assert (first.news2.total, first.news2.missing) == (None, ("on_oxygen", "systolic", "temperature"))
    assert second.news2 is None


def test_what_was_measured_over_weeks_is_a_trend_oldest_first_and_only_of_what_opens(peggy):
    for days, kilograms in ((1, "51.8"), (9, "52.1"), (16, "52.6")):
        wrote(peggy, as_said=weighed(kilograms, happened_at=make.ago(days=days)))
    wrote(peggy, as_said=weighed("99", happened_at=make.ago(days=3), restricted_why="Hers"))

    [weight] = queries.trends(grant=make.opened(peggy))
    assert (weight.label, [one.words for one in weight.points]) == ("Weight", ["52.6 kg", "52.1 kg", "51.8 kg"])
    assert queries.trends(grant=make.opened(peggy, make.viewer(RoleCode.SOCIAL_WORKER))) == []


def test_a_fall_and_a_wound_are_told_as_they_are_asked(peggy):
    fall = {"where": "The landing", "injured": "little", "got_up": "helped", "lay": "long", "head": "no"}
    wound = {"where": "Left shin", "kind": "skin tear", "length": "31", "width": "16", "state": "healing"}
    wrote(peggy, fall=fall, wound=wound)

    [one] = queries.of_person(grant=make.opened(peggy))[0]
    assert one.fall == (
        ("Where", "The landing"),
        ("Hurt", "Bruised or grazed"),
        ("Hit their head", "No"),
        ("How they got up", "Was helped up"),
        ("How long they lay", "Over an hour: a long lie"),
    )
    assert one.wound[-1] == ("Since last time", "Healing")


# ---- files


def test_a_picture_is_kept_without_where_it_was_taken_and_read_by_whoever_reads_the_note(peggy):
    hiding = jpeg(part(0xE1, exif(1)))
    row = wrote(peggy, also=Also(files=[Brought(name="shin.jpg", content=hiding)]))

    [one] = queries.of_person(grant=make.opened(peggy))[0]
    [carried] = one.files
    kept = queries.file(grant=make.opened(peggy), thing=row.thing, file_id=carried.id)
    assert (carried.name, carried.kind, carried.is_picture, bytes(kept.content)) == (
        "shin.jpg",
        "image/jpeg",
        True,
        jpeg(),
    )
    for role in (RoleCode.SOCIAL_WORKER, RoleCode.CARE_COORDINATOR):
        with pytest.raises(NotFound):
            queries.file(grant=make.opened(peggy, make.viewer(role)), thing=row.thing, file_id=carried.id)


def test_a_file_of_another_note_or_of_another_person_is_not_there(peggy):
    row, other = wrote(peggy, also=Also(files=[Brought(name="a.jpg", content=jpeg())])), wrote(peggy, words="Other")
    stan = make.person("Whitworth", "Stanley")
    make.relationship(stan)
    file = NoteFile.objects.get()

    for person, thing in ((peggy, other.thing), (stan, row.thing)):
        with pytest.raises(NotFound):
            queries.file(grant=make.opened(person), thing=thing, file_id=file.pk)


def test_what_may_not_be_kept_keeps_nothing_of_the_note_either(peggy):
    with pytest.raises(Refused, match="neither"), transaction.atomic():
        wrote(peggy, also=Also(files=[Brought(name="shin.jpg", content=b"<svg onload=alert(1)>")]))
    assert Note.objects.count() == 0


def test_a_file_that_does_not_belong_is_taken_out_by_a_correction(peggy):
    row = wrote(peggy, also=Also(files=[Brought(name="a.jpg", content=jpeg())]))
    file = NoteFile.objects.get()

    again = corrected(row, "Dressed her shin.", takes_out=[file.pk])

    assert queries.note(grant=make.opened(peggy), thing=row.thing).files == ()
    with pytest.raises(NotFound):
        queries.file(grant=make.opened(peggy), thing=row.thing, file_id=file.pk)
    corrected(again, "Dressed her shin.", files=[Brought(name="a.jpg", content=jpeg())])
    assert [one.name for one in queries.note(grant=make.opened(peggy), thing=row.thing).files] == ["a.jpg"]


# ---- who should know, and what is to be done


def colleague(given: str, team, role=RoleCode.CLINICIAN):
    who = make.practitioner(given, "Colleague")
    make.role(who, role)
    make.member(who, make.team(team))
    return who


def test_whoever_should_know_finds_it_in_their_inbox_without_what_it_says(peggy):
    tom = colleague("Tom", "riverside")

    row = wrote(peggy, also=Also(tell=[tom.pk]))

    alert = Alert.objects.get()
    assert (alert.kind, alert.owner_id, alert.about_id, alert.data_class) == ("mentioned", tom.pk, row.thing, "WORK")
    assert alert.words == "Joanne Fielding thought that you should know of a note."


@pytest.mark.parametrize(("team", "role"), [("hilltop", RoleCode.CLINICIAN), ("riverside", RoleCode.ANALYST)])
def test_whoever_may_not_open_the_person_is_not_told_and_nothing_is_kept(peggy, team, role):
    other = colleague("Ruth", team, role)

    with pytest.raises(Refused, match="may not open this record"), transaction.atomic():
        wrote(peggy, also=Also(tell=[other.pk]))
    assert (Note.objects.count(), Alert.objects.count()) == (0, 0)


def test_whoever_must_not_look_at_the_person_is_not_told(peggy):
    tom = colleague("Tom", "riverside")
    in_conflict(tom, peggy)

    with pytest.raises(Refused, match="may not open this record"), transaction.atomic():
        wrote(peggy, also=Also(tell=[tom.pk]))


def test_one_line_makes_a_task_of_the_team(peggy):
    follow = FollowUp(title="Weigh her again", team=make.team().pk, due_on=make.TODAY + timedelta(days=7))

    row = wrote(peggy, also=Also(follow_up=follow))

    task = Task.objects.get()
    assert (task.title, task.person_id, task.about, task.about_id) == ("Weigh her again", peggy.pk, "note", row.thing)
    with pytest.raises(Refused, match="team of yours"), transaction.atomic():
        wrote(peggy, also=Also(follow_up=replace(follow, team=make.team("hilltop").pk)))


# ---- correcting


def test_corrected_it_says_what_is_right_and_what_it_said_stays_readable_with_why(peggy):
    row = wrote(peggy, words="Dressed her right shin.")

    corrected(row, "Dressed her left shin.")

    grant = make.opened(peggy)
    now, [before] = queries.note(grant=grant, thing=row.thing), queries.earlier(grant=grant, thing=row.thing)
    assert (now.words, now.version, now.why) == ("Dressed her left shin.", 2, "I mixed up the legs")
    assert (before.words, before.version) == ("Dressed her right shin.", 1)
    assert [what for what, *_ in audited()] == ["note.written", "note.corrected"]


def test_whoever_corrects_a_note_did_not_make_the_visit(peggy):
    row = wrote(peggy)
    helen = make.viewer(given="Helen", organisation=make.organisation("council", kind="council").pk)

    corrected(row, "Dressed her left shin.", by=helen)

    [one] = queries.of_person(grant=make.opened(peggy))[0]
    assert (one.by_name, one.corrected_by) == ("Joanne Fielding", "Helen Fielding")
    assert Note.objects.get(thing=row.thing, is_current=True).sender_id == row.sender_id


def test_a_correction_says_why_and_is_of_what_was_read(peggy):
    row = wrote(peggy)

    with pytest.raises(Refused, match="Say why"):
        corrected(row, "Other words", why=" ")
    corrected(row, "Dressed it.")
    with pytest.raises(Overtaken, match="Joanne Fielding corrected this note at 09:40, while you wrote"):
        corrected(row, "Dressed both.")


def test_nobody_opens_wider_by_correcting_what_was_closed(peggy):
    row = wrote(peggy, sensitive=True)

    again = corrected(row, "Dressed it.")

    assert (again.data_class, words_of(peggy, make.viewer(RoleCode.SOCIAL_WORKER))) == ("SENS", [])


def test_what_was_closed_by_a_correction_is_closed_in_its_earlier_versions_too(peggy):
    row = wrote(peggy, make.viewer(RoleCode.SOCIAL_WORKER))
    lead = make.viewer(RoleCode.CARE_HOME)
    assert [one.redacted for one in queries.of_person(grant=make.opened(peggy, lead))[0]] == [True]

    by = make.viewer()
    notes.correct(
        thing=row.thing, version=1, said=said(sensitive=True), why="Too much", grant=make.opened(peggy, by), by=by
    )

    assert queries.of_person(grant=make.opened(peggy, lead))[0] == []
    social_worker = make.opened(peggy, make.viewer(RoleCode.SOCIAL_WORKER))
    assert queries.earlier(grant=social_worker, thing=row.thing) == []


def test_whoever_reads_the_line_alone_neither_corrects_a_note_nor_says_whose_it_is(peggy):
    row = wrote(peggy)
    marcus = make.viewer(RoleCode.SOCIAL_WORKER)

    with pytest.raises(NotFound):
        corrected(row, "Dressed it.", marcus)
    with pytest.raises(NotFound):
        notes.say_about_another(thing=row.thing, version=1, why="-", grant=make.opened(peggy, marcus), by=marcus)


# ---- the wrong person


def test_a_note_about_somebody_else_says_only_that_and_can_be_taken_back(peggy):
    row = wrote(peggy, words="He walked to the shop.", also=Also(files=[Brought(name="a.jpg", content=jpeg())]))
    by = make.viewer()

    notes.say_about_another(thing=row.thing, version=1, why="Next in my list", grant=make.opened(peggy), by=by)

    grant = make.opened(peggy)
    [one] = queries.of_person(grant=grant)[0]
    assert (one.about_another, one.words, one.files, one.why) == (True, "", (), "Next in my list")
    assert (queries.earlier(grant=grant, thing=row.thing), queries.latest(grant=grant)) == ([], [])
    notes.theirs_after_all(thing=row.thing, version=2, grant=grant, by=by)
    assert words_of(peggy) == ["He walked to the shop."]


def test_the_person_is_not_told_why_since_it_may_name_somebody_else(peggy):
    row = wrote(peggy)
    notes.say_about_another(thing=row.thing, version=1, why="It was Stan", grant=make.opened(peggy), by=make.viewer())
    herself = replace(make.viewer(), kind=ViewerKind.PERSON, id=peggy.pk, role="", teams=frozenset(), organisation=None)

    [one] = queries.of_person(grant=make.opened(peggy, herself))[0]
    assert (one.about_another, one.why, one.words) == (True, "", "")


def test_moved_it_stands_on_the_right_record_as_it_was_written_and_is_struck_here(peggy):
    stan = make.person("Whitworth", "Stanley")
    make.relationship(stan)
    row = wrote(peggy, words="He walked to the shop.", also=Also(files=[Brought(name="a.jpg", content=jpeg())]))
    by = make.viewer(given="Helen")
    grants = {"grant": make.opened(peggy, by), "to": make.opened(stan, by)}

    with wall.up(by):
        make.opened(peggy, by)
        notes.move(thing=row.thing, version=1, why="Wrong tab", **grants, by=by)

    [there] = queries.of_person(grant=make.opened(stan))[0]
    assert (there.words, there.by_name, there.written_at) == ("He walked to the shop.", "Joanne Fielding", make.AT)
    assert len(there.files) == 1
    assert [one.about_another for one in queries.of_person(grant=make.opened(peggy))[0]] == [True]
    assert audited("note.moved") == [("note.moved", stan.pk, there.thing, "")]


def test_what_was_moved_is_not_brought_back_by_whoever_may_open_the_wrong_record_alone(peggy):
    stan = make.person("Whitworth", "Stanley")
    make.relationship(stan)
    row, by = wrote(peggy, words="He walked to the shop."), make.viewer()
    grants = {"grant": make.opened(peggy, by), "to": make.opened(stan, by)}
    notes.move(thing=row.thing, version=1, why="Wrong tab", **grants, by=by)

    with pytest.raises(Refused, match="on the record of whom it is about"), transaction.atomic():
        notes.theirs_after_all(thing=row.thing, version=2, grant=make.opened(peggy), by=by)

    assert words_of(peggy) == [""]


@pytest.mark.parametrize("moves", [True, False], ids=["moved", "struck"])
def test_what_a_note_asked_for_about_the_wrong_person_is_not_to_be_done_nor_told(peggy, moves):
    stan, tom = make.person("Whitworth", "Stanley"), colleague("Tom", "riverside")
    make.relationship(stan)
    follow = FollowUp(title="Weigh him again", team=make.team().pk, due_on=make.TODAY + timedelta(days=7))
    row, by = wrote(peggy, also=Also(tell=[tom.pk], follow_up=follow)), make.viewer()
    told = {"thing": row.thing, "version": 1, "why": "Wrong tab", "grant": make.opened(peggy, by), "by": by}

    if moves:
        notes.move(to=make.opened(stan, by), **told)
    else:
        notes.say_about_another(**told)

    task, alert = Task.objects.get(), Alert.objects.get(about_id=row.thing)
    assert (task.state, task.not_done_because) == ("not done", "asked by mistake")
    assert (alert.state, alert.done_words) == ("done", "The note that asked for this was about somebody else.")


def test_of_what_opens_to_nobody_nobody_is_told(peggy):
    tom = colleague("Tom", "riverside")

    with pytest.raises(Refused, match="may not open"), transaction.atomic():
        wrote(peggy, restricted_why="He listens", also=Also(tell=[tom.pk]))


def test_a_note_of_a_class_that_does_not_open_to_somebody_is_not_told_to_them(peggy):
    tom = colleague("Tom", "riverside", RoleCode.LINK_WORKER)

    with pytest.raises(Refused, match="may not open"), transaction.atomic():
        wrote(peggy, sensitive=True, also=Also(tell=[tom.pk]))


# ---- after a merge, and behind the wall


def test_what_was_written_of_an_alias_is_read_of_the_person(peggy):
    alias = make.person("Hargreaves", "Peg", nhs_number="")
    make.relationship(alias)
    row = wrote(alias)

    alias.merged_into = peggy
    alias.save()

    assert words_of(peggy) == ["Dressed her shin."]
    assert corrected(Note.objects.get(), "Dressed it.").person_id == row.person_id


def test_the_database_shows_no_note_of_whoever_was_not_opened_nor_of_a_class_that_does_not_open(peggy):
    wrote(peggy, also=Also(files=[Brought(name="a.jpg", content=jpeg())]))
    other = make.person("Other", "Olive")
    make.relationship(other)

    with wall.up(make.viewer()):
        assert (Note.objects.count(), NoteFile.objects.count()) == (0, 0)
        make.opened(other)
        assert (Note.objects.count(), NoteFile.objects.count()) == (0, 0)
        make.opened(peggy, make.viewer(RoleCode.CARE_COORDINATOR))
        assert (Note.objects.count(), NoteFile.objects.count()) == (0, 0)
        make.opened(peggy)
        assert (Note.objects.count(), NoteFile.objects.count()) == (1, 1)


# ---- lists


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(peggy, django_assert_num_queries, count):
    for number in range(count):
        wrote(peggy, happened_at=make.ago(hours=number + 1), also=Also(files=[Brought(name="a.jpg", content=jpeg())]))
    grant = make.opened(peggy)

    with django_assert_num_queries(3):
        assert len(queries.of_person(grant=grant)[0]) == count
    with django_assert_num_queries(3):
        assert len(queries.latest(grant=grant)) == count
    with django_assert_num_queries(1):
        queries.trends(grant=grant)


def test_the_list_is_of_one_kind_where_asked_and_goes_on_over_pages(peggy):
    for number in range(3):
        wrote(peggy, words=f"Note {number}", happened_at=make.ago(hours=number))
    wrote(peggy, words="Rang", kind=NoteKind.TELEPHONE)
    grant = make.opened(peggy)

    rang = queries.of_person(grant=grant, kind="telephone")[0]
    second, shown = queries.of_person(grant=grant, page=2, most=2)

    assert ([one.words for one in rang], [one.words for one in second]) == (["Rang"], ["Note 1", "Note 2"])
    assert (shown.total, shown.pages) == (4, 2)
