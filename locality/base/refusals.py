"""The three refusals. Their sentence is for the person reading it; each edge translates them once."""


class Refusal(Exception):  # noqa: N818 -- a refusal is an answer, not an error
    """What every refusal is; never raised itself."""


class NotFound(Refusal):
    """It is not there, or not for this viewer: the two look the same."""


class NoAccess(Refusal):
    """A person can be found but not opened; the sentence says what to do now."""


class Refused(Refusal):
    """What was asked breaks a rule; nothing was changed."""
