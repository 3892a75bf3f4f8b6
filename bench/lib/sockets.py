"""Opens sockets of the chat over WebSocket, and prints what they cost the service."""

import argparse
import json
import resource
import socket
import time
import urllib.request

from streams import await_text, memory

PER_ACCOUNT = 500
HANDSHAKE = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def masked(text):
    """One frame of text, under a mask of zeros."""
    return bytes([0x81, 0x80 | len(text)]) + bytes(4) + text


def opened(port):
    line = socket.create_connection(("127.0.0.1", port))
    line.sendall(HANDSHAKE)
    return line


def main():
    parser = argparse.ArgumentParser()
    for name in ["port", "pid", "sockets"]:
        parser.add_argument(f"--{name}", type=int, required=True)
    for name in ["keys", "key", "recipient"]:
        parser.add_argument(f"--{name}", required=True)
    arguments = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

    before = memory(arguments.pid)
    sockets = []
    with open(arguments.keys) as keys:
        all_keys = keys.read().split()
    beaten = time.monotonic()
    while len(sockets) < arguments.sockets:
        # The server pings after 25 s; an answer beforehand counts as well.
        if time.monotonic() - beaten > 10:
            beaten = time.monotonic()
            for line in sockets:
                line.sendall(masked(b"3"))
        key = all_keys[len(sockets) // PER_ACCOUNT]
        batch = [opened(arguments.port) for _ in range(min(100, arguments.sockets - len(sockets)))]
        await_text(batch, b'"sid"', 60)
        for line in batch:
            line.sendall(masked(b'40{"token":"' + key.encode() + b'"}'))
        await_text(batch, b'40{"sid"', 60)
        sockets += batch
    for line in sockets:
        line.sendall(masked(b"3"))
    time.sleep(5)
    after = memory(arguments.pid)
    print(
        f"{len(sockets)} idle sockets: {after / 1024:.0f} MB in all, {(after - before) / len(sockets):.1f} kB each"
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
    of_recipient = sockets[:PER_ACCOUNT]
    await_text(of_recipient, text.encode(), 60)
    print(f"one message reaches {len(of_recipient)} sockets of the recipient in {time.monotonic() - start:.2f} s")


if __name__ == "__main__":
    main()
