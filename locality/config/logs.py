"""Logs that a machine can read, without personal data: no query strings, no bodies, not the words of an error."""

import re
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# what stands after it is a secret: whoever reads the log could open it
AFTER_LINK = re.compile(r"(/link/(?:[\w-]+/)?)[^/\s]+")


def without_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Django writes the address of a page that was not found, and that of a link holds its secret."""
    event["event"] = AFTER_LINK.sub(r"\1...", str(event["event"]))
    return event


def where_it_failed(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Which error and where, without its words: they may quote what somebody typed or what a row holds."""
    raised = event.pop("exc_info", None)
    error = raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        event["error"] = type(error).__qualname__
        frames = traceback.extract_tb(error.__traceback__)
        event["where"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event


SAID_OF_ALL: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_secrets,
    where_it_failed,
]

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": SAID_OF_ALL,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "locality": {"level": "INFO"},
        # Django's own handlers mail whole requests
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}


def set_up() -> None:
    """Let structlog speak through Python's own logging, so that there is one place to turn."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SAID_OF_ALL,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
