"""Every address. Each page declares what it does and to which class of row (guard.py)."""

from django.urls import path

from locality.web.find import views as find
from locality.web.sign_in import views as sign_in

urlpatterns = [
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("role", sign_in.choose_role, name="choose_role"),
    path("sign-out", sign_in.sign_out, name="sign_out"),
    path("help", sign_in.help_page, name="help"),
    path("find", find.find, name="find"),
    path("person/<uuid:person_id>/confirm", find.confirm_person, name="confirm_person"),
    path("person/<uuid:person_id>/open", find.open_person, name="open_person"),
]
