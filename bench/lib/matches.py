"""Times lists of matches of people who ask for the first time, who ask again, and whose profile has just changed.

Beside the time stands how long the processors worked for a list: that says the same on a busy machine.
"""

import argparse
import hashlib
import json
import pathlib
import random
import time
import uuid
import zlib

from deal import LINE

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def account(number):
    return str(uuid.UUID(hashlib.md5(f"market{number}".encode()).hexdigest()))


def key(number):
    """A key in the form of auth's, made from the account's number."""
    text = "sk_live_" + hashlib.md5(f"key{number}".encode()).hexdigest()
    rest, check = zlib.crc32(text.encode()), ""
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        check = DIGITS[digit] + check
    return text + check


def write_keys(numbers, path):
    """Accounts and keys for auth, as SQL."""
    lines = []
    for number in numbers:
        digest = hashlib.sha256(key(number).encode()).hexdigest()
        lines.append(
            f"INSERT INTO accounts (id, user_type, plan, display_name, version, created_at, updated_at) VALUES ('{account(number)}', "
            f"'freelancer', 'custom', 'Somebody', 1, now(), now()) ON CONFLICT DO NOTHING;\n"
            f"INSERT INTO api_keys (id, account_id, prefix, display_prefix, secret_sha256, created_at) VALUES "
            f"('{uuid.uuid4()}', '{account(number)}', 'sk_live_', 'sk_live_', '\\x{digest}', now()) ON CONFLICT DO NOTHING;"
        )
    path.write_text("\n".join(lines) + "\n")


class Processors:
    """How long processors have worked for a process, and for the children of another."""

    def __init__(self, service, postmaster):
        self.service, self.postmaster = service, postmaster

    def read(self):
        """Seconds of the service, and of PostgreSQL."""
        children = pathlib.Path(f"/proc/{self.postmaster}/task/{self.postmaster}/children").read_text().split()
        return self.worked(self.service), sum(self.worked(int(child)) for child in children)

    @staticmethod
    def worked(process):
        seconds = 0.0
        for task in pathlib.Path(f"/proc/{process}/task").glob("*/schedstat"):
            try:
                seconds += int(task.read_text().split()[0]) / 1e9
            except FileNotFoundError:
                continue  # The thread has ended.
        return seconds


def timed(port, numbers, prepare=None, processors=None):
    """The median and the 99th percentile in ms, and what the processors worked in ms a list, with all that they did meanwhile."""
    times, worked = [], [0.0, 0.0]
    for number in numbers:
        headers = {"Authorization": f"Bearer {key(number)}", "Content-Type": "application/json"}
        if prepare:
            ask(port, "PUT", f"/v1/profiles/{account(number)}", headers, prepare(number))
        before = processors.read() if processors else None
        start = time.perf_counter()
        answer = ask(port, "GET", f"/v1/matches/{account(number)}?limit=20&min_score=0", headers)
        times.append(1000 * (time.perf_counter() - start))
        if processors:
            worked = [sum(parts) for parts in zip(worked, (b - a for a, b in zip(before, processors.read())))]
        if len(answer["data"]["matches"]) < 5:
            raise SystemExit(f"too few matches: {answer}")
    times.sort()
    return times[len(times) // 2], times[int(len(times) * 0.99)], [1000 * part / len(times) for part in worked]


def await_market(port, number):
    """The service shows what is stored until it has read the whole market."""
    start = time.monotonic()
    while time.monotonic() - start < 600:
        headers = {"Authorization": f"Bearer {key(number)}"}
        if ask(port, "GET", f"/v1/matches/{account(number)}?min_score=0", headers)["data"]["matches"]:
            return print(f"the market was read within {time.monotonic() - start:.0f} s")
        time.sleep(1)
    raise SystemExit("the market was not read")


def ask(port, method, path, headers, body=None):
    status, answer = LINE.request(("127.0.0.1", port), method, path, headers, json.dumps(body) if body else None)
    if status >= 300:
        raise SystemExit(f"{method} {path}: {status} {answer[:300]!r}")
    return json.loads(answer)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--people", type=int, required=True)
    parser.add_argument("--asks", type=int, required=True)
    parser.add_argument("--keys", type=pathlib.Path)
    parser.add_argument("--talent", type=int, help="the process of the talent service")
    parser.add_argument("--postmaster", type=int)
    arguments = parser.parse_args()
    numbers = random.Random(7).sample(range(1, arguments.people + 1), arguments.asks + 20)
    if arguments.keys:
        return write_keys(numbers, arguments.keys)
    warm, numbers = numbers[:20], numbers[20:]
    await_market(arguments.port, warm[0])
    timed(arguments.port, warm)
    processors = Processors(arguments.talent, arguments.postmaster)
    changed = lambda number: {"experience_years": number % 17}  # noqa: E731
    for name, prepare in [("for the first time", None), ("again", None), ("after a change of the profile", changed)]:
        p50, p99, (talent, postgres) = timed(arguments.port, numbers, prepare, processors)
        print(
            f"a person's matches {name}: p50 {p50:.1f} ms, p99 {p99:.1f} ms; "
            f"processors worked {talent:.1f} ms in talent and {postgres:.1f} ms in PostgreSQL",
            flush=True,
        )
    return None


if __name__ == "__main__":
    main()
