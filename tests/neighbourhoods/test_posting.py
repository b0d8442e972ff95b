"""The ways out as this machine has them: mail, a file for a practice, texts by a server that speaks as Notify does."""

import json
import stat
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core import mail

from locality.base.ids import new_id
from locality.neighbourhoods.actions.sending import Outgoing
from locality.neighbourhoods.models import Message
from locality.neighbourhoods.rules.outbox import Channel, NotPosted
from locality.watch.posting import sending, ways_out
from tests import factories as make
from tests.neighbourhoods.outbox_world import message, peggy

KEY = f"trial-{new_id()}-{new_id()}"


def outgoing(channel, **other) -> Outgoing:
    told = {"id": new_id(), "to_name": "Peggy", "to_address": "MILL", "subject": "A message", "body": "Sign in."}
    return Outgoing(channel=channel, **(told | other))


def test_mail_goes_to_whom_it_is_for_under_a_name_of_its_own(settings):
    settings.DEFAULT_FROM_EMAIL = "Smallborough <locality@place.example>"
    one = outgoing(Channel.EMAIL, to_address="peggy@home.example")

    ways_out()(one)

    sent = mail.outbox[0]
    assert (sent.to, sent.subject, sent.body) == (["peggy@home.example"], "A message", "Sign in.")
    assert sent.extra_headers == {"Message-ID": f"<{one.id}@place.example>"}


def test_a_mail_server_that_is_down_is_said_without_an_address(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    with pytest.raises(NotPosted) as refused:
        ways_out()(outgoing(Channel.EMAIL, to_address="peggy@home.example"))

    assert (refused.value.words, refused.value.again) == ("The mail server did not take it.", True)


def test_a_message_to_a_practice_is_one_file_that_nobody_else_reads(settings, tmp_path):
    settings.LOCALITY_HOME = tmp_path
    one = outgoing(Channel.PRACTICE, payload={"resourceType": "Bundle"}, to_address="../MILL")

    for _ in range(2):
        ways_out()(one)

    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert [path.relative_to(tmp_path).as_posix() for path in files] == [f"out/---MILL/{one.id}.json"]
    assert json.loads(files[0].read_bytes()) == {"resourceType": "Bundle"}
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600


def test_without_a_payload_no_other_system_is_sent_anything():
    with pytest.raises(NotPosted) as refused:
        ways_out()(outgoing(Channel.REFERRAL))

    assert refused.value.again is False


def test_a_folder_that_cannot_be_written_is_tried_again(settings, tmp_path):
    (tmp_path / "out").write_text("in the way")
    settings.LOCALITY_HOME = tmp_path

    with pytest.raises(NotPosted) as refused:
        ways_out()(outgoing(Channel.PRACTICE, payload={}))

    assert refused.value.again is True


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        (Channel.TEXT, "No way to send texts is set up here (LOCALITY_NOTIFY_KEY)."),
        (Channel.LETTER, "Somebody has to post it."),
    ],
)
def test_a_way_that_is_not_set_up_says_so_and_is_not_tried_again(channel, words):
    with pytest.raises(NotPosted) as refused:
        ways_out()(outgoing(channel))

    assert (refused.value.words, refused.value.again) == (words, False)


class Notify(BaseHTTPRequestHandler):
    """As much of GOV.UK Notify as a text needs."""

    def do_POST(self):  # noqa: N802 -- the library's name
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["Authorization"][:7], body))
        self.send_response(self.server.answers)
        self.end_headers()
        self.wfile.write(b'{"id": "1", "errors": [{"error": "x", "message": "07700 900123 is wrong"}]}')

    def log_message(self, *_):
        pass


@pytest.fixture
def notify(settings):
    server = HTTPServer(("127.0.0.1", 0), Notify)
    server.asked, server.answers = [], 201
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.NOTIFY_KEY, settings.NOTIFY_TEMPLATE = KEY, "the-template"
    settings.NOTIFY_URL = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()


def test_a_text_goes_by_notify_with_a_reference_of_its_own(notify):
    one = outgoing(Channel.TEXT, to_address="07700 900123")

    ways_out()(one)

    path, said, body = notify.asked[0]
    assert (path, said) == ("/v2/notifications/sms", "Bearer ")
    assert body == {
        "phone_number": "07700 900123",
        "template_id": "the-template",
        "personalisation": {"message": "Sign in."},
        "reference": str(one.id),
    }


@pytest.mark.parametrize(("status", "again"), [(400, False), (403, False), (429, True), (503, True)])
def test_what_notify_refuses_is_tried_again_only_where_that_helps_and_names_no_number(notify, status, again):
    notify.answers = status

    with pytest.raises(NotPosted) as refused:
        ways_out()(outgoing(Channel.TEXT, to_address="07700 900123"))

    assert (refused.value.words, refused.value.again) == (f"GOV.UK Notify did not take it ({status}).", again)


@pytest.mark.django_db
def test_the_chore_sends_what_is_due_by_the_ways_of_this_machine(settings):
    settings.LOCALITY_URL = "https://here.example"
    person = peggy()
    make.patient(person, make.source(), email="peggy@home.example")
    message(person, channel=Channel.EMAIL)
    message(person)

    sending(now=lambda: make.AT.replace(hour=11))()

    assert sorted(Message.objects.values_list("state", flat=True)) == ["sent", "sent"]
    assert [one.to for one in mail.outbox] == [["peggy@home.example"]]
    assert "https://here.example" in mail.outbox[0].body
