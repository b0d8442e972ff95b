"""Teams at work: whom they were told of, whom they look after, what they have to do, what they ought to know."""

from locality.neighbourhoods.models.assessments import Answer, Assessment, AssessmentAddition
from locality.neighbourhoods.models.candidates import Candidate
from locality.neighbourhoods.models.caseload import Allocation, Caseload, CaseloadHistory
from locality.neighbourhoods.models.inbox import Alert, InboxLook
from locality.neighbourhoods.models.plans import Plan, PlanPart, PlanPartHistory
from locality.neighbourhoods.models.tasks import Task, TaskAsk, TaskHistory

__all__ = [
    "Alert",
    "Allocation",
    "Answer",
    "Assessment",
    "AssessmentAddition",
    "Candidate",
    "Caseload",
    "CaseloadHistory",
    "InboxLook",
    "Plan",
    "PlanPart",
    "PlanPartHistory",
    "Task",
    "TaskAsk",
    "TaskHistory",
]
