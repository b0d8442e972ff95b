from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "locality.web"
    verbose_name = "The pages"
