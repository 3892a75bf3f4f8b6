"""The running stack that deals are played at."""

import os
import subprocess
import time
import urllib.request
from hashlib import sha256

from processes import TICKS, children, ticks


# The name of this program's own CPU among that of the others.
CLIENT = "client"


class World:
    def __init__(self, arguments):
        self.arguments = arguments
        self.gateway = ("127.0.0.1", arguments.port)
        self.sandbox = ("127.0.0.1", arguments.sandbox)
        self.stripe_key = os.environ["STRIPE_SECRET_KEY"]
        self.pids = dict(pair.split("=") for pair in arguments.pids.split(","))
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
        """CPU in seconds, by program, this one included; PostgreSQL's processes are the first one's children."""
        times = {name: ticks(pid, ended=name == "postgres") for name, pid in self.pids.items()}
        for name in ("postgres", "gateway"):
            for child in children(self.pids[name]):
                times[name] += ticks(child)
        return {name: value / TICKS for name, value in times.items()} | {CLIENT: time.process_time()}

    def used_for(self, database):
        """CPU in seconds of PostgreSQL's processes that are connected to a database."""
        pids = self.sql("postgres", f"SELECT pid FROM pg_stat_activity WHERE datname = '{database}'")
        return sum(ticks(pid) for pid in pids.split()) / TICKS

    def transactions(self):
        """How many have written until now. Parts of them that can be undone alone count, too."""
        return int(self.sql("postgres", "SELECT pg_snapshot_xmax(pg_current_snapshot())"))

    def answered(self, provider):
        """How many requests the sandbox has answered as a provider."""
        with urllib.request.urlopen("http://{}:{}/metrics".format(*self.sandbox), timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        counters = (line for line in lines if line.startswith("http_requests_total{") and f" /{provider}/" in line)
        return sum(int(line.rsplit(" ", 1)[1]) for line in counters)
