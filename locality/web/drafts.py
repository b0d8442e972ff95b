"""A form that was sent too late, or before somebody proved again who they are: kept sealed, and offered afterwards."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from locality.access.actions import signing_in as actions
from locality.access.queries import accounts
from locality.base import NotFound
from locality.web.sealed import seal, unseal

MOST_BYTES = 200_000
# every form of ours carries the first: it belongs to the page that is gone; a postcode near which help is looked for
# may be somebody's home
NOT_KEPT = {"csrfmiddlewaretoken", "near"}
# what a form carries for the page, and nobody typed
NOT_READ = {"about", "version", "csrfmiddlewaretoken"}
# shown when asked for, and not before
QUIET = {"concern_raise", "concern_close", "release_decided", "note", "note_draft", "note_correct"}
# whole words of a field's name; codes are typed on pages of one's own sign-in alone, of which nothing is kept
SECRETS = {"password", "secret", "token", "credential"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A form as it was sent: where it was going, and its fields in their order."""

    path: str
    fields: tuple[tuple[str, str], ...]

    @property
    def is_quiet(self) -> bool:
        """Whether what it says is folded away: whoever is concerned may not be alone when they sign in again."""
        try:
            return resolve(self.path).url_name in QUIET
        except Resolver404:
            return False

    @property
    def words(self) -> list[tuple[str, str]]:
        """What somebody typed or chose, for reading; not the ids that a form carries."""
        return [(_label(name), value) for name, value in self.fields if value.strip() and not _is_id(name, value)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(Sent):
    """One that is kept: since when."""

    id: UUID
    at: datetime


def _label(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").strip().capitalize()


def _is_id(name: str, value: str) -> bool:
    if name in NOT_READ:
        return True
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def _is_secret(name: str) -> bool:
    return not SECRETS.isdisjoint(_label(name).casefold().split())


def keep(request: HttpRequest, *, account_id: UUID, at: datetime) -> bool:
    """Keep what was just sent, for this account; nothing of a form that asks for a secret, and no files."""
    fields = _fields(request)
    if any(_is_secret(name) for name, _ in fields):
        return False
    content = json.dumps({"path": request.path, "fields": fields}).encode()
    if not fields or len(content) > MOST_BYTES:
        return False
    actions.keep_draft(account_id=account_id, sealed=seal(_purpose(account_id), content), at=at)
    return True


def sent(request: HttpRequest) -> Sent | None:
    """What was just sent, for reading; nothing of a form that asks for a secret."""
    fields = _fields(request)
    if any(_is_secret(name) for name, _ in fields):
        return None
    return Sent(path=request.path, fields=tuple(fields))


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, value) for name, values in request.POST.lists() for value in values if name not in NOT_KEPT]


def kept(*, account_id: UUID, at: datetime) -> list[Kept]:
    """What was kept for this account in the last day, the newest first."""
    found = []
    for draft in accounts.drafts(account_id=account_id, at=at):
        try:
            told = json.loads(unseal(_purpose(account_id), bytes(draft.sealed)))
        except NotFound:
            continue
        fields = tuple((name, value) for name, value in told["fields"])
        found.append(Kept(id=draft.pk, path=told["path"], fields=fields, at=draft.kept_at))
    return found


def _purpose(account_id: UUID) -> str:
    return f"draft of {account_id}"
