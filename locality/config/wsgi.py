"""What the web server runs: `granian --interface wsgi locality.config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "locality.config.settings")
application = get_wsgi_application()

from locality.config import serving  # noqa: E402 -- its checks need the settings above

serving.close_the_pages()
serving.ready()
serving.settle_in()
