"""The WSGI application. Django knows bodies with a Content-Length only; a chunked one is given its length here."""

import io
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

from django.conf import settings  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402

django = get_wsgi_application()


def application(environ, start_response):
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", ""):
        # One byte more than allowed is enough for Django to refuse it.
        body = environ["wsgi.input"].read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
    return django(environ, start_response)
