"""Writing a message, exactly what goes, the outbox, a letter on paper; never shown to whoever must not."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine

from locality.access.models import AddressGrant, Relationship
from locality.journal.models import Event
from locality.neighbourhoods.actions.outbox_list import NOT_YOURS_TO_PRINT
from locality.neighbourhoods.models import Message
from locality.neighbourhoods.rules.outbox import Channel
from locality.people.models import Person
from tests import factories as make
from tests.neighbourhoods.outbox_world import Posted, letter_to, message, peggy, service, turn
from tests.neighbourhoods.work import as_viewer, colleague, known

pytestmark = pytest.mark.django_db
LIST_QUERIES = 7


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(make.AT):
        yield


def words(answer) -> str:
    page = re.sub(r"<script.*?</script>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(page).split())


def fields(answer) -> dict[str, str]:
    """What the form on a page would send, as it stands."""
    page = answer.content.decode()
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    found |= dict(re.findall(r'<input[^>]* name="(\w+)" type="text" value="([^"]*)"', page))
    found |= dict(re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>(.*?)</textarea>', page, flags=re.DOTALL))
    return {name: unescape(value) for name, value in found.items() if name != "csrfmiddlewaretoken"}


def test_one_chooses_to_whom_writes_sees_what_goes_and_sends_it(sign_in):
    person, nurse = peggy(), sign_in()
    here = f"/person/{person.pk}/message"

    whom = words(nurse.get(here))
    form = nurse.get(f"{here}?to=person.{person.pk}&template=own")
    sent = fields(form) | {"way": "here", "for": str(make.team().pk), "subject": "Our visit", "body": "Monday\nat ten"}
    preview = nurse.post(f"{here}?to=person.{person.pk}&template=own", sent | {"step": "preview"})
    back = nurse.post(f"{here}?to=person.{person.pk}&template=own", fields(preview) | {"step": "send"}, follow=True)

    row = Message.objects.get()
    assert "To whom do you write about Peggy?" in whom
    assert "Is this what goes to Peggy Hargreaves?" in words(preview)
    assert (row.channel, row.subject, row.body, row.team_id) == ("here", "Our visit", "Monday\nat ten", make.team().pk)
    assert back.redirect_chain == [(f"/outbox/{row.pk}", 302)]
    assert f'action="/outbox/{row.pk}/withdrawn"' in back.content.decode()


def test_a_preview_writes_nothing_and_change_brings_the_words_back(sign_in):
    person, nurse = peggy(), sign_in()
    here = f"/person/{person.pk}/message?to=person.{person.pk}&template=own"
    sent = {"about": str(person.pk), "way": "here", "for": "organisation", "subject": "Visit", "body": "Kept words"}

    nurse.post(here, sent | {"step": "preview"})
    changed = nurse.post(here, sent | {"step": "change"})

    assert (Message.objects.count(), fields(changed)["body"]) == (0, "Kept words")


def test_to_her_own_mail_the_preview_shows_the_one_line_that_goes(sign_in):
    person, nurse = peggy(), sign_in()
    make.patient(person, make.source(), email="peggy@home.example")
    sent = {"about": str(person.pk), "way": "email", "for": "organisation", "subject": "Visit", "body": "Monday"}

    page = words(nurse.post(f"/person/{person.pk}/message?to=person.{person.pk}&template=own", sent))

    assert "This line goes, and nothing more: Smallborough Hospitals has written a message for you." in page
    assert "After signing in they read: Visit Monday" in page


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"way": ""}, "Choose by which way it goes."),
        ({"for": ""}, "Choose for whom you write."),
        ({"body": ""}, "Write what it should say: it has a subject and words."),
        ({"body": "On [day and time]"}, "Fill in what stands in square brackets before it goes: [day and time]."),
        ({"way": "text"}, "Choose one of those in the list."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(sign_in, other, why):
    person, nurse = peggy(), sign_in()
    sent = {"about": str(person.pk), "way": "here", "for": "organisation", "subject": "Visit", "body": "Monday"}

    answer = nurse.post(
        f"/person/{person.pk}/message?to=person.{person.pk}&template=own", sent | other | {"step": "send"}
    )

    assert (answer.status_code, why in words(answer), fields(answer)["subject"]) == (422, True, "Visit")
    assert Message.objects.count() == 0


def test_a_service_is_searched_for_by_name_and_says_which_ways_are_shut(sign_in):
    person, nurse = peggy(), sign_in()
    service()

    page = words(nurse.get(f"/person/{person.pk}/message?services=tea"))

    assert "Tea circle Riverside Tea Circle No way to them is open." in page
    assert "E-mail: their address is not on a secure domain: refer them by a link instead" in page


def test_who_may_not_open_her_writes_to_nobody(sign_in):
    person, ruth = peggy(), sign_in("Ruth", teams=("hilltop",))

    assert ruth.get(f"/person/{person.pk}/message").status_code == 403
    assert ruth.post(f"/person/{person.pk}/message?to=person.{person.pk}", {"about": str(person.pk)}).status_code == 403


def test_the_outbox_says_first_what_is_to_see_to(sign_in):
    person = peggy()
    letter_to(person, subject="Your leg")
    message(known(make.person("Okafor", "Stan")), subject="Ring us")
    turn(minutes=2)

    with time_machine.travel(make.AT + timedelta(minutes=9)):
        page = words(sign_in().get("/outbox"))

    assert "1 letter to print and post, 1 did not go" in page
    assert "They have no way to sign in here, so nobody would read it." in page
    assert [one for one in (person.nhs_number, person.address) if one in page] == []


def test_another_team_sees_nothing_of_it(sign_in):
    row, ruth = letter_to(peggy()), sign_in("Ruth", teams=("hilltop",))

    assert "Our visit" not in words(ruth.get("/outbox"))
    for address in (f"/outbox/{row.pk}", f"/outbox/{row.pk}/letter"):
        assert ruth.get(address).status_code == 404
    for what in ("withdrawn", "again", "answered", "posted"):
        assert ruth.post(f"/outbox/{row.pk}/{what}", {"answer": "x"}).status_code == 404
    assert Message.objects.get().state == "waiting"


@pytest.mark.parametrize("count", [1, 3])
def test_the_outbox_costs_the_same_for_one_and_for_three(sign_in, django_assert_num_queries, count):
    for number in range(count):
        message(known(make.person(given=f"Given{number}", family=f"F{number}")))
    nurse = sign_in()
    nurse.get("/outbox")

    with django_assert_num_queries(LIST_QUERIES):
        page = nurse.get("/outbox")

    assert page.content.decode().count("todo__one") == count


def test_a_letter_is_printed_and_posted_and_its_printing_written_down(sign_in):
    row, nurse = letter_to(peggy()), sign_in()

    paper = words(nurse.get(f"/outbox/{row.pk}/letter"))
    nurse.post(f"/outbox/{row.pk}/posted")

    row.refresh_from_db()
    assert "Peggy Hargreaves 7 Weaver's Fold Smallborough ZZ1 2QX" in paper
    assert "We come on Monday at ten." in paper
    assert (row.state, Event.objects.filter(what="message.printed", about_id=row.pk).count()) == ("sent", 1)


def test_a_letter_that_may_not_go_is_on_no_paper_and_says_so_when_posted(sign_in):
    person = peggy()
    row, nurse = letter_to(person), sign_in()
    person.died = True
    person.save()

    paper = words(nurse.get(f"/outbox/{row.pk}/letter"))
    after = words(nurse.post(f"/outbox/{row.pk}/posted", follow=True))

    assert "This letter may not go The person has died." in paper
    assert "We come on Monday" not in paper
    assert "It may not go: do not post it. The person has died." in after


def test_a_colleague_who_may_not_know_where_she_lives_neither_prints_nor_reads_it(sign_in):
    person = peggy(protected=True, address="9 Refuge Road", postcode="ZZ1 2QX")
    sadia, joanne = sign_in("Sadia", "Rahman"), colleague("Joanne", "Fielding")
    told = {"starts_on": make.TODAY, "ends_on": make.TODAY + timedelta(days=30), "reason": "Visits", "made_at": make.AT}
    AddressGrant.objects.create(person=person, practitioner=joanne, made_by=joanne.pk, **told)
    row = message(person, channel=Channel.LETTER, by=as_viewer(joanne), to_address="9 Refuge Road, ZZ1 2QX")

    letter = words(sadia.get(f"/outbox/{row.pk}/letter"))
    sadia.post(f"/outbox/{row.pk}/posted", {"about": str(person.pk)})
    after = words(sadia.get(f"/outbox/{row.pk}"))

    row.refresh_from_db()
    assert (row.state, row.to_address) == ("sent", "9 Refuge Road, ZZ1 2QX")
    assert NOT_YOURS_TO_PRINT in letter
    assert [page for page in (letter, after) if "Refuge" in page] == []


def test_what_was_posted_or_stopped_tells_nobody_where_she_fled_to(sign_in):
    person = peggy(address="1 Old Road", postcode="ZZ1 2QX")
    sadia = sign_in("Sadia", "Rahman")
    posted, stopped = (
        message(person, channel=Channel.LETTER, subject=subject, to_address="1 Old Road, ZZ1 2QX")
        for subject in ("Before", "After")
    )
    sadia.post(f"/outbox/{posted.pk}/posted", {"about": str(person.pk)})
    Person.objects.update(protected=True, address="9 Refuge Road", postcode="ZZ9 9ZZ")
    sadia.post(f"/outbox/{stopped.pk}/posted", {"about": str(person.pk)})

    pages = [words(sadia.get(f"/outbox/{row.pk}{way}")) for row in (posted, stopped) for way in ("", "/letter")]

    assert list(Message.objects.order_by("made_at", "pk").values_list("state", flat=True)) == ["sent", "stopped"]
    assert [page for page in pages if "Refuge" in page or "Old Road" in page] == []


def test_no_form_makes_of_a_message_to_her_own_mail_one_that_goes_whole(sign_in):
    person, nurse = peggy(), sign_in()
    make.patient(person, make.source(), email="peggy@home.example")
    here = f"/person/{person.pk}/message?to=person.{person.pk}&template=own&from=referral"
    said = {
        "way": "email",
        "for": "organisation",
        "subject": "Your result",
        "body": "It is positive",
        "from": "referral",
    }
    nurse.post(here, said | {"about": str(person.pk), "step": "send"})
    way = Posted()

    turn(way)

    assert Message.objects.get().about == ""
    assert [("positive" in one.body, "result" in one.subject) for one in way.went] == [(False, False)]


def test_taken_back_on_the_page_and_told_where_it_is_too_late(sign_in):
    person, nurse = peggy(), sign_in()
    waits, gone = message(person), message(person)
    Message.objects.filter(pk=gone.pk).update(state="sent", sent_at=make.AT)

    back = words(nurse.post(f"/outbox/{waits.pk}/withdrawn", follow=True))
    late = nurse.post(f"/outbox/{gone.pk}/withdrawn")

    assert "Taken back: it does not go." in back
    assert (late.status_code, "This message is sent: that cannot be done with it now." in words(late)) == (422, True)


def test_what_was_answered_by_telephone_is_written_down(sign_in):
    row, nurse = message(peggy()), sign_in()
    turn()

    empty = nurse.post(f"/outbox/{row.pk}/answered", {"answer": " "})
    nurse.post(f"/outbox/{row.pk}/answered", {"answer": "She rang: fine"})

    assert (empty.status_code, Message.objects.get().answer) == (422, "She rang: fine")


def test_what_did_not_go_is_let_go_again(sign_in):
    person = known(make.person())
    row, nurse = message(person), sign_in()
    turn()

    page = words(nurse.get(f"/outbox/{row.pk}"))
    nurse.post(f"/outbox/{row.pk}/again")

    row.refresh_from_db()
    assert ("It did not go. They have no way to sign in here" in page, row.state) == (True, "waiting")


def test_once_the_team_knows_her_no_longer_the_message_is_not_there(sign_in):
    row, nurse = message(peggy()), sign_in()
    Relationship.objects.update(ends_on=make.TODAY)

    assert nurse.get(f"/outbox/{row.pk}").status_code == 404
    assert Message.objects.get().channel == Channel.HERE


def test_a_name_that_is_searched_for_stands_in_no_address(sign_in):
    row, nurse = message(peggy()), sign_in()

    form = nurse.get("/outbox").content.decode()
    found = words(nurse.post("/outbox", {"of": "team", "words": "Hargreaves"}))
    none = words(nurse.post("/outbox", {"of": "team", "words": "Nobody"}))
    by_address = words(nurse.get("/outbox?of=team&words=Nobody"))

    assert '<form method="post" action="/outbox"' in form
    assert (row.subject in found, row.subject in none, row.subject in by_address) == (True, False, True)
