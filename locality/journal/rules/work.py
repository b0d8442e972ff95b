"""The words of what teams at work do, as `deeds` holds those of the rest."""

from locality.journal.rules.kinds import Deed, changed, kept, listed, looked, made, printed

LOOKS: dict[str, Deed] = {
    # caseload
    # tasks and the inbox
    # the meeting
    "meeting.listed": listed("saw {whose} name on the agenda of a team's meeting"),
    "meeting.person-opened": looked("opened {whose} record for a team's meeting"),
    "meeting.minutes-listed": listed("read what a team's meeting said of {them}"),
    "meeting.minutes-printed": printed("printed what a team's meeting said of {them}"),
    "meeting.yield-listed": listed("saw {whose} name in what came of a team's meetings"),
    # the plan
    # notes, families
}
CHANGES = {
    # caseload
    "caseload.taken-on": made("took {them} on to a team's caseload"),
    "caseload.allocated": changed("named who coordinates {whose} care"),
    "caseload.came-off": changed("took {them} off a team's caseload"),
    # tasks and the inbox
    "task.asked": made("asked for something to be done about {them}"),
    "candidate.not-taken-on": changed("did not take {them} on to a team's caseload"),
    # the meeting
    "meeting.person-brought": made("brought {them} to a team's meeting"),
    "meeting.agenda-moved": changed("changed the place or the time for {them} on an agenda"),
    "meeting.person-left-out": changed("left {them} out of a team's meeting"),
    "meeting.person-put-back": changed("put {them} back on the agenda of a team's meeting"),
    "meeting.person-carried-over": changed("let {them} wait for a team's next meeting"),
    "meeting.turned": changed("put {them} on the screen of a team's meeting"),
    "meeting.said": made("wrote down what a team's meeting said of {them}"),
    "meeting.decided": made("wrote down what a team's meeting decided for {them}"),
    "meeting.added-to": made("added to what a team's meeting said of {them}"),
    "meeting.agenda-drawn": kept("drew up the agenda of a team's meeting"),
    "meeting.planned": kept("made the meetings of the next quarter", "create", "C"),
    "meeting.series-begun": kept("said how a team meets", "create", "C"),
    "meeting.series-ended": kept("said that a team meets so no more"),
    "meeting.skipped": kept("said that a team's meeting is not held"),
    "meeting.opened": kept("opened a team's meeting"),
    "meeting.closed": kept("closed a team's meeting"),
    "meeting.attendance-said": kept("said who came to a team's meeting"),
    "meeting.chaired": kept("said who chairs a team's meeting"),
    # the plan
    # notes
}
