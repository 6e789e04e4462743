"""The ASGI application for @platformatic/python-node.

The path names a function, the body its arguments.
"""

from __future__ import annotations

import json

import bench_functions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any


async def app(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    if scope["type"] != "http":
        return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    status, answer = 200, None
    try:
        answer = getattr(bench_functions, scope["path"].strip("/"))(*json.loads(body))
    except Exception as error:  # noqa: BLE001  Whatever it is, it is told.
        status, answer = 500, f"{type(error).__name__}: {error}"
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})
