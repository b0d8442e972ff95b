"""Sends the links that people who forgot a password asked for, and forgets what is over."""

import secrets
from collections.abc import Callable
from datetime import datetime

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse

from locality.access.actions import signing_in, ways_in
from locality.access.actions.ways_in import Letter, Told
from locality.access.rules.signing_in import Changed

log = structlog.get_logger("locality.watch")

SUBJECT = "A link to set your password"
WORDS = """Somebody, and we hope it was you, asked for a new password for {username}.

Set one here within an hour; the link lets you in once:

{link}

If it was not you, do nothing: your password stays as it is. If this comes again, tell your administrator.
"""
CHANGED_SUBJECT = "How you sign in was changed"
NOTICE = """Of the user name {username}: {what}

If you asked for it, do nothing. If you did not, tell your administrator and your privacy officer now: somebody may be
trying to sign in as you. Your privacy officer sees it too.
"""
CHANGED_WORDS = {
    Changed.ADDRESS: "an administrator changed the address that a link for a new password goes to: it is not this one.",
    Changed.INVITED: "an administrator made an invitation, by which whoever holds it can set your password.",
    Changed.FACTORS_LOST: "an administrator says that you lost your second factor. Once another does, it is gone.",
    Changed.FACTORS_GONE: "an administrator took your second factors away. Your password alone lets you in.",
    Changed.SHUT: "it was shut, since your last role here is over.",
}


def answering(*, now: Callable[[], datetime]) -> Callable[[], None]:
    """A chore: answers whoever forgot a password."""

    def turn() -> None:
        ways_in.answer_forgotten(token=lambda: secrets.token_urlsafe(32), send=_send, at=now())

    return turn


def telling() -> Callable[[], None]:
    """A chore: mails whoever's sign-in an administrator changed."""

    def turn() -> None:
        ways_in.send_notices(send=_tell)

    return turn


def forgetting(*, now: Callable[[], datetime]) -> Callable[[], None]:
    """A chore: deletes tries, sessions, links and drafts whose time is over."""

    def turn() -> None:
        signing_in.forget_what_is_over(at=now())

    return turn


def _send(letter: Letter) -> bool:
    # from the settings, never from a request: whoever asks does not choose where the link leads
    link = settings.LOCALITY_URL + reverse("follow_link", args=["forgotten", letter.token])
    words = WORDS.format(username=letter.account.username, link=link)
    return _sent(SUBJECT, words, to=letter.to)


def _tell(told: Told) -> bool:
    words = NOTICE.format(username=told.username, what=CHANGED_WORDS[told.what])
    return _sent(CHANGED_SUBJECT, words, to=told.to)


def _sent(subject: str, words: str, *, to: str) -> bool:
    """Whether the mail went out; one that does not keeps nobody else's from going."""
    try:
        send_mail(subject, words, settings.DEFAULT_FROM_EMAIL, [to])
    except Exception as failure:
        # the kind alone: what a server answers may hold an address
        log.error("mail not sent", failure=type(failure).__name__)
        return False
    return True
