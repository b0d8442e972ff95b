from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "locality.directory"
    verbose_name = "The place: organisations, teams, practitioners, sources"
    default_auto_field = "django.db.models.BigAutoField"
