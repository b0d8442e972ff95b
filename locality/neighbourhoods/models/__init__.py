"""Teams at work: whom they were told of, whom they look after, what they have to do, what they ought to know."""

from locality.neighbourhoods.models.assessments import Answer, Assessment, AssessmentAddition
from locality.neighbourhoods.models.candidates import Candidate
from locality.neighbourhoods.models.caseload import Allocation, Caseload, CaseloadHistory
from locality.neighbourhoods.models.corrections import Correction, CorrectionHistory
from locality.neighbourhoods.models.courses import (
    Course,
    CourseAttendance,
    CourseMeasure,
    CoursePlace,
    CoursePlaceHistory,
    CourseSession,
)
from locality.neighbourhoods.models.families import Contact, KeySafe
from locality.neighbourhoods.models.inbox import Alert, AlertHistory, InboxLook
from locality.neighbourhoods.models.meetings import Attendance, Meeting, MeetingEntry, MeetingItem, MeetingSeries
from locality.neighbourhoods.models.news import NewsRead
from locality.neighbourhoods.models.notes import Note, NoteDraft, NoteFile
from locality.neighbourhoods.models.outbox import Message, MessageHistory
from locality.neighbourhoods.models.plans import Plan, PlanPart, PlanPartHistory
from locality.neighbourhoods.models.referrals import (
    Referral,
    ReferralHistory,
    ReferralLink,
    ReferralLinkTry,
    ReferralReceived,
)
from locality.neighbourhoods.models.staffing import Absence, Post, PostFilled, SkillHeld, WorkingDay
from locality.neighbourhoods.models.support import (
    Support,
    SupportContact,
    SupportHistory,
    SupportNeed,
    SupportOffer,
    Wellbeing,
)
from locality.neighbourhoods.models.tasks import Task, TaskAsk, TaskHistory
from locality.neighbourhoods.models.transfers import (
    Transfer,
    TransferAgreement,
    TransferCount,
    TransferLine,
    TransferPart,
    TransferWriting,
)

__all__ = [
    "Absence",
    "Alert",
    "AlertHistory",
    "Allocation",
    "Attendance",
    "Answer",
    "Assessment",
    "AssessmentAddition",
    "Candidate",
    "Caseload",
    "CaseloadHistory",
    "Contact",
    "Correction",
    "CorrectionHistory",
    "InboxLook",
    "NewsRead",
    "Post",
    "PostFilled",
    "SkillHeld",
    "Meeting",
    "MeetingEntry",
    "MeetingItem",
    "MeetingSeries",
    "Plan",
    "PlanPart",
    "PlanPartHistory",
    "KeySafe",
    "Note",
    "Message",
    "MessageHistory",
    "NoteDraft",
    "NoteFile",
    "Referral",
    "ReferralHistory",
    "ReferralLink",
    "ReferralLinkTry",
    "ReferralReceived",
    "Task",
    "TaskAsk",
    "TaskHistory",
    "Transfer",
    "TransferAgreement",
    "TransferCount",
    "TransferLine",
    "TransferPart",
    "TransferWriting",
    "WorkingDay",
    "Course",
    "CourseAttendance",
    "CourseMeasure",
    "CoursePlace",
    "CoursePlaceHistory",
    "CourseSession",
    "Support",
    "SupportContact",
    "SupportHistory",
    "SupportNeed",
    "SupportOffer",
    "Wellbeing",
]
