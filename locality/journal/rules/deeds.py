"""What each line of the audit means: the one table from which every page and every AuditEvent takes its words.

`{whose}` and `{them}` are "your" and "you" for the person, "their" and "them" for everybody else. A line whose `what`
is not here is a look that nobody described: it is shown, with its own name, and a test asks for its words.
"""

from locality.journal.rules import work
from locality.journal.rules.kinds import Deed, Kind, changed, kept, listed, looked, made, printed

LOOKS = {
    "record.opened": looked("opened {whose} record"),
    "timeline.opened": looked("read more of what happened to {them}"),
    # of whatever class the line is: what is said of one line must not tell it from another
    "line.opened": looked("opened one line of {whose} record"),
    "original.opened": looked("opened one line of {whose} record as it was sent"),
    "attachment.opened": looked("opened a document in {whose} record"),
    "looked.opened": looked("checked who looked at {whose} record"),
    "identity.person-opened": looked("checked which records are {whose}"),
    "identity.pair-opened": looked("compared {whose} name and birth date with another record"),
    "identity.split-looked-at": looked("checked which records are {whose}"),
    "identity.join-looked-at": looked("checked which records are {whose}"),
    "record.printed": printed("printed {whose} record"),
    "looked.printed": printed("printed who looked at {whose} record"),
    "glass.broken": looked("said why they needed {whose} record without being on a list for it"),
    "consent.opened": looked("opened what {whose} record says of sharing"),
    "marks.opened": looked("checked who must not look at {whose} record, and whose looks are reviewed"),
    "marks.listed": listed("saw {whose} name in a list of whose looks are reviewed"),
    "address.opened": looked("checked who may know where {whose} home is"),
    "home.shown": listed("saw {whose} name on their own list of people"),
    "person.found": listed("found {them} by name or NHS number"),
    "person.confirmed": listed("made sure that it was {them}"),
    "person.shown-as-alike": listed("saw {whose} name while adding somebody alike"),
    "identity.listed": listed("saw {whose} name in a list of records to compare"),
    "identity.decisions-listed": listed("saw {whose} name in a list of records that were compared"),
    "identity.to-place-listed": listed("saw {whose} name in a list of notes to sort"),
    # told to nobody by the person's own list (KEPT_BACK_BEGINNINGS)
    "concern.opened": looked("opened a concern about {them}"),
    "concern.printed": printed("printed a concern about {them}"),
    "copy.gone-back": listed("saw {whose} name on a list made from the analytical copy"),
    "concern.listed": listed("saw {whose} name in a list of concerns"),
    "finding.listed": listed("put {them} on a list of people who may need more support"),
    "finding.shown": listed("saw {whose} name on a list of people who may need more support"),
    "finding.printed": printed("printed a list of people who may need more support"),
    "finding.opened": looked("read why more support may be needed by {them}"),
    "candidate.listed": listed("saw {whose} name among people put forward to a team"),
    "number.listed": listed("saw {whose} name in a list of corrected NHS numbers"),
    "proxy.listed": listed("saw {whose} name in a list of who acts for whom"),
    "looked.listed": listed("saw {whose} name in a list of looks to check"),
}

CHANGES = {
    "address.granted": made("let somebody know {whose} protected address"),
    "address.grant-ended": changed("ended somebody's leave to know {whose} address"),
    "conflict.declared": made("said that a practitioner must not look at {whose} record"),
    "conflict.ended": changed("said that a practitioner may look at {whose} record again"),
    "glass.closed": changed("closed {whose} record again before the time was over"),
    "glass.reviewed": changed("reviewed why {whose} record was opened without being on a list for it"),
    "line.sealed": changed("sealed a line of {whose} record"),
    "line.unsealed": changed("took the seal off a line of {whose} record"),
    "objection.made": made("wrote down {whose} objection to sharing"),
    "objection.withdrawn": changed("took back {whose} objection to sharing"),
    "proxy.made": made("wrote down who may act for {them}"),
    "release.decided": made("decided what may be shown to {them}"),
    "release.taken-back": changed("took back what may be shown to {them}"),
    "proxy.acting": made("began to act for {them}"),
    "proxy.acting-over": changed("left off acting for {them}"),
    "proxy.ended": changed("ended somebody's right to act for {them}"),
    "watch.made": made("had every look at {whose} record reviewed"),
    "watch.ended": changed("had looks at {whose} record reviewed no longer"),
    "person.added": made("added {them}"),
    "person.merged": changed("joined two records as {whose}"),
    "person.merge-undone": changed("took two records of {whose} apart again"),
    "identity.same": changed("said that two records are {whose}"),
    "identity.different": changed("said that another record is not {whose}"),
    "identity.unsure": changed("could not tell whether another record is {whose}"),
    "identity.split": changed("took records apart that were thought to be {whose}"),
    "identity.taken-back": changed("took back what was said of {whose} records"),
    "number.corrected": changed("corrected {whose} NHS number"),
    "number.correction-withdrawn": changed("took back a correction of {whose} NHS number"),
    "relationship.made": made("wrote down why a team may see {whose} record"),
    "relationship.ended": changed("ended a team's reason to see {whose} record"),
    "remark.made": made("said that a line is not {whose}"),
    "remark.placed": changed("said whose a line is"),
    "remark.withdrawn": changed("took back what was said of a line"),
    "concern.raised": made("raised a concern about {them}"),
    "concern.put-back": changed("let a concern about {them} wait again"),
    "concern.reopened": changed("opened a concern about {them} again"),
    "looked.asked": made("asked the privacy officer about a look at {whose} record"),
    "looked.answered": changed("answered a question about who looked"),
    "finding.nominated": made("put {them} forward for more support"),
    "finding.accepted": changed("said that a team should look after {them} more closely"),
    "finding.declined": changed("said that more support is not to be offered to {them} now"),
    "finding.known": changed("said that those who look after {them} do so already"),
    "finding.later": changed("put off whether more support is to be offered to {them}"),
    "finding.taken-back": changed("took back what was said of more support for {them}"),
    "candidate.made": made("put {them} forward to a team"),
    "candidate.withdrawn": changed("took back putting {them} forward to a team"),
    "looked.reviewed": changed("reviewed an unusual look at {whose} record"),
}

