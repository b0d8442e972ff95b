"""Every address. Each page declares what it does and to which class of row (guard.py)."""

from django.urls import path

from locality.web.find import views as find
from locality.web.home import views as home
from locality.web.person import views as person
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
    path("person/<uuid:person_id>/confirm", find.confirm_person, name="confirm_person"),
    path("person/<uuid:person_id>/open", find.open_person, name="open_person"),
    path("person/<uuid:person_id>", person.person, name="person"),
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
    path("sources", sources.sources, name="sources"),
    path("sources/<slug:code>/refused", sources.quarantine, name="quarantine"),
    path("sources/<slug:code>/retry", sources.retry, name="retry"),
    path("sources/<slug:code>/refused/<uuid:refused>", sources.quarantine_original, name="quarantine_original"),
]
