"""The words of what teams at work do, as `deeds` holds those of the rest."""

from locality.journal.rules.kinds import Deed, changed, kept, listed, looked, made, printed

LOOKS: dict[str, Deed] = {
    # caseload
    "caseload.listed": listed("saw {whose} name on a team's caseload"),
    "caseload.printed": printed("printed a team's caseload with {whose} name"),
    "caseload.opened": looked("read how a team looks after {them}"),
    # tasks and the inbox
    "task.listed": listed("saw {whose} name in a list of what is to do"),
    "task.opened": looked("opened something to do for {them}"),
    "task.printed": printed("printed {whose} name in a list of what is to do"),
    "pack.made": printed("put {whose} name, address and risks into a day's list to take along"),
    "alert.opened": looked("opened something told of {them}"),
    "alert.listed": listed("saw {whose} name in an inbox"),
    "recent.listed": listed("saw {whose} name among those whose record they opened before"),
    # the meeting
    "meeting.listed": listed("saw {whose} name on the agenda of a team's meeting"),
    "meeting.person-opened": looked("opened {whose} record for a team's meeting"),
    "meeting.minutes-listed": listed("read what a team's meeting said of {them}"),
    "meeting.minutes-printed": printed("printed what a team's meeting said of {them}"),
    "meeting.yield-listed": listed("saw {whose} name in what came of a team's meetings"),
    # the plan
    "plan.opened": looked("opened {whose} plan"),
    "plan.printed": printed("printed {whose} plan"),
    "assessment.opened": looked("opened an assessment of {whose} needs"),
    "assessment.listed": listed("saw {whose} name in a list of assessments"),
    # notes, families
}
CHANGES = {
    # caseload
    "caseload.taken-on": made("took {them} on to a team's caseload"),
    "caseload.allocated": changed("named who coordinates {whose} care"),
    "caseload.came-off": changed("took {them} off a team's caseload"),
    "caseload.came-back": changed("put {them} back on a team's caseload"),
    "caseload.changed": changed("changed how a team looks after {them}"),
    "caseload.reviewed": changed("reviewed {whose} care"),
    "candidate.declined": changed("said that a team does not look after {them}"),
    "candidate.waits-again": changed("let {them} wait for a team's answer again"),
    # tasks and the inbox
    "task.asked": made("asked for something to be done about {them}"),
    "task.start": changed("began something to do for {them}"),
    "task.finish": changed("said that something for {them} is done"),
    "task.leave": changed("said that something for {them} was not done, and why"),
    "task.reopen": changed("opened something to do for {them} again"),
    "task.changed": changed("changed what is to do for {them}"),
    "task.handed-over": changed("handed over something to do for {them}"),
    "task.help": made("asked a colleague to help with something for {them}"),
    "task.remind": made("reminded a colleague of something to do for {them}"),
    "task.answered": changed("answered a colleague about something to do for {them}"),
    "task.helped": changed("said whether what was done for {them} helped"),
    "alert.told": made("let a team know of something about {them}"),
    "alert.take": changed("saw to something told of {them}"),
    "alert.put_back": changed("put back something told of {them}"),
    "alert.finish": changed("said what was done about something told of {them}"),
    "alert.reopen": changed("opened something told of {them} again"),
    "alert.hand": changed("handed something told of {them} to a colleague"),
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
    "plan.begun": made("began {whose} plan"),
    "plan.written": changed("wrote in {whose} plan"),
    "assessment.begun": made("began an assessment of {whose} needs"),
    "assessment.answered": changed("wrote in an assessment of {whose} needs"),
    "assessment.finished": changed("finished an assessment of {whose} needs"),
    "assessment.added-to": changed("added to an assessment of {whose} needs"),
    # notes
}
UPKEEP = {
    # the team
    "staffing.post-made": kept("wrote down a post of a team", "create", "C"),
    "staffing.post-ended": kept("ended a post of a team"),
    "staffing.post-filled": kept("wrote down who fills a post", "create", "C"),
    "staffing.post-left": kept("wrote down that a post is vacant"),
    "staffing.skill-noted": kept("wrote down what somebody was trained to do"),
    "staffing.week-set": kept("wrote down somebody's usual week"),
    "staffing.away": kept("wrote down that somebody is away", "create", "C"),
    "staffing.back": kept("wrote down that somebody is here after all"),
}
