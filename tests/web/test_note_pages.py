"""Writing, keeping, correcting and reading notes on their pages; a draft is for whoever writes it."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from locality.journal.models import Event
from locality.neighbourhoods.models import Note, NoteDraft, NoteFile, Task
from tests import factories as make
from tests.neighbourhoods.notes_world import wrote
from tests.neighbourhoods.pictures import PLACE, exif, jpeg, part

pytestmark = pytest.mark.django_db


def sent(browser, person, route="note", args=(), **told):
    fields = {"about": str(person.pk), "words": "Dressed her shin.", "kind": "visit"} | told
    return browser.post(reverse(route, args=[person.pk, *args]), fields)


def test_the_cursor_is_in_the_one_box_and_the_note_is_kept_at_once(joanne, peggy):
    page = joanne.get(reverse("note", args=[peggy.pk])).text

    assert '<textarea class="nhsuk-textarea" id="words" name="words" rows="7" autofocus' in page
    answer = sent(joanne, peggy)
    assert (answer.status_code, answer["Location"]) == (302, reverse("notes", args=[peggy.pk]))
    row = Note.objects.get()
    assert (row.words, row.kind, row.happened_at, row.data_class) == ("Dressed her shin.", "visit", make.AT, "CLIN")
    assert "Dressed her shin." in joanne.get(reverse("notes", args=[peggy.pk])).text


def test_all_that_may_be_said_is_kept_as_it_was_typed(joanne, peggy):
    told = {"on": "04/11/2026", "time": "14:30", "with_whom": "Ann", "weight": "52,1", "systolic": "126"}
    told |= {"diastolic": "70", "fall_where": "The landing", "fall_lay": "long", "wound_length": "31", "mood": "flat"}
    told |= {"on_oxygen": "no", "consciousness": "A", "task": "Weigh again", "task_team": str(make.team().pk)}
    sent(joanne, peggy, **told, task_on="2026-11-12", sensitive="yes")

    row, task = Note.objects.get(), Task.objects.get()
    assert (f"{row.happened_at:%d %H:%M}", row.with_whom, float(row.weight), row.mood) == (
        "04 14:30",
        "Ann",
        52.1,
        "flat",
    )
    assert (row.fall, row.wound, row.on_oxygen) == ({"where": "The landing", "lay": "long"}, {"length": "31"}, False)
    assert (row.data_class, task.title, task.due_on.isoformat()) == ("SENS", "Weigh again", "2026-11-12")


@pytest.mark.parametrize(
    ("told", "field", "words"),
    [
        ({"words": ""}, "words", "Write what you did, saw or were told."),
        ({"weight": "heavy"}, "weight", "Weight is written as a number"),
        ({"weight": "521"}, "weight", "521.0 cannot be"),
        ({"weight": "1e50"}, "weight", "Weight is written as a number"),
        ({"on": "2026-11-04"}, "time", "Write the time as 14:30."),
        ({"on": "4/13/2026", "time": "10:00"}, "on", "is not a day"),
        ({"restricted": "yes"}, "restricted_why", "Say why few should read it."),
        ({"task": "Weigh", "task_on": ""}, "task_on", "Say by when"),
        ({"kind": "dream"}, "kind", "Choose one of those in the list."),
        ({"tell": "9f0b3f0e-1111-4111-8111-111111111111"}, "tell", "may not open this record"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(joanne, peggy, told, field, words):
    page = sent(joanne, peggy, **({"with_whom": "Ann and Bernard"} | told))

    assert (page.status_code, Note.objects.count()) == (422, 0)
    assert f'<a href="#{field}">' in page.text
    assert (words in page.text, 'value="Ann and Bernard"' in page.text) == (True, True)


def test_whoever_may_not_open_the_person_writes_nothing(sign_in, peggy):
    ruth = sign_in("Ruth", teams=("hilltop",))

    answers = [ruth.get(reverse("note", args=[peggy.pk])), sent(ruth, peggy), sent(ruth, peggy, "note_draft")]

    assert [one.status_code for one in answers] == [403, 403, 403]
    assert (Note.objects.count(), NoteDraft.objects.count()) == (0, 0)


def test_a_stale_tab_about_somebody_else_writes_nothing(joanne, peggy):
    answer = sent(joanne, peggy, about=str(make.person("Other", "Olive").pk))

    assert (answer.status_code, Note.objects.count()) == (409, 0)


# ---- drafts


def drafted(browser, person, **told):
    fields = {"about": str(person.pk), "kind": "visit"} | told
    return browser.post(reverse("note_draft", args=[person.pk]), fields, headers={"Accept": "application/json"})


def test_what_is_typed_is_kept_sealed_and_offered_to_whoever_typed_it_alone(joanne, sign_in, peggy):
    answer = drafted(joanne, peggy, words="She told me that", with_whom="Ann")
    helen = sign_in("Helen", "Marsh")

    assert json.loads(answer.content) == {"words": "Kept for you at 09:40, and shown to nobody else."}
    assert b"She told me" not in bytes(NoteDraft.objects.get().sealed)
    page = joanne.get(reverse("note", args=[peggy.pk])).text
    assert ("She told me that</textarea>" in page, 'value="Ann"' in page, "You began this" in page) == (
        True,
        True,
        True,
    )
    assert "She told me" not in helen.get(reverse("note", args=[peggy.pk])).text


def test_a_draft_is_gone_when_the_note_is_kept_and_when_one_starts_afresh(joanne, peggy):
    drafted(joanne, peggy, words="She told me that")
    sent(joanne, peggy)
    assert NoteDraft.objects.count() == 0

    drafted(joanne, peggy, words="And then")
    joanne.post(reverse("note_draft_dropped", args=[peggy.pk]), {"about": str(peggy.pk)})
    assert "And then" not in joanne.get(reverse("note", args=[peggy.pk])).text


def test_of_a_form_that_nobody_has_touched_nothing_is_kept(joanne, peggy):
    drafted(joanne, peggy, words="", task_team=str(make.team().pk), task_on="2026-11-12", form="x")

    assert NoteDraft.objects.count() == 0


def test_a_draft_sent_by_hand_leads_back_to_the_form(joanne, peggy):
    answer = sent(joanne, peggy, "note_draft")

    assert (answer.status_code, answer["Location"]) == (302, reverse("note", args=[peggy.pk]))


# ---- correcting, and the wrong person


def test_corrected_it_says_why_and_the_page_holds_what_it_said_before(joanne, peggy):
    row = wrote(peggy, words="Dressed her right shin.")
    page = joanne.get(reverse("note_correct", args=[peggy.pk, row.thing])).text
    assert "Dressed her right shin.</textarea>" in page

    told = {"why": "I mixed up the legs", "version": "1", "on": "2026-11-05", "time": "08:40"}
    sent(joanne, peggy, "note_correct", [row.thing], words="Dressed her left shin.", **told)

    opened = joanne.get(reverse("note_opened", args=[peggy.pk, row.thing])).text
    for words in ("Dressed her left shin.", "Dressed her right shin.", "I mixed up the legs", "What it said before"):
        assert words in opened


def test_a_correction_of_what_was_corrected_since_says_by_whom_and_keeps_what_was_typed(joanne, peggy):
    row = wrote(peggy)
    told = {"why": "The other leg", "version": "1"}
    sent(joanne, peggy, "note_correct", [row.thing], words="First.", **told)

    page = sent(joanne, peggy, "note_correct", [row.thing], words="Second.", **told)

    assert page.status_code == 422
    assert ("Joanne Fielding corrected this note at 09:40" in page.text, "Second.</textarea>" in page.text) == (
        True,
        True,
    )
    assert Note.objects.get(is_current=True).words == "First."


def test_a_note_about_somebody_else_is_moved_by_their_number_and_no_other_number_tells_anything(joanne, peggy):
    stan = make.person("Whitworth", "Stanley", nhs_number=make.STAN_NUMBER)
    row = wrote(peggy, words="He walked to the shop.")
    told = {"why": "Wrong tab", "version": "1", "number": make.STAN_NUMBER}

    closed = sent(joanne, peggy, "note_another", [row.thing], **told)
    assert (closed.status_code, "Nobody whom you may open has this NHS number" in closed.text) == (422, True)
    make.relationship(stan)
    moved = sent(joanne, peggy, "note_another", [row.thing], **told)

    assert moved.status_code == 302
    assert "He walked" not in joanne.get(reverse("notes", args=[peggy.pk])).text
    assert "He walked" in joanne.get(reverse("notes", args=[stan.pk])).text


def test_struck_it_can_be_taken_back(joanne, peggy):
    row = wrote(peggy, words="He walked to the shop.")
    sent(joanne, peggy, "note_another", [row.thing], why="Wrong tab", version="1")
    assert "He walked" not in joanne.get(reverse("notes", args=[peggy.pk])).text

    sent(joanne, peggy, "note_after_all", [row.thing])

    assert "He walked" in joanne.get(reverse("notes", args=[peggy.pk])).text


# ---- files


def test_a_file_is_kept_by_its_content_and_comes_back_to_be_kept_and_not_opened(joanne, peggy):
    hiding = SimpleUploadedFile("shin.jpg", jpeg(part(0xE1, exif(1))), content_type="text/html")
    sent(joanne, peggy, files=[hiding])

    row = NoteFile.objects.get()
    answer = joanne.get(reverse("note_file", args=[peggy.pk, row.note, row.pk]))
    assert (answer.content, PLACE in answer.content) == (jpeg(), False)
    assert [
        answer[name] for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options", "Cache-Control")
    ] == [
        "image/jpeg",
        'attachment; filename="shin.jpg"',
        "nosniff",
        "no-store",
    ]
    assert Event.objects.filter(what="note-file.opened", person_id=peggy.pk, about_id=row.note).count() == 1


def test_what_only_calls_itself_a_picture_is_refused(joanne, peggy):
    page = sent(joanne, peggy, files=[SimpleUploadedFile("shin.jpg", b"<script>alert(1)</script>")])

    assert (page.status_code, Note.objects.count()) == (422, 0)
    assert "This is neither, whatever it is called." in page.text


# ---- reading


def test_the_list_is_audited_by_its_own_word_and_the_print_by_another(joanne, peggy):
    wrote(peggy)

    for route in ("notes", "notes_print"):
        assert "Dressed her shin." in joanne.get(reverse(route, args=[peggy.pk])).text

    looks = Event.objects.filter(what__startswith="notes.").order_by("id").values_list("what", flat=True)
    assert list(looks) == ["notes.opened", "notes.printed"]


def test_a_coordinator_is_not_shown_what_a_nurse_wrote(joanne, sign_in, peggy):
    wrote(peggy)
    sadia = sign_in("Sadia", "Rahman", roles=("care_coordinator",))

    page = sadia.get(reverse("notes", args=[peggy.pk])).text

    assert ("Dressed her shin." in page, "No note is shown here" in page) == (False, True)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(joanne, peggy, django_assert_num_queries, count):
    for number in range(count):
        wrote(peggy, happened_at=make.ago(hours=number + 1))
    joanne.get(reverse("notes", args=[peggy.pk]))

    with django_assert_num_queries(17):
        joanne.get(reverse("notes", args=[peggy.pk]))
