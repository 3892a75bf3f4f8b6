"""Plays whole deals at a running stack, many at a time, and prints what each step and each service takes."""

import argparse
import http.client
import json
import os
import socket
import subprocess
import threading
import time
import urllib.parse
import uuid
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import databases
from keys import api_key
from processes import TICKS, children, ticks


class Line(threading.local):
    """This thread's open connections, by address."""

    def __init__(self):
        self.open = {}

    def request(self, address, method, path, headers, body):
        for attempt in range(2):
            if address not in self.open:
                connection = http.client.HTTPConnection(*address, timeout=30)
                connection.connect()
                connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.open[address] = connection
            connection = self.open[address]
            try:
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                return answer.status, answer.read()
            except (http.client.HTTPException, OSError):
                # The other side had closed an idle connection.
                connection.close()
                del self.open[address]
                if attempt:
                    raise
        raise AssertionError


LINE = Line()


class Party:
    def __init__(self, kind):
        self.kind, self.id, self.key = kind, str(uuid.uuid4()), api_key()


class Deal:
    """One deal between two new accounts. Each step is a method; the order is that of `STEPS`."""

    def __init__(self, world):
        self.world = world
        self.client, self.worker = Party("client"), Party("freelancer")
        self.facts = {}

    def call(self, party, method, path, body=None):
        headers = {"Authorization": f"Bearer {party.key}"}
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body)
        if method != "GET":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        status, answer = LINE.request(self.world.gateway, method, path, headers, data)
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status} {answer[:300]!r}")
        return json.loads(answer) if answer else None

    def at_sandbox(self, method, path, form=None, key=None):
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        if key:
            headers |= {"Authorization": f"Bearer {self.world.stripe_key}", "Idempotency-Key": str(uuid.uuid4())}
        status, answer = LINE.request(
            self.world.sandbox, method, path, headers, urllib.parse.urlencode(form) if form else None
        )
        if status >= 400:
            raise RuntimeError(f"{method} {path}: {status} {answer[:300]!r}")

    def awaits(self, wanted):
        """Reads the contract until it has a status."""
        end = time.monotonic() + 60
        while True:
            contract = self.call(self.client, "GET", f"/api/contracts/{self.facts['contract']}")
            if contract["status"] == wanted:
                return contract
            if time.monotonic() > end:
                raise RuntimeError(f"the contract did not become {wanted} but is {contract['status']}")
            self.world.polls += 1
            time.sleep(0.02)

    def channel(self):
        for party in (self.client, self.worker):
            chat = str(uuid.uuid4().int % 10**9)
            self.call(
                party, "POST", "/api/notifications", {"channel_type": "telegram", "config": {"chat_id": chat}}
            )

    def post(self):
        gig = self.call(
            self.client, "POST", "/api/gigs",
            {"title": "Write a TOML parser", "description": "A small, fast one.", "scope": "Parser and tests",
             "rate_cents": 5000},
        )
        self.facts["gig"] = gig["id"]

    def publish(self):
        self.call(self.client, "PATCH", f"/api/gigs/{self.facts['gig']}", {"status": "active"})

    def look(self):
        self.call(self.worker, "GET", "/api/gigs?status=active&limit=20")
        self.call(self.worker, "GET", f"/api/gigs/{self.facts['gig']}")

    def apply(self):
        made = self.call(
            self.worker, "POST", f"/api/gigs/{self.facts['gig']}/apply", {"message": "I have written three."}
        )
        self.facts["application"] = made["id"]

    def applicants(self):
        self.call(self.client, "GET", f"/api/gigs/{self.facts['gig']}/applications")

    def shortlist(self):
        path = f"/api/gigs/{self.facts['gig']}/applications/{self.facts['application']}"
        self.call(self.client, "PATCH", path, {"status": "shortlisted"})

    def negotiate(self):
        made = self.call(
            self.client, "POST", "/api/negotiate",
            {"gig_id": self.facts["gig"], "worker_user_id": self.worker.id, "rate_cents": 5000, "hours_per_week": 10,
             "payout_delay_days": 3},
        )
        self.facts["negotiation"] = made["id"]

    def counter(self):
        self.call(self.worker, "POST", f"/api/negotiations/{self.facts['negotiation']}/round", {"rate_cents": 5500})

    def agree(self):
        made = self.call(
            self.client, "POST", f"/api/negotiations/{self.facts['negotiation']}/agree", {"round_number": 2}
        )
        self.facts["contract"] = made["contract_id"]

    def approve(self):
        for party in (self.client, self.worker):
            self.call(party, "POST", f"/api/contracts/{self.facts['contract']}/approve")

    def onboard(self):
        link = self.call(self.worker, "GET", f"/api/contracts/{self.facts['contract']}/connect-link")["url"]
        self.at_sandbox("GET", link.split(f":{self.world.sandbox[1]}", 1)[1])

    def onboarded(self):
        contract = self.awaits("pending_client_funding")
        self.facts["milestone"] = contract["milestones"][0]["id"]

    def milestone(self, action, party, body=None):
        path = f"/api/contracts/{self.facts['contract']}/milestones/{self.facts['milestone']}/{action}"
        return self.call(party, "POST", path, body)

    def fund(self):
        self.facts["intent"] = self.milestone("fund", self.client)["payment_intent_id"]

    def pay(self):
        path = f"/stripe/v1/payment_intents/{self.facts['intent']}/confirm"
        self.at_sandbox("POST", path, {"payment_method": "pm_card_visa"}, key=True)

    def paid(self):
        self.awaits("active")

    def deliver(self):
        self.milestone("deliver", self.worker, {"note": "Done, with tests.", "url": "https://example.com/toml"})

    def release(self):
        self.milestone("release", self.client)

    def read(self):
        self.call(self.client, "GET", f"/api/contracts/{self.facts['contract']}")
        self.call(self.worker, "GET", "/api/contracts?limit=20")
        self.call(self.worker, "GET", "/api/notifications/inbox?limit=20")

    STEPS = [
        channel, post, publish, look, apply, applicants, shortlist, negotiate, counter, agree, approve, onboard,
        onboarded, fund, pay, paid, deliver, release, read,
    ]


