"""The words of what teams at work do, as `deeds` holds those of the rest."""

from locality.journal.rules.kinds import Deed, changed, made

LOOKS: dict[str, Deed] = {
    # caseload
    # tasks and the inbox
    # the meeting
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
    # the meeting
    # the plan
    # notes
}