UPKEEP = {
    "criteria.loaded": kept("loaded the criteria by which people are found"),
    "finding.run": kept("made a list of people who may need more support", "create", "C"),
    "account.added": kept("added an account", "create", "C"),
    "account.email-set": kept("set where a link for a password goes"),
    "account.joined-sign-on": kept("joined an account to single sign-on"),
    "account.may-try-again": kept("let somebody try to sign in again"),
    "account.shut": kept("shut an account"),
    "account.opened-again": kept("opened an account again"),
    "factor.said-lost": kept("said that somebody lost their second factors"),
    "account.password-set": kept("set a password"),
    "audit.archived": kept("moved old lines of the audit into a file"),
    "copy.refreshed": kept("brought the analytical copy up to date"),
    "picture.drawn": kept("drew the picture of the neighbourhoods from the analytical copy", "create", "C"),
    "measures.kept": kept("worked out the measures of the place for the pages"),
    "cohort.written": kept("wrote down the pseudonyms of a cohort", "read", "R"),
    "local_model.trained": kept("trained the local model"),
    "local_model.renewed": kept("fitted the local model to another year"),
    "local_model.scored": kept("scored everybody by the local model"),
    "local_model.explained": kept("opened one person's chance by the local model", "read", "R"),
    "factor.added": kept("added a second factor", "create", "C"),
    "factor.removed": kept("removed a second factor"),
    "factor.all-removed": kept("removed all second factors"),
    "factor.recovery-codes-made": kept("made codes for when the second factor is lost", "create", "C"),
    "factor.recovery-code-used": kept("signed in with a code on paper"),
    "identity.kept-apart": kept("kept an earlier identity apart", "create", "C"),
    "intake.received": kept("began to take in what a source sent", "create", "C"),
    "intake.retried": kept("tried refused entries again"),
    "intake.finished": kept("finished taking in what a source sent"),
    "linkage.finished": kept("finished linking records"),
    "linkage.measured": kept("measured how well records are linked", "create", "C"),
    "linkage.trained": kept("learned how alike records are", "create", "C"),
    "looked.summarised": kept("read the privacy officer's summary", "read", "R"),
    "number.settled": kept("settled a wrong NHS number"),
    "opt-outs.opened": kept("read which opt-outs were rejected", "read", "R"),
    "opt-outs.received": kept("took in the national data opt-out", "create", "C"),
    "pack.load": kept("loaded the place's pack"),
    "practitioner.add": kept("added a practitioner", "create", "C"),
    "practitioner.change": kept("changed a practitioner"),
    "quarantine.opened": kept("opened an entry that was refused", "read", "R"),
    "quarantine.dismissed": kept("dismissed an entry that was refused"),
    "role.added": kept("gave somebody a role", "create", "C"),
    "role.end-changed": kept("changed when a role ends"),
    "role.ended": kept("ended a role"),
    "sign-in.proved-again": kept("proved again who they are"),
    "signed-out.elsewhere": kept("signed out another browser"),
    "signed-out.everywhere": kept("signed out everywhere"),
    "staff.leave": kept("wrote down that somebody leaves"),
    "staff.load": kept("loaded a list of staff", "create", "C"),
    "staff.move": kept("moved somebody to another team"),
    "staff.role": kept("gave somebody a role", "create", "C"),
    "staff.role-end": kept("ended somebody's role"),
    "staff.undo": kept("took back a change of staff"),
    "team.end-changed": kept("changed when somebody leaves a team"),
    "team.join": kept("put somebody into a team", "create", "C"),
    "team.leave": kept("took somebody out of a team"),
}

LOOKS |= work.LOOKS
DEEDS: dict[str, Deed] = LOOKS | CHANGES | work.CHANGES | UPKEEP | work.UPKEEP

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
