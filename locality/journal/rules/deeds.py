"""What each line of the audit means: the one table from which every page and every AuditEvent takes its words.

`{whose}` and `{them}` are "your" and "you" for the person, "their" and "them" for everybody else. A line whose `what`
is not here is a look that nobody described: it is shown, with its own name, and a test asks for its words.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    LOOK = "look"  # somebody saw what is held of a person
    LIST = "list"  # somebody saw a name in a list or among the answers to a search
    PRINT = "print"  # what is held of a person went onto paper or into a file
    CHANGE = "change"  # something was written
    UPKEEP = "upkeep"  # about no person


@dataclass(frozen=True, slots=True)
class Deed:
    """One kind of line: its words, and what it is in FHIR (`interaction` of REST, `action` of AuditEvent)."""

    words: str
    kind: Kind
    interaction: str
    action: str


def _look(words: str) -> Deed:
    return Deed(words, Kind.LOOK, "read", "R")


def _list(words: str) -> Deed:
    return Deed(words, Kind.LIST, "search-type", "E")


def _made(words: str) -> Deed:
    return Deed(words, Kind.CHANGE, "create", "C")


def _changed(words: str) -> Deed:
    return Deed(words, Kind.CHANGE, "update", "U")


def _kept(words: str, interaction: str = "update", action: str = "U") -> Deed:
    return Deed(words, Kind.UPKEEP, interaction, action)


LOOKS = {
    "record.opened": _look("opened {whose} record"),
    "timeline.opened": _look("read more of what happened to {them}"),
    # of whatever class the line is: what is said of one line must not tell it from another
    "line.opened": _look("opened one line of {whose} record"),
    "original.opened": _look("opened one line of {whose} record as it was sent"),
    "attachment.opened": _look("opened a document in {whose} record"),
    "looked.opened": _look("checked who looked at {whose} record"),
    "identity.person-opened": _look("checked which records are {whose}"),
    "identity.pair-opened": _look("compared {whose} name and birth date with another record"),
    "identity.split-looked-at": _look("checked which records are {whose}"),
    "identity.join-looked-at": _look("checked which records are {whose}"),
    "record.printed": Deed("printed {whose} record", Kind.PRINT, "read", "R"),
    "looked.printed": Deed("printed who looked at {whose} record", Kind.PRINT, "read", "R"),
    "glass.broken": _look("said why they needed {whose} record without being on a list for it"),
    "consent.opened": _look("opened what {whose} record says of sharing"),
    "marks.opened": _look("checked who must not look at {whose} record, and whose looks are reviewed"),
    "marks.listed": _list("saw {whose} name in a list of whose looks are reviewed"),
    "address.opened": _look("checked who may know where {whose} home is"),
    "home.shown": _list("saw {whose} name on their own list of people"),
    "person.found": _list("found {them} by name or NHS number"),
    "person.confirmed": _list("made sure that it was {them}"),
    "person.shown-as-alike": _list("saw {whose} name while adding somebody alike"),
    "identity.listed": _list("saw {whose} name in a list of records to compare"),
    "identity.decisions-listed": _list("saw {whose} name in a list of records that were compared"),
    "identity.to-place-listed": _list("saw {whose} name in a list of notes to sort"),
    # told to nobody by the person's own list (KEPT_BACK_BEGINNINGS)
    "concern.opened": _look("opened a concern about {them}"),
    "concern.printed": Deed("printed a concern about {them}", Kind.PRINT, "read", "R"),
    "copy.gone-back": _list("saw {whose} name on a list made from the analytical copy"),
    "concern.listed": _list("saw {whose} name in a list of concerns"),
    "finding.listed": _list("put {them} on a list of people who may need more support"),
    "finding.shown": _list("saw {whose} name on a list of people who may need more support"),
    "finding.printed": Deed("printed a list of people who may need more support", Kind.PRINT, "read", "R"),
    "finding.opened": _look("read why more support may be needed by {them}"),
    "candidate.listed": _list("saw {whose} name among people put forward to a team"),
    "number.listed": _list("saw {whose} name in a list of corrected NHS numbers"),
    "proxy.listed": _list("saw {whose} name in a list of who acts for whom"),
    "looked.listed": _list("saw {whose} name in a list of looks to check"),
}

CHANGES = {
    "address.granted": _made("let somebody know {whose} protected address"),
    "address.grant-ended": _changed("ended somebody's leave to know {whose} address"),
    "conflict.declared": _made("said that a practitioner must not look at {whose} record"),
    "conflict.ended": _changed("said that a practitioner may look at {whose} record again"),
    "glass.closed": _changed("closed {whose} record again before the time was over"),
    "glass.reviewed": _changed("reviewed why {whose} record was opened without being on a list for it"),
    "line.sealed": _changed("sealed a line of {whose} record"),
    "line.unsealed": _changed("took the seal off a line of {whose} record"),
    "objection.made": _made("wrote down {whose} objection to sharing"),
    "objection.withdrawn": _changed("took back {whose} objection to sharing"),
    "proxy.made": _made("wrote down who may act for {them}"),
    "release.decided": _made("decided what may be shown to {them}"),
    "release.taken-back": _changed("took back what may be shown to {them}"),
    "proxy.acting": _made("began to act for {them}"),
    "proxy.acting-over": _changed("left off acting for {them}"),
    "proxy.ended": _changed("ended somebody's right to act for {them}"),
    "watch.made": _made("had every look at {whose} record reviewed"),
    "watch.ended": _changed("had looks at {whose} record reviewed no longer"),
    "person.added": _made("added {them}"),
    "person.merged": _changed("joined two records as {whose}"),
    "person.merge-undone": _changed("took two records of {whose} apart again"),
    "identity.same": _changed("said that two records are {whose}"),
    "identity.different": _changed("said that another record is not {whose}"),
    "identity.unsure": _changed("could not tell whether another record is {whose}"),
    "identity.split": _changed("took records apart that were thought to be {whose}"),
    "identity.taken-back": _changed("took back what was said of {whose} records"),
    "number.corrected": _changed("corrected {whose} NHS number"),
    "number.correction-withdrawn": _changed("took back a correction of {whose} NHS number"),
    "relationship.made": _made("wrote down why a team may see {whose} record"),
    "relationship.ended": _changed("ended a team's reason to see {whose} record"),
    "remark.made": _made("said that a line is not {whose}"),
    "remark.placed": _changed("said whose a line is"),
    "remark.withdrawn": _changed("took back what was said of a line"),
    "concern.raised": _made("raised a concern about {them}"),
    "concern.put-back": _changed("let a concern about {them} wait again"),
    "concern.reopened": _changed("opened a concern about {them} again"),
    "looked.asked": _made("asked the privacy officer about a look at {whose} record"),
    "looked.answered": _changed("answered a question about who looked"),
    "finding.nominated": _made("put {them} forward for more support"),
    "finding.accepted": _changed("said that a team should look after {them} more closely"),
    "finding.declined": _changed("said that more support is not to be offered to {them} now"),
    "finding.known": _changed("said that those who look after {them} do so already"),
    "finding.later": _changed("put off whether more support is to be offered to {them}"),
    "finding.taken-back": _changed("took back what was said of more support for {them}"),
    "candidate.made": _made("put {them} forward to a team"),
    "candidate.withdrawn": _changed("took back putting {them} forward to a team"),
    "looked.reviewed": _changed("reviewed an unusual look at {whose} record"),
}

UPKEEP = {
    "criteria.loaded": _kept("loaded the criteria by which people are found"),
    "finding.run": _kept("made a list of people who may need more support", "create", "C"),
    "account.added": _kept("added an account", "create", "C"),
    "account.email-set": _kept("set where a link for a password goes"),
    "account.joined-sign-on": _kept("joined an account to single sign-on"),
    "account.may-try-again": _kept("let somebody try to sign in again"),
    "account.shut": _kept("shut an account"),
    "account.opened-again": _kept("opened an account again"),
    "factor.said-lost": _kept("said that somebody lost their second factors"),
    "account.password-set": _kept("set a password"),
    "audit.archived": _kept("moved old lines of the audit into a file"),
    "copy.refreshed": _kept("brought the analytical copy up to date"),
    "picture.drawn": _kept("drew the picture of the neighbourhoods from the analytical copy", "create", "C"),
    "measures.kept": _kept("worked out the measures of the place for the pages"),
    "cohort.written": _kept("wrote down the pseudonyms of a cohort", "read", "R"),
    "local_model.trained": _kept("trained the local model"),
    "local_model.renewed": _kept("fitted the local model to another year"),
    "local_model.scored": _kept("scored everybody by the local model"),
    "local_model.explained": _kept("opened one person's chance by the local model", "read", "R"),
    "factor.added": _kept("added a second factor", "create", "C"),
    "factor.removed": _kept("removed a second factor"),
    "factor.all-removed": _kept("removed all second factors"),
    "factor.recovery-codes-made": _kept("made codes for when the second factor is lost", "create", "C"),
    "factor.recovery-code-used": _kept("signed in with a code on paper"),
    "identity.kept-apart": _kept("kept an earlier identity apart", "create", "C"),
    "intake.received": _kept("began to take in what a source sent", "create", "C"),
    "intake.retried": _kept("tried refused entries again"),
    "intake.finished": _kept("finished taking in what a source sent"),
    "linkage.finished": _kept("finished linking records"),
    "linkage.measured": _kept("measured how well records are linked", "create", "C"),
    "linkage.trained": _kept("learned how alike records are", "create", "C"),
    "looked.summarised": _kept("read the privacy officer's summary", "read", "R"),
    "number.settled": _kept("settled a wrong NHS number"),
    "opt-outs.opened": _kept("read which opt-outs were rejected", "read", "R"),
    "opt-outs.received": _kept("took in the national data opt-out", "create", "C"),
    "pack.load": _kept("loaded the place's pack"),
    "practitioner.add": _kept("added a practitioner", "create", "C"),
    "practitioner.change": _kept("changed a practitioner"),
    "quarantine.opened": _kept("opened an entry that was refused", "read", "R"),
    "quarantine.dismissed": _kept("dismissed an entry that was refused"),
    "role.added": _kept("gave somebody a role", "create", "C"),
    "role.end-changed": _kept("changed when a role ends"),
    "role.ended": _kept("ended a role"),
    "sign-in.proved-again": _kept("proved again who they are"),
    "signed-out.elsewhere": _kept("signed out another browser"),
    "signed-out.everywhere": _kept("signed out everywhere"),
    "staff.leave": _kept("wrote down that somebody leaves"),
    "staff.load": _kept("loaded a list of staff", "create", "C"),
    "staff.move": _kept("moved somebody to another team"),
    "staff.role": _kept("gave somebody a role", "create", "C"),
    "staff.role-end": _kept("ended somebody's role"),
    "staff.undo": _kept("took back a change of staff"),
    "team.end-changed": _kept("changed when somebody leaves a team"),
    "team.join": _kept("put somebody into a team", "create", "C"),
    "team.leave": _kept("took somebody out of a team"),
}

DEEDS: dict[str, Deed] = LOOKS | CHANGES | UPKEEP

# what an edge writes of a page that was refused: "page." and the page's name
REFUSED_PAGE = "page."
REFUSED = Deed("asked for {whose} record and was refused", Kind.LOOK, "read", "R")


# what an earlier version wrote, as it is written now: it told by its name that a line was closed
EARLIER = {"seals.opened": "record.opened"}


def deed(what: str) -> Deed:
    """What a line means."""
    what = EARLIER.get(what, what)
    if what.startswith(REFUSED_PAGE):
        return REFUSED
    return DEEDS.get(what) or Deed(f"used {{whose}} record ({what})", Kind.LOOK, "read", "R")


# a safeguarding lead's looks are told to nobody by this list, whatever they opened (decision 13)
KEPT_BACK_ROLES = ("safeguarding_lead",)
# and whatever is done about a concern, by anybody
KEPT_BACK_BEGINNINGS = ("concern.", "safeguarding.")
# looking at this list oneself is on the books, and not news to oneself
OF_THE_LIST_ITSELF = ("looked.opened", "looked.printed")
TOLD_KINDS = (Kind.LOOK, Kind.LIST, Kind.PRINT)
