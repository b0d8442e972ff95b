"""The addresses of teams at work: caseload, tasks, inbox, support, classes, referrals, messages."""

from django.urls import path

from locality.web.courses import meetings as class_meetings
from locality.web.courses import views as classes
from locality.web.inbox import views as inbox
from locality.web.outbox import views as outbox
from locality.web.outbox import writing as message_writing
from locality.web.referrals import by_link as referral_by_link
from locality.web.referrals import one as referral
from locality.web.referrals import refer
from locality.web.referrals import views as referrals
from locality.web.support import handing as support_handing
from locality.web.support import views as support
from locality.web.tasks import one as task
from locality.web.tasks import pack
from locality.web.tasks import views as tasks
from locality.web.team import caseload
from locality.web.team import views as team

urlpatterns = [
    path("team", team.team, name="team_at_work"),
    path("team/caseload", caseload.caseload, name="caseload"),
    path("team/caseload/print", caseload.caseload_print, name="caseload_print"),
    path("team/caseload/<uuid:caseload_id>", caseload.place, name="caseload_place"),
    path("team/caseload/<uuid:caseload_id>/back", caseload.back, name="caseload_back"),
    path("team/caseload/<uuid:caseload_id>/<slug:doing>", caseload.change, name="caseload_change"),
    path("team/candidate/<uuid:candidate_id>", caseload.candidate, name="caseload_candidate"),
    path("team/candidate/<uuid:candidate_id>/wait", caseload.wait, name="candidate_wait"),
    path("team/candidate/<uuid:candidate_id>/<slug:doing>", caseload.answer, name="candidate_answer"),
    path("team/<uuid:team_id>/keep", team.keep, name="team_keep"),
    path("team/<uuid:team_id>/week/<uuid:member_id>", team.week, name="team_week"),
    path("team/<uuid:team_id>/<slug:doing>", team.change, name="team_change"),
    # support and classes
    path("support", support.my_people, name="support"),
    path("support/outcomes", support.outcomes, name="support_outcomes"),
    path("person/<uuid:person_id>/support", support.begin, name="support_begin"),
    path("support/<uuid:support_id>", support.one, name="support_one"),
    path("support/<uuid:support_id>/need", support.need, name="support_need"),
    path("support/<uuid:support_id>/belongs", support.belongs, name="support_belongs"),
    path("support/<uuid:support_id>/need/<uuid:need_id>", support.need_settled, name="support_need_settled"),
    path("support/<uuid:support_id>/contact", support.contact, name="support_contact"),
    path("support/<uuid:support_id>/contact/<uuid:contact_id>", support.contact_undo, name="support_contact_undo"),
    path("support/<uuid:support_id>/offer", support.offer, name="support_offer"),
    path("support/<uuid:support_id>/offer/<uuid:offer_id>", support.offer_moved, name="support_offer_moved"),
    path("support/<uuid:support_id>/wellbeing", support.wellbeing, name="support_wellbeing"),
    path("support/<uuid:support_id>/tell", support.tell, name="support_tell"),
    path("support/<uuid:support_id>/hand", support_handing.hand, name="support_hand"),
    path("support/<uuid:support_id>/finish", support.finish, name="support_finish"),
    path("support/<uuid:support_id>/reopen", support.reopen, name="support_reopen"),
    path("classes", classes.classes, name="classes"),
    path("classes/new", classes.new_class, name="class_new"),
    path("person/<uuid:person_id>/class", classes.person_class, name="person_class"),
    path("classes/<uuid:course_id>", classes.one, name="class"),
    path("classes/<uuid:course_id>/places", classes.places, name="class_places"),
    path("classes/<uuid:course_id>/change", classes.changed, name="class_changed"),
    path("classes/<uuid:course_id>/invite", classes.invite, name="class_invite"),
    path("classes/<uuid:course_id>/place/<uuid:place_id>", classes.place_moved, name="class_place_moved"),
    path("classes/meeting/<uuid:session_id>", class_meetings.door, name="class_door"),
    path("classes/meeting/<uuid:session_id>/came", class_meetings.attended, name="class_attended"),
    path("classes/meeting/<uuid:session_id>/cancel", class_meetings.cancelled, name="class_cancelled"),
    path("classes/meeting/<uuid:session_id>/put-back", class_meetings.put_back, name="class_put_back"),
    path("classes/place/<uuid:place_id>", class_meetings.place, name="class_place"),
    path("classes/place/<uuid:place_id>/measured", class_meetings.measured, name="class_measured"),
    path("tasks", tasks.todo, name="tasks"),
    path("tasks/print", tasks.todo_print, name="tasks_print"),
    path("tasks/pack", pack.day_pack, name="tasks_pack"),
    path("tasks/new", tasks.new_task, name="task_new"),
    path("person/<uuid:person_id>/task", tasks.person_task, name="person_task"),
    path("tasks/<uuid:task_id>", task.task, name="task"),
    path("tasks/<uuid:task_id>/move", tasks.move, name="task_move"),
    path("tasks/<uuid:task_id>/undo", tasks.undo, name="task_undo"),
    path("tasks/<uuid:task_id>/take", tasks.take, name="task_take"),
    path("tasks/<uuid:task_id>/change", task.change, name="task_change"),
    path("tasks/<uuid:task_id>/hand", task.hand, name="task_hand"),
    path("tasks/<uuid:task_id>/help", task.ask_help, name="task_help"),
    path("tasks/<uuid:task_id>/remind", task.remind, name="task_remind"),
    path("tasks/<uuid:task_id>/ask/<uuid:ask_id>", task.answer, name="task_answer"),
    path("tasks/<uuid:task_id>/helped", task.say_helped, name="task_helped"),
    path("person/<uuid:person_id>/refer", refer.refer, name="refer"),
    path("referrals", referrals.referrals, name="referrals"),
    path("referrals/print", referrals.referrals_print, name="referrals_print"),
    path("referrals/table.csv", referrals.referrals_table, name="referrals_table"),
    path("referral/link/<str:token>", referral_by_link.follow, name="referral_follow"),
    path("referral/by-link", referral_by_link.answered, name="referral_by_link"),
    path("referrals/<uuid:referral_id>", referral.referral, name="referral"),
    path("referrals/<uuid:referral_id>/undo", referral.undo, name="referral_undo"),
    path("referrals/<uuid:referral_id>/unsent", referral.unsent, name="referral_unsent"),
    path("referrals/<uuid:referral_id>/link", referral.send_link, name="referral_link"),
    path("referrals/<uuid:referral_id>/message", referral.message, name="referral_message"),
    path("referrals/<uuid:referral_id>/<slug:doing>", referral.move, name="referral_move"),
    path("inbox", inbox.inbox, name="inbox"),
    path("inbox/<uuid:alert_id>", inbox.alert, name="alert"),
    path("inbox/<uuid:alert_id>/take", inbox.take, name="alert_take"),
    path("inbox/<uuid:alert_id>/done", inbox.finish, name="alert_finish"),
    path("inbox/<uuid:alert_id>/undo", inbox.undo, name="alert_undo"),
    path("inbox/<uuid:alert_id>/hand", inbox.hand, name="alert_hand"),
    path("inbox/<uuid:alert_id>/task", inbox.make_task, name="alert_task"),
    path("outbox", outbox.messages, name="outbox"),
    path("outbox/<uuid:message_id>", outbox.message, name="message"),
    path("outbox/<uuid:message_id>/letter", outbox.letter, name="message_letter"),
    path("outbox/<uuid:message_id>/posted", outbox.posted, name="message_posted"),
    path("outbox/<uuid:message_id>/withdrawn", outbox.withdraw, name="message_withdraw"),
    path("outbox/<uuid:message_id>/again", outbox.retry, name="message_retry"),
    path("outbox/<uuid:message_id>/answered", outbox.answered, name="message_answered"),
    path("person/<uuid:person_id>/message", message_writing.write, name="message_write"),
]
