"""The ways out: mail, text by GOV.UK Notify, a file for a practice or another system; a way not set up says so."""

import logging
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.core.mail import EmailMessage
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from locality.base import system
from locality.neighbourhoods.actions.sending import Outgoing, Post, send_due
from locality.neighbourhoods.queries.message_templates import of_place
from locality.neighbourhoods.rules.outbox import Channel, NotPosted

NO_TEXTS = "No way to send texts is set up here (LOCALITY_NOTIFY_KEY)."
NOT_TAKEN = "The mail server did not take it."
NO_TEXT_TAKEN = "GOV.UK Notify did not take it ({status})."
NOT_WRITTEN = "It could not be written into the folder that is sent from."
NO_PAYLOAD = "It holds nothing that another system could read."
NOTIFY_SECONDS = 6
# it logs what a server answers, which may name a telephone number
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)


def sending(*, now: Callable[[], datetime]) -> Callable[[], None]:
    """A chore: sends what is due; letters wait for somebody to print and post them."""
    post = ways_out()

    def turn() -> None:
        _, secure = of_place()
        send_due(post=post, link=settings.LOCALITY_URL, secure=secure, by=system(at=now()))

    return turn


def ways_out() -> Post:
    """What each channel is posted by, as this machine is set up."""
    notify = None
    if settings.NOTIFY_KEY and settings.NOTIFY_TEMPLATE:
        notify = NotificationsAPIClient(settings.NOTIFY_KEY, base_url=settings.NOTIFY_URL, timeout=NOTIFY_SECONDS)
        # nothing of the machine's own settings is sent along
        notify.request_session.trust_env = False
        notify.request_session.max_redirects = 0
    folder = settings.LOCALITY_HOME / "out"
    by: dict[Channel, Post] = {
        Channel.EMAIL: _mail,
        Channel.TEXT: lambda one: _text(one, notify=notify, template=settings.NOTIFY_TEMPLATE),
        Channel.PRACTICE: lambda one: _file(one, folder=folder),
        Channel.REFERRAL: lambda one: _file(one, folder=folder),
        # it is there to be read as soon as it is sent
        Channel.HERE: lambda one: None,
    }

    def post(one: Outgoing) -> None:
        if one.channel not in by:
            raise NotPosted("Somebody has to post it.", again=False)
        by[one.channel](one)

    return post


def _mail(one: Outgoing) -> None:
    # a name of its own, so that whoever gets it twice after a fault is shown it once
    headers = {"Message-ID": f"<{one.id}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].strip('>')}>"}
    mail = EmailMessage(one.subject, one.body, settings.DEFAULT_FROM_EMAIL, [one.to_address], headers=headers)
    try:
        mail.send()
    except Exception as failure:
        # what a server answers may hold an address
        raise NotPosted(NOT_TAKEN) from failure


def _text(one: Outgoing, *, notify: NotificationsAPIClient | None, template: str) -> None:
    if notify is None:
        raise NotPosted(NO_TEXTS, again=False)
    told = {"message": one.body}
    try:
        notify.send_sms_notification(one.to_address, template, personalisation=told, reference=str(one.id))
    except HTTPError as failure:
        status = failure.status_code or 0
        # what is wrong with the number or the key stays wrong; a server that is down or busy does not
        raise NotPosted(NO_TEXT_TAKEN.format(status=status), again=status >= 500 or status in (0, 429)) from failure
    except Exception as failure:
        raise NotPosted(NO_TEXT_TAKEN.format(status="no answer")) from failure


def _file(one: Outgoing, *, folder: Path) -> None:
    """One file a message, named by it: written again, it is the same file."""
    if one.payload is None:
        raise NotPosted(NO_PAYLOAD, again=False)
    try:
        _write(folder / _safe(one.to_address), f"{one.id}.json", one.payload)
    except OSError as failure:
        raise NotPosted(NOT_WRITTEN) from failure


def _safe(name: str) -> str:
    """The name of a folder, whatever the address: letters, numbers and dashes."""
    return "".join(letter if letter.isalnum() else "-" for letter in name) or "unknown"


def _write(folder: Path, name: str, payload: dict[str, Any]) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # whoever fetches it sees a whole file or none
    begun = folder / f".{name}"
    with os.fdopen(os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(orjson.dumps(payload, option=orjson.OPT_INDENT_2))
        file.flush()
        os.fsync(file.fileno())
    begun.rename(folder / name)
