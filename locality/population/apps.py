from django.apps import AppConfig


class PopulationConfig(AppConfig):
    name = "locality.population"
    verbose_name = "Who needs support, counted and found"
    default_auto_field = "django.db.models.BigAutoField"
