"""The words of what teams at work do, as `deeds` holds those of the rest."""

from locality.journal.rules.kinds import Deed, changed, listed, looked, made, printed

LOOKS: dict[str, Deed] = {
    # caseload
    # tasks and the inbox
    # the meeting
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
    # tasks and the inbox
    "task.asked": made("asked for something to be done about {them}"),
    # the meeting
    # the plan
    "plan.begun": made("began {whose} plan"),
    "plan.written": changed("wrote in {whose} plan"),
    "assessment.begun": made("began an assessment of {whose} needs"),
    "assessment.answered": changed("wrote in an assessment of {whose} needs"),
    "assessment.finished": changed("finished an assessment of {whose} needs"),
    "assessment.added-to": changed("added to an assessment of {whose} needs"),
    # notes
}
