"""One whole deal, as its two parties ask for it over HTTP."""

import http.client
import json
import socket
import threading
import time
import urllib.parse
import uuid

from keys import api_key


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
        # How many requests it has made, and how often it looked in vain whether something had gone on.
        self.at_gateway = self.at_providers = self.looks = 0

    def call(self, party, method, path, body=None):
        headers = {"Authorization": f"Bearer {party.key}"}
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body)
        if method != "GET":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        self.at_gateway += 1
        status, answer = LINE.request(self.world.gateway, method, path, headers, data)
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status} {answer[:300]!r}")
        return json.loads(answer) if answer else None

    def at_sandbox(self, method, path, form=None, key=None):
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        if key:
            headers |= {"Authorization": f"Bearer {self.world.stripe_key}", "Idempotency-Key": str(uuid.uuid4())}
        self.at_providers += 1
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
            self.looks += 1
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
