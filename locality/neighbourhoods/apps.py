from django.apps import AppConfig


class NeighbourhoodsConfig(AppConfig):
    name = "locality.neighbourhoods"
    verbose_name = "Teams at work"
    default_auto_field = "django.db.models.BigAutoField"
