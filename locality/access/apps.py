from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "locality.access"
    verbose_name = "Who may see what"
    default_auto_field = "django.db.models.BigAutoField"
