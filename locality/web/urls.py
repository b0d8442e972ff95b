"""Every address. Each page declares what it does and to which class of row (guard.py)."""

from django.urls import path

from locality.web.access import consent
from locality.web.access import views as access
from locality.web.add import views as add
from locality.web.find import views as find
from locality.web.home import views as home
from locality.web.identity import people as identity_people
from locality.web.identity import placing as identity_placing
from locality.web.identity import quality as identity_quality
from locality.web.identity import views as identity
from locality.web.person import views as person
from locality.web.place import staff, staff_changes, staff_upload
from locality.web.place import views as place
from locality.web.sign_in import views as sign_in
from locality.web.sources import views as sources

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("role", sign_in.choose_role, name="choose_role"),
    path("sign-out", sign_in.sign_out, name="sign_out"),
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
    path("identity/to-place", identity_placing.to_place, name="identity_to_place"),
    path("identity/to-place/<uuid:merge>/<uuid:remark>", identity_placing.place, name="identity_place"),
    path("identity/person/<uuid:person_id>", identity_people.person, name="identity_person"),
    path("identity/person/<uuid:person_id>/split", identity_people.split, name="identity_split"),
    path("identity/person/<uuid:person_id>/join", identity_people.join, name="identity_join"),
]
