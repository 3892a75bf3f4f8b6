"""Opens pages as people do who have deals, and prints what each takes on top of its API calls, and what it weighs."""

import argparse
import datetime
import http.client
import http.cookies
import json
import pathlib
import re
import statistics
import time
import urllib.parse

from processes import TICKS, ticks

MOST_MS, MOST_BYTES = 50, 60_000
# Two of the market that `make seed` makes. The seed is the same every time.
CLIENT, WORKER = "mara-lindqvist", "ada-novak"
# What each opens, and links that lead on from there: the first of the kind that the page has.
OPENED = {
    CLIENT: ["/", "/deals", "/deals?show=waiting", "/gigs", "/gigs/mine", "/people", "/messages", "/disputes", "/settings",
             "/build", "/keys", "/webhooks", "/channels"],
    WORKER: ["/", "/deals", "/applications", "/earnings", "/gigs?q=invoices"],
}
LINKS = [("/deals", r"/(?:contracts|negotiations)/[0-9a-f-]{36}"), ("/gigs", r"/gigs/[0-9a-f-]{36}"),
         ("/gigs/mine", r"/gigs/[0-9a-f-]{36}/applicants"), ("/people", r"/people/[0-9a-f-]{36}"),
         ("/messages", r"/messages/[^\"/?]{20,}")]


class Browser:
    def __init__(self, port):
        self.address, self.cookies = ("127.0.0.1", port), {}

    def get(self, url, **headers):
        """The answer and its text. Cookies are kept; redirects are not followed."""
        parts = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or self.address[0], parts.port or self.address[1], timeout=60)
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request("GET", urllib.parse.urlunsplit(("", "", parts.path, parts.query, "")), None, headers)
        answer = connection.getresponse()
        text = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, cookie in http.cookies.SimpleCookie(line).items():
                self.cookies[name] = cookie.value
        connection.close()
        return answer, text

    def sign_in(self, login):
        """At the sandbox's GitHub, by the API."""
        at_sandbox = self.get("/api/session/github")[0].headers["Location"]
        back = self.get(f"{at_sandbox}&login={login}")[0].headers["Location"]
        self.get(back)
        assert "guildhall_session" in self.cookies, f"{login} cannot sign in"


def logged(path, start):
    """The requests in a log, from a byte on, with when each began and ended, in seconds."""
    with open(path, "rb") as file:
        file.seek(start)
        for line in file:
            if not line.endswith(b"\n") or b'"message":"request"' not in line:
                continue
            request = json.loads(line)
            end = datetime.datetime.fromisoformat(request["time"].replace("Z", "+00:00")).timestamp()
            yield request, end - request["duration_us"] / 1e6, end


def covered(spans):
    """How long at least one of them lasted, in seconds, whatever they overlap."""
    total, until = 0.0, 0.0
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, until))
        until = max(until, end)
    return total


def measure(arguments, browser, person, path):
    """Opens a page again and again: what each time took in all and on top of its API calls, and how large it is."""
    logs = [log for log in pathlib.Path(arguments.logs).glob("*.log") if log.stem not in ("sandbox", "gateway", "web")]
    starts = {log: log.stat().st_size for log in logs}
    own = pathlib.Path(arguments.logs) / "web.log"
    start, names, size = own.stat().st_size, [], 0
    for number in range(arguments.times + 2):
        names.append(f"pages-{person}-{number}-{time.monotonic_ns()}")
        answer, text = browser.get(path, **{"X-Request-Id": names[-1]})
        assert answer.status == 200, f"{path}: {answer.status}"
        size = max(size, len(text))
    while True:
        seen = {request["request_id"]: (began, ended) for request, began, ended in logged(own, start)}
        if all(name in seen for name in names):
            break
        time.sleep(0.05)
    # What services write at the end of a request may be some moments late, too.
    time.sleep(0.2)
    calls = [(began, ended) for log in logs for request, began, ended in logged(log, starts[log])
             if not request["path"].startswith("/internal/")]
    all_of_it, on_top, count = [], [], 0
    # The first two only warm up.
    for name in names[2:]:
        began, ended = seen[name]
        inside = [(max(a, began), min(b, ended)) for a, b in calls if a < ended and b > began]
        all_of_it.append((ended - began) * 1e3)
        on_top.append((ended - began - covered(inside)) * 1e3)
        count = max(count, len(inside))
    return all_of_it, on_top, count, size


def found(browser, path, pattern):
    match = re.search(f'href="({pattern})"', browser.get(path)[1].decode())
    return [match[1]] if match else []


def main():
    parser = argparse.ArgumentParser()
    for name in ("--gateway", "--web", "--pid", "--times"):
        parser.add_argument(name, type=int, required=True)
    parser.add_argument("--logs", required=True)
    arguments = parser.parse_args()
    print(f"{'page':44} calls   all ms  on top: median ms    p95 ms  bytes")
    missed, opened, before = False, 0, ticks(arguments.pid)
    for login, paths in OPENED.items():
        browser = Browser(arguments.gateway)
        browser.sign_in(login)
        # Straight at the service, as the calls are.
        browser.address = ("127.0.0.1", arguments.web)
        for path in paths + [link for page, pattern in LINKS if page in paths for link in found(browser, page, pattern)]:
            whole, on_top, count, size = measure(arguments, browser, login, path)
            opened += len(whole) + 2
            median, late = statistics.median(on_top), sorted(on_top)[int(len(on_top) * 0.95)]
            shown = re.sub("[0-9a-f-]{36}", "…", f"{login.split('-')[0]} {path}")
            print(f"{shown:44} {count:5} {statistics.median(whole):8.1f} {median:18.1f} {late:9.1f} {size:6}")
            missed = missed or median > MOST_MS or size > MOST_BYTES
    used = (ticks(arguments.pid) - before) / TICKS / opened * 1e3
    print(f"{opened} pages took web {used:.1f} ms of CPU each. Goal: {MOST_MS} ms on top, {MOST_BYTES} bytes")
    raise SystemExit(1 if missed else 0)


main()
