from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "locality.journal"
    verbose_name = "What happened, and who looked"
    default_auto_field = "django.db.models.BigAutoField"