class World:
    def __init__(self, arguments):
        self.arguments = arguments
        self.gateway = ("127.0.0.1", arguments.port)
        self.sandbox = ("127.0.0.1", arguments.sandbox)
        self.stripe_key = os.environ["STRIPE_SECRET_KEY"]
        self.pids = dict(pair.split("=") for pair in arguments.pids.split(","))
        self.polls = 0
        self.databases = {}

    def sql(self, database, text):
        """Runs one statement over a connection that stays, since new ones cost more than what is asked."""
        if database not in self.databases:
            self.databases[database] = subprocess.Popen(
                ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            )
        asked = self.databases[database]
        asked.stdin.write(text + ";\n\\echo .\n")
        asked.stdin.flush()
        lines = []
        for line in asked.stdout:
            if line == ".\n":
                return "".join(lines).strip()
            lines.append(line)
        raise SystemExit("psql ended")

    def register(self, deals):
        """Both parties of each deal, with a key each and without limits, as if they had signed in long ago."""
        accounts, keys = [], []
        for party in (party for deal in deals for party in (deal.client, deal.worker)):
            digest = sha256(party.key.encode()).hexdigest()
            accounts.append(f"('{party.id}', '{party.kind}', 'custom', 'Somebody', 1, now(), now())")
            keys.append(
                f"(gen_random_uuid(), '{party.id}', 'cc_live_', '{party.key[:12]}', 'bench', '\\x{digest}', now(),"
                " now() + interval '90 days')"
            )
        self.sql(
            "guildhall_auth",
            "INSERT INTO accounts (id, user_type, plan, display_name, version, created_at, updated_at) VALUES "
            + ",".join(accounts)
            + "; INSERT INTO api_keys (id, account_id, prefix, display_prefix, name, secret_sha256, created_at, expires_at)"
            + " VALUES " + ",".join(keys),
        )

    def settled(self):
        """Waits until nothing is left to be told or delivered."""
        end = time.monotonic() + 120
        while time.monotonic() < end:
            waiting = sum(
                int(self.sql(f"guildhall_{name}", "SELECT count(*) FROM outbox"))
                for name in ("auth", "talent", "jobs", "contracts", "payments")
            ) + int(self.sql("guildhall_notifications", "SELECT count(*) FROM pending_deliveries"))
            if waiting == 0:
                return
            time.sleep(0.1)
        raise SystemExit(f"{waiting} events are still not delivered")

    def used(self):
        """CPU in seconds, by program; PostgreSQL's processes are the first one's children."""
        times = {name: ticks(pid, ended=name == "postgres") for name, pid in self.pids.items()}
        for name in ("postgres", "gateway"):
            for child in children(self.pids[name]):
                times[name] += ticks(child)
        return {name: value / TICKS for name, value in times.items()}


