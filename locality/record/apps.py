from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "locality.record"
    verbose_name = "What the sources sent"
    default_auto_field = "django.db.models.BigAutoField"
