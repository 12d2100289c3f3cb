"""Routes of contract `auth`, and the handlers of Django's own errors."""

import os

from django.urls import path, register_converter

import views


class UserId:
    """An id in ASCII digits; anything else is None, so that the route still matches and answers 404 itself.

    The built-in `int` converter leaves "abc" to no route at all.
    """

    regex = "[^/]+"

    def to_python(self, value):
        return int(value) if value.isascii() and value.isdigit() else None

    def to_url(self, value):
        return str(value)


register_converter(UserId, "user_id")

urlpatterns = [
    path("healthz", views.Health.as_view()),
    path("readyz", views.Ready.as_view()),
    path("metrics", views.Metrics.as_view()),
    path("auth", views.Login.as_view()),
    path("user/<user_id:id>", views.PublicUser.as_view()),
    path("api/users/<user_id:id>", views.User.as_view()),
]
if os.environ.get("FAULTS") == "1":
    urlpatterns += [path("_fault/panic", views.Panic.as_view()), path("_fault/slow", views.Slow.as_view())]

handler400 = views.bad_request
handler404 = views.not_found
handler500 = views.internal_error
