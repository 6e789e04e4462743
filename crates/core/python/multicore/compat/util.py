"""What programs use of `multiprocessing.util`: finalizers and messages of the logger."""

from __future__ import annotations

import logging
from multiprocessing.util import Finalize

from multicore.compat.context import SUBDEBUG, SUBWARNING, get_logger, log_to_stderr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "SUBDEBUG",
    "SUBWARNING",
    "Finalize",
    "debug",
    "get_logger",
    "info",
    "log_to_stderr",
    "register_after_fork",
    "sub_debug",
    "sub_warning",
]


def sub_debug(msg: str, *args: Any) -> None:
    """Log below DEBUG."""
    get_logger().log(SUBDEBUG, msg, *args, stacklevel=2)


def debug(msg: str, *args: Any) -> None:
    """Log at DEBUG."""
    get_logger().log(logging.DEBUG, msg, *args, stacklevel=2)


def info(msg: str, *args: Any) -> None:
    """Log at INFO."""
    get_logger().log(logging.INFO, msg, *args, stacklevel=2)


def sub_warning(msg: str, *args: Any) -> None:
    """Log below WARNING."""
    get_logger().log(SUBWARNING, msg, *args, stacklevel=2)


def register_after_fork(obj: object, func: object) -> None:
    """Do nothing: nothing forks."""
