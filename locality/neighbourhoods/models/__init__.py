"""Teams at work: whom they were told of, whom they look after, what they have to do, what they ought to know."""

from locality.neighbourhoods.models.candidates import Candidate
from locality.neighbourhoods.models.caseload import Allocation, Caseload, CaseloadHistory
from locality.neighbourhoods.models.families import Contact, KeySafe
from locality.neighbourhoods.models.inbox import Alert, InboxLook
from locality.neighbourhoods.models.notes import Note, NoteDraft, NoteFile
from locality.neighbourhoods.models.tasks import Task, TaskAsk, TaskHistory

__all__ = [
    "Alert",
    "Allocation",
    "Candidate",
    "Caseload",
    "CaseloadHistory",
    "Contact",
    "InboxLook",
    "KeySafe",
    "Note",
    "NoteDraft",
    "NoteFile",
    "Task",
    "TaskAsk",
    "TaskHistory",
]
