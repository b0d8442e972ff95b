"""Why something is not opened, in words: what happened, why, and what to do now. Each factor has its own."""

from locality.access.rules.kinds import Factor

REFUSAL_WORDS: dict[Factor, str] = {
    Factor.CONFLICT: (
        "This record is closed to you, whatever your role: it is your own, or of somebody whom you should not look at. "
        "Ask a colleague to act in your place; your privacy officer can say more."
    ),
    Factor.SCOPE: (
        "This was not opened: the way you came in was given for somebody else. Go back to whom you came in for, or "
        "sign out and in again."
    ),
    Factor.PURPOSE: (
        "This was not opened: what you are doing is not care, and what is held of people is for care alone. Use the "
        "place's figures, or sign in again for care."
    ),
    Factor.SECOND_FACTOR: "This needs your second factor, shown a short while ago. Show it, and you come back here.",
    Factor.ACTION: (
        "This was not done: you may read here, and your role or your reason to know this person goes no further. Ask "
        "somebody of their own team to do it."
    ),
    Factor.DECEASED: (
        "This was not done: this person has died, and must not be contacted as if living. Ask their own team first."
    ),
    Factor.ROLE: (
        "The role you signed in with does not open people's records. Choose another of your roles, or ask whoever "
        "looks after them."
    ),
    Factor.RELATION: (
        "Nobody has recorded why your team may see this person: they are not on your caseload or practice list, "
        "and there is no open referral, visit or meeting. Ask their own team to add you, or to act for you."
    ),
    Factor.ADDRESS: (
        "This was not opened: where this person lives is protected, and you are not named among those who may know. "
        "Ask your privacy officer or safeguarding lead."
    ),
    Factor.PRIOR: (
        "This was not opened: who somebody may have been before is for them and the identity custodian alone. Go on "
        "with the name they use."
    ),
    Factor.LABEL: (
        "This was not opened: its sender keeps it to the team that wrote it. Ask the sender, if you need it for care."
    ),
    Factor.SEAL: "This was not opened: the person sealed it. Ask them, if you need it for their care.",
    Factor.DISSENT: (
        "This was not opened: the person objects to sharing between organisations. Ask them, or ask whoever holds it."
    ),
    Factor.LIMITS: (
        "This was not opened: it is kept from whoever acts for this person. Ask them, or somebody of their team."
    ),
}
# a reason that was there, and is over
ENDED_WORDS = (
    "Your team's reason to see this person has ended. If you still look after them, ask their own team to refer them "
    "to you or to add them to your list."
)

NOT_NONE = "This does not mean none: ask before acting."
# the same of one panel of a record that is open
CLOSED_PANEL_WORDS: dict[Factor, str] = {
    Factor.CONFLICT: "You must not look at this person, so {noun} are not shown.",
    Factor.SCOPE: "The way you came in does not reach {noun}.",
    Factor.PURPOSE: "What you are doing is not care, so {noun} are not shown.",
    Factor.SECOND_FACTOR: "You have not shown your second factor, which {noun} here ask for.",
    Factor.ACTION: "What you are doing does not reach {noun}.",
    Factor.DECEASED: "They have died, so {noun} are not acted on.",
    Factor.ROLE: "Your role does not open {noun}.",
    Factor.RELATION: "Your reason to know this person does not open {noun}.",
    Factor.ADDRESS: "Where they are is protected, and {noun} may tell it.",
    Factor.PRIOR: "What went before is not for you to see, and {noun} may tell it.",
    Factor.LABEL: "Whoever sent {noun} keeps them to the team that wrote them.",
    Factor.SEAL: "They sealed {noun}.",
    Factor.DISSENT: "They object to sharing, so what other organisations hold of {noun} is not shown.",
    Factor.LIMITS: "They, or their team, keep {noun} from whoever acts for them.",
}


def closed_panel(noun: str, factor: Factor | None) -> str:
    """What stands where a whole panel is closed: by what, and that it is not to be read as none."""
    return f"{CLOSED_PANEL_WORDS[factor or Factor.ROLE].format(noun=noun)} {NOT_NONE}"
