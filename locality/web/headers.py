"""Headers that every answer carries, files and errors included."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# nothing here needs a camera, a place or a payment; a passkey is asked for by our own pages alone
POLICY = ", ".join(
    [
        *(f"{one}=()" for one in ("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media")),
        *(f"{one}=()" for one in ("fullscreen", "geolocation", "gyroscope", "magnetometer", "microphone", "midi")),
        *(f"{one}=()" for one in ("payment", "usb", "xr-spatial-tracking", "browsing-topics")),
        *(f"{one}=(self)" for one in ("publickey-credentials-get", "publickey-credentials-create")),
    ]
)


class Headers:
    """Middleware: no other site may take our answers in, and no browser keeps what does not say that it may."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Permissions-Policy", POLICY)
        response.setdefault("Cache-Control", "no-store")
        return response
