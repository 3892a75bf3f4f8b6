"""Times requests of each kind, one at a time, and compares them with those of the first size."""

import argparse
import json
import pathlib
import random
import time
import uuid
from hashlib import md5

from deal import LINE


def identifier(kind, number):
    return str(uuid.UUID(md5(f"{kind}{number}".encode()).hexdigest()))


def base36(number):
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + text
    return text


def cursor(number):
    """A place in the middle of a list: 2026-01-01 and so many seconds."""
    return f"{base36((1767225600 + number) * 10**6)}-{'f' * 32}"


def kinds(rows):
    """Each kind of request, as (service, method, path, body) at random."""
    some = lambda: random.randrange(51, rows)  # noqa: E731
    gig = lambda: identifier("growth", some() // 5 * 5)  # noqa: E731 # an active one
    return {
        "a gig": lambda: ("jobs", "GET", f"/api/gigs/{gig()}", None),
        "gigs": lambda: ("jobs", "GET", f"/api/gigs?status=active&limit=20&cursor={cursor(some())}", None),
        "gigs by rate": lambda: ("jobs", "GET", "/api/gigs?limit=20&min_rate_cents=5000&sort=rate_asc", None),
        "search, rare": lambda: ("jobs", "GET", "/api/gigs?limit=20&q=rarest", None),
        "search, frequent": lambda: ("jobs", "GET", "/api/gigs?limit=20&q=frequent", None),
        "apply": lambda: ("jobs", "POST", f"/api/gigs/{gig()}/apply", {"message": "I can do it"}),
        "applications": lambda: ("jobs", "GET", "/api/applications/mine?limit=20", None),
        "a contract": lambda: ("contracts", "GET", f"/api/contracts/{identifier('contract', random.randrange(1, 51))}", None),
        "contracts": lambda: ("contracts", "GET", "/api/contracts?limit=20", None),
        "negotiations": lambda: ("contracts", "GET", "/api/negotiations?limit=20", None),
        "disputes": lambda: ("contracts", "GET", "/api/disputes?limit=20", None),
        "inbox": lambda: ("notifications", "GET", "/api/notifications/inbox?limit=20", None),
        "webhooks": lambda: ("notifications", "GET", "/api/webhooks?limit=20", None),
        "conversations": lambda: ("messages", "GET", "/v1/messages/conversations?limit=20", None),
    }


def timed(arguments, ask):
    times = []
    for number in range(arguments.asks + 20):
        service, method, path, body = ask()
        headers = {"Authorization": f"Bearer {arguments.key}", "Content-Type": "application/json"}
        start = time.perf_counter()
        status, answer = LINE.request(
            ("127.0.0.1", arguments.ports[service]), method, path, headers, json.dumps(body) if body else None
        )
        # 409: the same gig came before.
        if status >= 300 and status != 409:
            raise SystemExit(f"{method} {path}: {status} {answer[:300]!r}")
        if number >= 20:
            times.append(time.perf_counter() - start)
    times.sort()
    return 1000 * times[len(times) // 2], 1000 * times[int(len(times) * 0.99)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--key", required=True)
    parser.add_argument("--ports", type=json.loads, required=True)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--asks", type=int, required=True)
    parser.add_argument("--base", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    base = json.loads(arguments.base.read_text()) if arguments.base.exists() else {}
    print(f"\n{arguments.rows:,} rows{'':12} {'p50 ms':>9} {'p99 ms':>9} {'p50 ratio':>10} {'p99 ratio':>10}")
    for name, ask in kinds(arguments.rows).items():
        p50, p99 = timed(arguments, ask)
        first = base.setdefault(name, [p50, p99])
        print(f"{name:24} {p50:9.2f} {p99:9.2f} {p50 / first[0]:10.2f} {p99 / first[1]:10.2f}", flush=True)
    arguments.base.write_text(json.dumps(base))


if __name__ == "__main__":
    main()
