"""Who was put forward to a team, and what became of it."""

from enum import StrEnum


class CandidateState(StrEnum):
    """`waiting` for the team to decide, mostly in its meeting."""

    WAITING = "waiting"
    TAKEN_ON = "taken on"
    NOT_TAKEN_ON = "not taken on"
    WITHDRAWN = "withdrawn"


ANSWERED = (CandidateState.TAKEN_ON, CandidateState.NOT_TAKEN_ON)


class Agreed(StrEnum):
    """Whether the person knows, and wants it."""

    AGREED = "agreed"
    NOT_ASKED = "not asked"
    BEST_INTERESTS = "best interests"


AGREED_WORDS = {
    Agreed.AGREED: "They were asked and agreed",
    Agreed.NOT_ASKED: "They have not been asked yet: the team asks first",
    Agreed.BEST_INTERESTS: "They cannot decide this: in their best interests (Mental Capacity Act 2005)",
}
# a practice's sharing with the team that looks after the same person; each place's own lawyers confirm it
LAWFUL_BASIS = "Direct care: UK GDPR Article 6(1)(e) and 9(2)(h); implied consent to share within care"
