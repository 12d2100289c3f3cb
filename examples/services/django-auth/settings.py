"""Django settings for contract `auth`: no database, no templates, no sessions."""

import os

DEBUG = False
SECRET_KEY = os.environ["JWT_SECRET"]
ALLOWED_HOSTS = ["*"]  # the socket listens on 127.0.0.1 only
ROOT_URLCONF = "urls"
INSTALLED_APPS = []
MIDDLEWARE = ["observe.Observe"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024  # bytes
USE_I18N = False
# observe.py writes the log; Django's own would add a line for each 404.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"none": {"class": "logging.NullHandler"}},
    "loggers": {"django": {"handlers": ["none"], "propagate": False}},
}
