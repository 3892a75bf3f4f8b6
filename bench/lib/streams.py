"""Opens streams of one conversation, or of one account's events, and prints what they cost their service."""

import argparse
import http.client
import json
import os
import resource
import selectors
import socket
import time

from events import event_told
from tokens import service_token


def memory(pid, kind="Rss"):
    """The service's resident memory, in kB, or the part of it that it shares with nobody (`Private_Dirty`)."""
    with open(f"/proc/{pid}/smaps_rollup") as parts:
        return next(int(line.split()[1]) for line in parts if line.startswith(f"{kind}:"))


def opened(arguments):
    path = f"/v1/messages/conversations/{arguments.conversation}" if arguments.conversation else "/api/events/stream"
    request = (
        f"GET {path} HTTP/1.1\r\nHost: bench\r\n"
        f"Accept: text/event-stream\r\nAuthorization: Bearer {arguments.key}\r\n\r\n"
    ).encode()
    stream = socket.create_connection(("127.0.0.1", arguments.port))
    stream.sendall(request)
    return stream


def await_text(streams, text, limit):
    """Waits until each stream has sent the text."""
    waiting = selectors.DefaultSelector()
    seen = {}
    for stream in streams:
        waiting.register(stream, selectors.EVENT_READ)
        seen[stream] = b""
    end = time.monotonic() + limit
    while seen:
        if time.monotonic() > end:
            raise SystemExit(f"{len(seen)} streams did not get {text!r} within {limit} s")
        for key, _ in waiting.select(1):
            piece = key.fileobj.recv(65536)
            seen[key.fileobj] += piece
            if not piece:
                raise SystemExit(f"a stream has ended: {seen[key.fileobj]!r}")
            if text in seen[key.fileobj]:
                waiting.unregister(key.fileobj)
                del seen[key.fileobj]


def tell(arguments, text):
    """Has something happened that every stream shows."""
    if arguments.conversation:
        path, token = "/v1/messages", arguments.key
        body = {"recipient_id": arguments.recipient, "message": text}
    else:
        path, token = "/internal/events", service_token(os.environ["SERVICE_SECRET"])
        body = {"events": [event_told(arguments.recipient, text)]}
    connection = http.client.HTTPConnection("127.0.0.1", arguments.port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request("POST", path, json.dumps(body), headers)
    answer = connection.getresponse()
    if answer.status >= 300:
        raise SystemExit(f"{path}: {answer.status} {answer.read()[:300]}")


def main():
    parser = argparse.ArgumentParser()
    for name in ["port", "pid", "streams", "goal"]:
        parser.add_argument(f"--{name}", type=int, required=True)
    for name in ["key", "recipient"]:
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--conversation", help="the account's own events without")
    arguments = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

    before = memory(arguments.pid)
    streams = []
    while len(streams) < arguments.streams:
        batch = [opened(arguments) for _ in range(min(200, arguments.streams - len(streams)))]
        await_text(batch, b": still here\n\n", 60)
        streams += batch
    time.sleep(5)
    after = memory(arguments.pid)
    print(
        f"{len(streams)} idle streams: {after / 1024:.0f} MB in all (goal {arguments.goal}), of them "
        f"{memory(arguments.pid, 'Private_Dirty') / 1024:.0f} private; {before / 1024:.0f} before; "
        f"{(after - before) / len(streams):.1f} kB each"
    )

    text = f"to all at {time.time_ns()}"
    start = time.monotonic()
    tell(arguments, text)
    await_text(streams, text.encode(), 120)
    print(f"what happens reaches all of them in {time.monotonic() - start:.1f} s; then {memory(arguments.pid) / 1024:.0f} MB")
    holds = after / 1024 <= arguments.goal
    print(f"{len(streams):,} idle streams in {arguments.goal} MB: {'holds' if holds else 'MISSED'}")
    raise SystemExit(not holds)


if __name__ == "__main__":
    main()
