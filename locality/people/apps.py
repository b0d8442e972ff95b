from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "locality.people"
    verbose_name = "Person, patient, identifier, link"
    default_auto_field = "django.db.models.BigAutoField"
