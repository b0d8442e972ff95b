"""The words of what teams at work do, as `deeds` holds those of the rest."""

from locality.journal.rules.kinds import Deed, changed, listed, looked, made, printed

LOOKS: dict[str, Deed] = {
    # caseload
    # tasks and the inbox
    # the meeting
    # the plan
    # notes, families
    "note.begun": looked("opened a form to write a note about {them}"),
    "notes.opened": looked("read the notes about {them}"),
    "notes.printed": printed("printed the notes about {them}"),
    "note-file.opened": looked("opened a file that was kept with a note about {them}"),
    "family.opened": looked("read who is close to {them}"),
    "family.listed": listed("saw {them} named among those close to, or at home with, somebody"),
    "key-safe.opened": looked("read how to get into {whose} home"),
}
CHANGES = {
    # caseload
    "caseload.taken-on": made("took {them} on to a team's caseload"),
    "caseload.allocated": changed("named who coordinates {whose} care"),
    "caseload.came-off": changed("took {them} off a team's caseload"),
    # tasks and the inbox
    "task.asked": made("asked for something to be done about {them}"),
    # the meeting
    # the plan
    # notes
    "note.written": made("wrote a note about {them}"),
    "note.corrected": changed("corrected a note about {them}"),
    "note.about-another": changed("said that a note on {whose} record was about somebody else"),
    "note.theirs-after-all": changed("said that a note is about {them} after all"),
    "note.moved": made("put a note on {whose} record that had been written on another by mistake"),
    "contact.written": made("wrote down somebody close to {them}"),
    "contact.changed": changed("changed what is kept of somebody close to {them}"),
    "key-safe.kept": made("wrote down how to get into {whose} home"),
    "key-safe.ended": changed("took away how to get into {whose} home"),
}