def timed(step, deal, times):
    start = time.monotonic()
    step(deal)
    times.setdefault(step.__name__, []).append(time.monotonic() - start)


def row(name, values):
    print(f"{name:12}" + "".join(f"{value:>10}" for value in values), flush=True)


def by_step(world, pool, count):
    """All deals take a step before any takes the next. What a step sets off is counted with it."""
    deals = [Deal(world) for _ in range(count)]
    world.register(deals)
    names = sorted(world.pids)
    row("CPU, ms", ["p50 ms", "p99 ms", "all"] + names)
    sums = dict.fromkeys(names, 0.0)
    for step in Deal.STEPS:
        before, times = world.used(), {}
        list(pool.map(lambda deal, step=step, times=times: timed(step, deal, times), deals))
        world.settled()
        after = world.used()
        taken = {name: after[name] - before[name] for name in names}
        for name in names:
            sums[name] += taken[name]
        latencies = sorted(times[step.__name__])
        row(
            step.__name__,
            [f"{1000 * latencies[int(len(latencies) * share)]:.1f}" for share in (0.5, 0.99)]
            + [f"{1000 * sum(taken.values()) / count:.2f}"]
            + [f"{1000 * taken[name] / count:.2f}" for name in names],
        )
    total = sum(sums.values())
    row("a deal", ["", "", f"{1000 * total / count:.1f}"] + [f"{1000 * sums[name] / count:.1f}" for name in names])


def together(world, pool, seconds, count):
    """Deals at all stages at once."""
    deals = [Deal(world) for _ in range(count)]
    world.register(deals)
    end = time.monotonic() + seconds
    done = []

    def play(deal):
        if time.monotonic() > end:
            return
        for step in Deal.STEPS:
            step(deal)
        done.append(time.monotonic())

    before, start, world.polls = world.used(), time.monotonic(), 0
    list(pool.map(play, deals))
    length = time.monotonic() - start
    asked = time.monotonic()
    world.settled()
    after = world.used()
    taken = {name: after[name] - before[name] for name in before}
    print(
        f"{len(done)} deals in {length:.1f} s: {len(done) / length:.1f} deals/s, and {time.monotonic() - asked:.1f} s until "
        f"all was delivered; {1000 * sum(taken.values()) / max(1, len(done)):.1f} ms of CPU each, "
        f"{sum(taken.values()) / length:.2f} cores; {world.polls / max(1, len(done)):.1f} looks in vain"
    )
    row("CPU, ms", sorted(taken))
    row("", [f"{1000 * taken[name] / max(1, len(done)):.2f}" for name in sorted(taken)])
    return len(done)


def main():
    parser = argparse.ArgumentParser()
    for name in ["port", "sandbox", "workers", "deals", "seconds"]:
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--pids", required=True)
    parser.add_argument("--statements", action="store_true")
    world = World(arguments := parser.parse_args())
    with ThreadPoolExecutor(arguments.workers) as pool:
        # The first deals fill caches and prepare statements.
        for deal in (warm := [Deal(world) for _ in range(arguments.workers)]):
            deal.world = world
        world.register(warm)
        list(pool.map(lambda deal: [step(deal) for step in Deal.STEPS], warm))
        world.settled()
        if arguments.deals:
            databases.measured(world, arguments.deals, lambda: by_step(world, pool, arguments.deals))
        if arguments.seconds:
            databases.measured(world, None, lambda: together(world, pool, arguments.seconds, arguments.seconds * 150))


if __name__ == "__main__":
    main()
