"""The ASGI application for @platformatic/python-node: the path names a function, the body its arguments."""

import json

import bench_functions


async def app(scope, receive, send):
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
    except Exception as error:
        status, answer = 500, f"{type(error).__name__}: {error}"
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})
