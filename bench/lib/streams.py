"""Opens streams of one conversation, and prints what they cost the service."""

import argparse
import json
import resource
import selectors
import socket
import time
import urllib.request


def memory(pid):
    """The service's resident memory, in kB."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


def opened(arguments):
    request = (
        f"GET /v1/messages/conversations/{arguments.conversation} HTTP/1.1\r\nHost: bench\r\n"
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


def main():
    parser = argparse.ArgumentParser()
    for name in ["port", "pid", "streams"]:
        parser.add_argument(f"--{name}", type=int, required=True)
    for name in ["key", "conversation", "recipient"]:
        parser.add_argument(f"--{name}", required=True)
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
        f"{len(streams)} idle streams: {after / 1024:.0f} MB in all (goal 250 for 10,000), "
        f"{(after - before) / len(streams):.1f} kB each"
    )

    text = f"to all at {time.time_ns()}"
    body = json.dumps({"recipient_id": arguments.recipient, "message": text}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{arguments.port}/v1/messages",
        data=body,
        headers={"Authorization": f"Bearer {arguments.key}", "Content-Type": "application/json"},
    )
    start = time.monotonic()
    urllib.request.urlopen(request).read()
    await_text(streams, text.encode(), 120)
    print(f"one message reaches all of them in {time.monotonic() - start:.1f} s; then {memory(arguments.pid) / 1024:.0f} MB")


if __name__ == "__main__":
    main()
