"""Every address. Each page declares what it does and to which class of row (guard.py)."""

from django.urls import path

from locality.web.access import consent
from locality.web.access import views as access
from locality.web.add import views as add
from locality.web.concern import views as concern
from locality.web.find import views as find
from locality.web.finding import runs as finding_runs
from locality.web.finding import views as finding
from locality.web.home import views as home
from locality.web.identity import apart as identity_apart
from locality.web.identity import numbers as identity_numbers
from locality.web.identity import people as identity_people
from locality.web.identity import placing as identity_placing
from locality.web.identity import quality as identity_quality
from locality.web.identity import views as identity
from locality.web.me import views as me
from locality.web.person import views as person
from locality.web.place import staff, staff_changes, staff_upload
from locality.web.place import views as place
from locality.web.privacy import views as privacy
from locality.web.sign_in import account, administer, links, sign_on
from locality.web.sign_in import views as sign_in
from locality.web.sources import views as sources

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("role", sign_in.choose_role, name="choose_role"),
    path("sign-out", sign_in.sign_out, name="sign_out"),
    path("sign-in/second-factor", sign_in.second_factor, name="second_factor"),
    path("sign-in/passkey", sign_in.with_passkey, name="with_passkey"),
    path("sign-in/with/<slug:code>", sign_on.ask, name="sign_on"),
    path("sign-in/back/<slug:code>", sign_on.back, name="sign_on_back"),
    path("sign-in/forgotten", links.forgotten, name="forgotten"),
    path("sign-in/link/<slug:purpose>/<str:token>", links.follow, name="follow_link"),
    path("sign-in/new-password", links.new_password, name="new_password"),
    path("account", account.account, name="account"),
    path("account/app", account.add_app, name="add_app"),
    path("account/app/picture", account.app_picture, name="app_picture"),
    path("account/passkey", account.add_passkey, name="add_passkey"),
    path("account/codes", account.make_codes, name="make_codes"),
    path("account/factor/<uuid:factor_id>/remove", account.remove_factor, name="remove_factor"),
    path("account/prove", account.prove, name="prove"),
    path("account/password", account.password, name="password"),
    path("account/session/end", account.end_session, name="end_session"),
    path("account/sign-out-everywhere", account.sign_out_everywhere, name="sign_out_everywhere"),
    path("account/kept", account.kept, name="kept"),
    path("account/kept/<uuid:draft_id>/send", account.send_kept, name="send_kept"),
    path("account/kept/<uuid:draft_id>/drop", account.drop_kept, name="drop_kept"),
    path("help", sign_in.help_page, name="help"),
    path("find", find.find, name="find"),
    path("add", add.add, name="add"),
    path("person/<uuid:person_id>/confirm", find.confirm_person, name="confirm_person"),
    path("person/<uuid:person_id>/open", find.open_person, name="open_person"),
    path("person/<uuid:person_id>", person.person, name="person"),
    path("person/<uuid:person_id>/break-glass", access.break_glass, name="break_glass"),
    path("person/<uuid:person_id>/break-glass/close", access.close_glass, name="close_glass"),
    path("person/<uuid:person_id>/consent", consent.consent, name="consent"),
    path("person/<uuid:person_id>/consent/objection", consent.objection, name="objection"),
    path(
        "person/<uuid:person_id>/consent/objection/<uuid:objection_id>/withdrawn",
        consent.objection_withdrawn,
        name="objection_withdrawn",
    ),
    path("person/<uuid:person_id>/consent/proxy/<uuid:proxy_id>/ended", consent.proxy_ended, name="proxy_ended"),
    path("person/<uuid:person_id>/conflict", consent.conflict, name="conflict"),
    path("my-access", access.my_access, name="my_access"),
    path("person/<uuid:person_id>/print", person.person_print, name="person_print"),
    path("person/<uuid:person_id>/timeline/<slug:chapter>", person.timeline, name="timeline"),
    path("person/<uuid:person_id>/open/<uuid:thing>", person.document, name="document"),
    path("person/<uuid:person_id>/original/<uuid:thing>", person.original, name="original"),
    path("person/<uuid:person_id>/attachment/<uuid:thing>/<int:number>", person.attachment, name="attachment"),
    path("person/<uuid:person_id>/not-theirs/<uuid:thing>", person.not_hers, name="not_hers"),
    path("person/<uuid:person_id>/theirs/<uuid:thing>", person.hers_after_all, name="hers_after_all"),
    path("person/<uuid:person_id>/concern", concern.raise_concern, name="concern_raise"),
    path("concerns", concern.mine, name="concerns"),
    path("concern/<uuid:concern_id>", concern.concern, name="concern"),
    path("concern/<uuid:concern_id>/print", concern.concern_print, name="concern_print"),
    path("concern/<uuid:concern_id>/acknowledge", concern.acknowledge, name="concern_acknowledge"),
    path("concern/<uuid:concern_id>/close", concern.close, name="concern_close"),
    path("concern/<uuid:concern_id>/withdraw", concern.withdraw, name="concern_withdraw"),
    path("person/<uuid:person_id>/nominate", finding.nominate, name="nominate"),
    path("finding", finding.people, name="finding"),
    path("finding/print", finding.people_print, name="finding_print"),
    path("finding/candidates", finding.candidates, name="finding_candidates"),
    path("finding/runs", finding_runs.runs, name="finding_runs"),
    path("finding/runs/funnel.csv", finding_runs.funnel_table, name="finding_funnel"),
    path("finding/run/<uuid:run_id>", finding_runs.run, name="finding_run"),
    path("finding/run/<uuid:run_id>/lengths.csv", finding_runs.lengths_table, name="finding_lengths"),
    path("finding/<uuid:found_id>", finding.person, name="finding_person"),
    path("finding/<uuid:found_id>/review", finding.review, name="finding_review"),
    path("finding/<uuid:found_id>/undo", finding.undo, name="finding_undo"),
    path("place", place.place, name="place"),
    path("place/neighbourhood/<slug:code>", place.neighbourhood, name="neighbourhood"),
    path("place/organisations", place.organisations, name="organisations"),
    path("place/organisation/<slug:code>", place.organisation, name="organisation"),
    path("place/team/<slug:code>", place.team, name="team"),
    path("place/practitioner/<uuid:practitioner_id>", place.practitioner, name="practitioner"),
    path("place/staff", staff.staff, name="staff"),
    path("place/staff/print", staff.staff_print, name="staff_print"),
    path("place/staff/add", staff_changes.add, name="staff_add"),
    path("place/staff/list", staff_upload.upload, name="staff_upload"),
    path("place/staff/list/refused.csv", staff_upload.refused_lines, name="staff_refused"),
    path("place/staff/<uuid:practitioner_id>", staff_changes.member, name="staff_member"),
    path("place/staff/<uuid:practitioner_id>/teams", staff_changes.move, name="staff_move"),
    path("place/staff/<uuid:practitioner_id>/roles", staff_changes.give_role, name="staff_role"),
    path("place/staff/<uuid:practitioner_id>/roles/<uuid:role_id>", staff_changes.end_role, name="staff_role_end"),
    path("place/staff/<uuid:practitioner_id>/leave", staff_changes.leave, name="staff_leave"),
    path("place/staff/<uuid:practitioner_id>/sign-in", administer.staff_sign_in, name="staff_sign_in"),
    path("place/staff/<uuid:practitioner_id>/sign-in/<slug:what>", administer.change, name="staff_sign_in_change"),
    path("place/staff/<uuid:practitioner_id>/undo", staff_changes.undo, name="staff_undo"),
    path("sources", sources.sources, name="sources"),
    path("sources/<slug:code>/refused", sources.quarantine, name="quarantine"),
    path("sources/<slug:code>/retry", sources.retry, name="retry"),
    path("sources/<slug:code>/refused/<uuid:refused>", sources.quarantine_original, name="quarantine_original"),
    path("identity", identity.queue, name="identity"),
    path("identity/print", identity.queue_print, name="identity_print"),
    path("identity/pair/<uuid:pair_id>", identity.pair, name="identity_pair"),
    path("identity/pair/<uuid:pair_id>/say", identity.say, name="identity_say"),
    path("identity/decisions", identity.decisions, name="identity_decisions"),
    path("identity/decision/<uuid:label_id>/take-back", identity.take_back, name="identity_take_back"),
    path("identity/quality", identity_quality.linkage_quality, name="linkage_quality"),
    path(
        "identity/quality/<uuid:measure>/<slug:name>.csv",
        identity_quality.linkage_quality_table,
        name="linkage_quality_table",
    ),
    path("identity/numbers", identity_numbers.corrected, name="identity_numbers"),
    path("identity/numbers/<uuid:correction>/settle", identity_numbers.settle, name="identity_number_settle"),
    path("identity/numbers/<uuid:correction>/take-back", identity_numbers.take_back, name="identity_number_back"),
    path("identity/person/<uuid:person_id>/number", identity_numbers.correct, name="identity_number"),
    path("identity/person/<uuid:person_id>/apart", identity_apart.apart, name="identity_apart"),
    path("identity/to-place", identity_placing.to_place, name="identity_to_place"),
    path("identity/to-place/<uuid:merge>/<uuid:remark>", identity_placing.place, name="identity_place"),
    path("identity/person/<uuid:person_id>", identity_people.person, name="identity_person"),
    path("identity/person/<uuid:person_id>/split", identity_people.split, name="identity_split"),
    path("identity/person/<uuid:person_id>/join", identity_people.join, name="identity_join"),
    path("me/who-looked", me.who_looked, name="me_who_looked"),
    path("me/who-looked/print", me.who_looked_print, name="me_who_looked_print"),
    path("me/who-looked/ask", me.ask, name="me_ask"),
    path("privacy", privacy.summary, name="privacy"),
    path("privacy/print", privacy.summary_print, name="privacy_print"),
    path("privacy/find", privacy.find, name="privacy_find"),
    path("privacy/person/<uuid:person_id>", privacy.of_person, name="privacy_person"),
    path("privacy/practitioner/<uuid:practitioner_id>", privacy.of_practitioner, name="privacy_practitioner"),
    path("privacy/question/<uuid:question_id>", privacy.question, name="privacy_question"),
    path("privacy/glass/<uuid:override_id>", privacy.override, name="privacy_override"),
    path("privacy/unusual/<uuid:look_id>", privacy.unusual, name="privacy_unusual"),
]
