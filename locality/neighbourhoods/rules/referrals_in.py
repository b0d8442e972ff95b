"""Why a referral from another system is refused, besides what its message lacks; and what becomes of it then."""

from enum import StrEnum

from locality.base import Refused

NOT_JSON = "The file is not JSON, so nothing of it can be read."
NO_NUMBER = "It names nobody by an NHS number and a birth date."
NOBODY = "Nobody here is known by this NHS number."
SEVERAL = "Several people here hold this NHS number: whose it is must be settled first."
ANOTHER = "The birth date is another than the one held with this NHS number: it may be about somebody else."
DIED = "The person has died."
NOT_SENDER = "It says that {said} sends it, and this source speaks for {known}."
NOT_LISTED = "Asked of \u201c{service}\u201d, which the directory here does not have: all of {organisation} is asked."
NO_RECEIVER = "It is for {code}, and there is no such organisation here."
CLOSED = "The organisation that it is for, {code}, has closed."
NOT_TAKEN = (
    "It changes a referral ({reason}): only new ones and withdrawals are taken in, and answers to what was asked."
)
NO_ANSWER = "It is to answer what was asked of the sender, and says nothing in words."
NOT_KNOWN = "It withdraws a referral that was never received."
WITHDRAWN_FIRST = "It was withdrawn before it was taken in."
OVER = (
    "A referral of this number was received before, and is over ({state}): what this one says was not read by anybody."
)
SAYS_OTHER = "A referral of this number is open here, and this one says something else of it."

TELL_SENDER = "Tell the sender, who sends it anew."
WHAT_TO_DO = {
    NOBODY: "Try again once somebody here has added them, or their practice has sent them. Tell the sender that it "
    "waits.",
    SEVERAL: "The identity custodian settles whose number it is. Then try again.",
    ANOTHER: "Ask the sender which birth date is right. Where ours is wrong, try again once whoever sent it has put it "
    "right.",
    DIED: "Tell the sender that the person has died.",
    NOT_SENDER: "Take it in under the source that speaks for the sender, or tell the sender.",
    NO_RECEIVER: "Where it is an organisation of this place, add it to the pack, load it, and try again. Else tell the "
    "sender.",
    CLOSED: "Tell the sender, who asks whoever does it now. Where it has not closed, mend its last day in the pack.",
    NOT_TAKEN: "Tell the sender to withdraw the old one and to send a new one.",
    NO_ANSWER: "Ask the sender to write the answer into a note of the referral and to send it again.",
    NOT_KNOWN: "Nothing need be done: if the referral comes, or came and was refused, it is not taken in.",
    WITHDRAWN_FIRST: "Nothing need be done. Where the sender still asks for it, they send it under a new number.",
    OVER: "Tell the sender, who sends it under a new number where they ask again.",
    SAYS_OTHER: "Tell the sender to withdraw the open one and to send a new one under another number.",
}


def what_to_do(refused: str) -> str:
    """What mends it, by why it was refused."""
    for why, words in WHAT_TO_DO.items():
        if refused.startswith(why.partition("{")[0]):
            return words
    return TELL_SENDER


# ---- dismissed, since nothing is left to wait for


class Dismissal(StrEnum):
    """Why one that was refused waits no more."""

    DUPLICATE = "duplicate"
    TOLD = "told"
    NOT_FOR_US = "not-for-us"
    MISTAKE = "mistake"
    OTHER = "other"


DISMISSAL_WORDS = {
    Dismissal.DUPLICATE: "It was sent twice",
    Dismissal.TOLD: "The sender was told, and will send it anew",
    Dismissal.NOT_FOR_US: "It is not for us",
    Dismissal.MISTAKE: "It was sent by mistake",
    Dismissal.OTHER: "Another reason",
}
MOST_WORDS = 500
SAY_WHY = "Say in words why it is dismissed."
TOO_LONG = "That is longer than {most} letters: say it shorter."
TAKEN_IN = "It was taken in meanwhile, so there is nothing to dismiss."
DISMISSED_ALREADY = "{who} dismissed it already, {when}."
PUT_BACK_ALREADY = "{who} put it back already, {when}."
NOT_DISMISSED = "It is not dismissed: it waits."


def check_dismissal(why: Dismissal, words: str) -> None:
    """Raise Refused where another reason is not said, or at too great a length."""
    if why == Dismissal.OTHER and not words.strip():
        raise Refused(SAY_WHY)
    if len(words.strip()) > MOST_WORDS:
        raise Refused(TOO_LONG.format(most=MOST_WORDS))
