"""What programs use of `multiprocessing.util`: finalizers and messages of the logger."""

from __future__ import annotations

import logging
from multiprocessing.util import (
    Finalize,
    ForkAwareLocal,
    ForkAwareThreadLock,
    get_temp_dir,
    is_exiting,
)

from multicore.compat.context import SUBDEBUG, SUBWARNING, get_logger, log_to_stderr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "SUBDEBUG",
    "SUBWARNING",
    "Finalize",
    "ForkAwareLocal",
    "ForkAwareThreadLock",
    "debug",
    "get_logger",
    "get_temp_dir",
    "info",
    "is_exiting",
    "log_to_stderr",
    "register_after_fork",
    "sub_debug",
    "sub_warning",
    "warn",
]


def __getattr__(name: str) -> Any:
    from multicore.compat._absent import absent

    raise absent(__name__, name)


def sub_debug(msg: str, *args: Any) -> None:
    """Log below DEBUG."""
    get_logger().log(SUBDEBUG, msg, *args, stacklevel=2)


def debug(msg: str, *args: Any) -> None:
    """Log at DEBUG."""
    get_logger().log(logging.DEBUG, msg, *args, stacklevel=2)


def info(msg: str, *args: Any) -> None:
    """Log at INFO."""
    get_logger().log(logging.INFO, msg, *args, stacklevel=2)


def warn(msg: str, *args: Any) -> None:
    """Log at WARNING."""
    get_logger().log(logging.WARNING, msg, *args, stacklevel=2)


def sub_warning(msg: str, *args: Any) -> None:
    """Log below WARNING."""
    get_logger().log(SUBWARNING, msg, *args, stacklevel=2)


def register_after_fork(obj: object, func: object) -> None:
    """Do nothing: nothing forks."""
