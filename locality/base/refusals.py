"""The three refusals. Their sentence is for the person reading it; each edge translates them once."""

from datetime import datetime
from uuid import UUID

from locality.base.periods import LONDON


class Refusal(Exception):  # noqa: N818 -- a refusal is an answer, not an error
    """What every refusal is; never raised itself."""


class NotFound(Refusal):
    """It is not there, or not for this viewer: the two look the same."""


class NoAccess(Refusal):
    """A person can be found but not opened; the sentence says what to do now."""


class Refused(Refusal):
    """What was asked breaks a rule; nothing was changed."""


class Overtaken(Refused):
    """Somebody else was first; nothing of theirs was written over.

    The words name them as {who} and say when as {at:%H:%M}, where the place is, and {what} where it is told. `about`
    is what they changed, so that a page can show theirs beside what was typed.
    """

    def __init__(
        self, words: str, *, who: str = "", at: datetime | None = None, what: str = "", about: UUID | None = None
    ) -> None:
        moment = at.astimezone(LONDON) if at else None
        super().__init__(words.format(who=who or "Somebody", at=moment, what=what))
        self.about = about
