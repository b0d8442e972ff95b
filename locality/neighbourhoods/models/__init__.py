"""Teams at work: whom they were told of, whom they look after, what they have to do, what they ought to know."""

from locality.neighbourhoods.models.candidates import Candidate
from locality.neighbourhoods.models.caseload import Allocation, Caseload, CaseloadHistory
from locality.neighbourhoods.models.inbox import Alert, AlertHistory, InboxLook
from locality.neighbourhoods.models.tasks import Task, TaskAsk, TaskHistory

__all__ = [
    "Alert",
    "AlertHistory",
    "Allocation",
    "Candidate",
    "Caseload",
    "CaseloadHistory",
    "InboxLook",
    "Task",
    "TaskAsk",
    "TaskHistory",
]
