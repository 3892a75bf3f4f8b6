"""Loads the notifications service with events, takes the deliveries, and prints rates and times beside their goals.

Called by bench/events. Events come in as other services hand them over; webhooks are made over the API.
"""

import argparse
import datetime
import http.client
import json
import multiprocessing
import os
import subprocess
import sys
import time
import urllib.parse
import uuid

from processes import TICKS, children, ticks
from receivers import receive
from tokens import service_token


def uuid7():
    number = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    number = number & ~(0xF << 76) | 7 << 76
    return str(uuid.UUID(int=number & ~(3 << 62) | 2 << 62))


def event_told(owner, title, aggregate=None, sequence=1):
    """An event about a gig of `owner`, as the service of jobs tells it."""
    aggregate = aggregate or uuid7()
    now = datetime.datetime.now(datetime.timezone.utc)
    return {
        "id": uuid7(), "name": "gig.updated", "aggregate": aggregate, "sequence": sequence,
        "recipients": [owner], "at": now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "request_id": None,
        "data": {"id": aggregate, "title": title, "status": "active", "rate_cents": 5500,
                 "description": "Reads invoices from PDF files and writes JSON. " * 8},
    }


def quantile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] if values else float("nan")


class Bench:
    def __init__(self, arguments):
        self.arguments = arguments
        self.pipe, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=receive, args=(theirs,), daemon=True)
        self.process.start()
        self.receiver = self.pipe.recv()
        self.connection = None
        self.failures = []
        self.pids = dict(pair.split("=") for pair in arguments.pids.split(",") if pair)

    def cpu(self):
        """What each program has used until now, in µs."""
        used = {}
        for name, pid in self.pids.items():
            pids = [pid, *children(pid)] if name == "postgres" else [pid]
            used[name] = sum(ticks(one, ended=one == pid and name == "postgres") for one in pids) * 1e6 / TICKS
        return used

    def show_cpu(self, before, deliveries):
        time.sleep(1.5)  # what is still stored, belongs to it
        figures = ", ".join(f"{name} {(used - before[name]) / deliveries:,.0f}" for name, used in self.cpu().items())
        print(f"  µs of CPU a delivery: {figures}", flush=True)

    # What arrived, what is in the database

    def arrived(self):
        self.pipe.send(None)
        return self.pipe.recv()

    def sql(self, statement, database="guildhall_notifications"):
        command = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database]
        return subprocess.run(command + ["-c", statement], check=True, capture_output=True, text=True).stdout.strip()

    def api(self, method, path, body, idempotent=True):
        connection = http.client.HTTPConnection("127.0.0.1", self.arguments.port, timeout=10)
        headers = {"Authorization": f"Bearer {self.arguments.key}", "Content-Type": "application/json"}
        connection.request(method, path, json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {text[:300]}")
        return json.loads(text)

    def register(self, owner, kind, count=1):
        """Webhooks of a made-up account: each is made by ours, and then given to it."""
        made = []
        for number in range(count):
            url = f"http://127.0.0.1:{self.receiver}/{kind}/{owner}/{number}"
            made.append(self.api("POST", "/api/webhooks", {"url": url, "events": ["gig.updated"]})["id"])
            # An account may have twenty.
            if len(made) == 20 or number == count - 1:
                ids = ", ".join(f"'{id}'" for id in made)
                self.sql("; ".join(f"UPDATE {table} SET owner_id = '{owner}' WHERE id IN ({ids})" for table in ("webhooks", "lines")))
                made = []
        return owner

    # Events

    def post(self, events):
        """Hands events over, as a relay does: until they are taken."""
        body = json.dumps({"events": events})
        while True:
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.arguments.service, timeout=10)
                headers = {
                    "Authorization": f"Bearer {service_token(self.arguments.secret)}",
                    "Content-Type": "application/json",
                }
                self.connection.request("POST", "/internal/events", body, headers)
                answer = self.connection.getresponse()
                text = answer.read()
                if answer.status == 204:
                    return
                if answer.status < 500:
                    raise SystemExit(f"events were refused: {answer.status} {text[:300]}")
            except (OSError, http.client.HTTPException):
                pass
            self.connection = None
            time.sleep(0.05)

    @staticmethod
    def event(owner, aggregate, sequence):
        return event_told(owner, "A parser for invoices", aggregate, sequence)

    def steadily(self, owners, rate, seconds):
        """Hands over `rate` events a second to each of the owners in turn."""
        begin, sent = time.time(), 0
        while (passed := time.time() - begin) < seconds:
            due = int(passed * rate) - sent
            if due > 0:
                batch = [self.event(owners[(sent + n) % len(owners)], uuid7(), 1) for n in range(min(due, 100))]
                self.post(batch)
                sent += len(batch)
            time.sleep(0.002)
        return sent

    def at_once(self, owners, count):
        for start in range(0, count, 100):
            self.post([self.event(owners[n % len(owners)], uuid7(), 1) for n in range(start, min(start + 100, count))])

    def await_arrivals(self, count, seconds, arrivals=None):
        arrivals = arrivals if arrivals is not None else []
        end = time.time() + seconds
        while len(arrivals) < count and time.time() < end:
            time.sleep(0.05)
            arrivals += self.arrived()
        return arrivals

    @staticmethod
    def delays(arrivals):
        seen, delays = set(), []
        for path, at, body in arrivals:
            event = json.loads(body)
            if (path, event["id"]) not in seen:
                seen.add((path, event["id"]))
                told = datetime.datetime.fromisoformat(event["timestamp"].replace("Z", "+00:00")).timestamp()
                delays.append(at - told)
        return delays

    # Figures

    def show(self, name, figure, goal, holds):
        print(f"{name:<46} {figure:<34} goal {goal:<22} {'holds' if holds else 'MISSED'}", flush=True)
        if not holds:
            self.failures.append(name)

    def rate(self, name, owners, hooks, deliveries):
        """Deliveries a second, from the first to the last that arrives, with all events already there."""
        self.arrived()
        before = self.cpu()
        self.at_once(owners, deliveries // hooks)
        arrivals = self.await_arrivals(deliveries // hooks * hooks, 120)
        if len(arrivals) < deliveries // hooks * hooks:
            raise SystemExit(f"{name}: only {len(arrivals)} of {deliveries} arrived")
        times = [at for _, at, _ in arrivals]
        rate = len(times) / max(times[-1] - times[0], 0.001)
        self.show(name, f"{rate:,.0f} deliveries/s of {len(times):,}", "2,000/s", rate >= 2000)
        self.show_cpu(before, len(times))

    def latency(self, name, owners, seconds, rate=500, quiet=False):
        self.arrived()
        before = self.cpu()
        sent = self.steadily(owners, rate, seconds)
        delays = self.delays(self.await_arrivals(sent, 60))
        if len(delays) < sent:
            raise SystemExit(f"{name}: only {len(delays)} of {sent} arrived")
        p50, p99 = quantile(delays, 0.5), quantile(delays, 0.99)
        if not quiet:
            figure = f"p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms"
            self.show(f"{name} ({sent / seconds:.0f}/s)", figure, "p99 1 s", p99 <= 1)
            self.show_cpu(before, sent)
        return p99

    def settle(self):
        """Does what PostgreSQL has left to do: vacuuming and writing pages is the cost of filling, not of what waits."""
        self.sql("VACUUM (ANALYZE)")
        self.sql("CHECKPOINT")

    def pending_of_others(self, owner, seconds, count):
        self.settle()
        before = self.latency("", [owner], seconds, rate=100, quiet=True)
        self.sql(f"""
            WITH others AS (
                INSERT INTO lines (id, owner_id, due_at)
                SELECT gen_random_uuid(), gen_random_uuid(), now() + interval '1 day' FROM generate_series(1, 1000)
                RETURNING id)
            INSERT INTO pending_deliveries (id, line_id, event_id, aggregate, due_at, created_at, begun_at)
            SELECT gen_random_uuid(), others.id, gen_random_uuid(), gen_random_uuid(), now() + interval '1 day', now(), now()
              FROM others, generate_series(1, {max(1, count // 1000)})""")
        self.settle()
        after = self.latency("", [owner], seconds, rate=100, quiet=True)
        figure = f"p99 {before * 1000:.0f} ms -> {after * 1000:.0f} ms, ratio {after / before:.2f}"
        self.show(f"{max(1, count // 1000) * 1000:,} pending of others", figure, "ratio 1.3", after / before <= 1.3)
        self.sql("DELETE FROM pending_deliveries WHERE due_at > now() + interval '1 hour'")
        self.sql("DELETE FROM lines WHERE due_at > now() + interval '1 hour'")

    KINDS = {"hang": "that hang", "drip": "that drip", "busy": "that answer 503", "quick": "that answer at once"}

    def hostile(self, seconds, kinds):
        """64 endpoints of one owner, as many of each of the kinds, beside one of another."""
        villain, victim = uuid7(), self.register(uuid7(), "fast")
        for kind in kinds:
            self.register(villain, kind, 64 // len(kinds))
        self.arrived()
        begin, sent, told = time.time(), 0, 0
        while (passed := time.time() - begin) < seconds:
            batch = [self.event(villain, uuid7(), 1) for _ in range(min(50, int(passed * 20) - told))]
            told += len(batch)
            if int(passed * 10) > sent:
                batch.append(self.event(victim, uuid7(), 1))
                sent += 1
            if batch:
                self.post(batch)
            time.sleep(0.01)
        delays = self.delays(self.await_arrivals(sent, 60))
        if len(delays) < sent:
            raise SystemExit(f"hostile ({', '.join(kinds)}): only {len(delays)} of {sent} arrived")
        p99 = quantile(delays, 0.99)
        figure = f"p50 {quantile(delays, 0.5) * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms"
        what = self.KINDS[kinds[0]] if len(kinds) == 1 else "of all kinds"
        self.show(f"another's, beside 64 {what}", f"{figure} ({told * 64:,} told)", "p99 1 s", p99 <= 1)
        ids = f"(SELECT id FROM webhooks WHERE owner_id = '{villain}')"
        self.sql(f"UPDATE lines SET removed_at = now(), due_at = NULL WHERE id IN {ids}")
        self.sql(f"DELETE FROM webhooks WHERE owner_id = '{villain}'")

    def kills(self, count, rate):
        """What is told while programs are killed arrives: all of it, in order, and twice only under the same id."""
        owners = [self.register(uuid7(), "fast") for _ in range(5)]
        things = [(owners[n % 5], uuid7()) for n in range(100)]
        self.arrived()
        with open(self.arguments.told + ".begun", "w") as file:
            file.write("begun")
        ids, arrivals, begin, sent = {}, [], time.time(), 0
        while sent < count:
            due = min(count, int((time.time() - begin) * rate)) - sent
            batch = []
            for number in range(sent, sent + min(due, 100)):
                owner, thing = things[number % 100]
                event = self.event(owner, thing, number // 100 + 1)
                ids[thing, event["sequence"]] = event["id"]
                batch.append(event)
            if batch:
                self.post(batch)
                sent += len(batch)
            arrivals += self.arrived()
            time.sleep(0.002)
        with open(self.arguments.told, "w") as file:
            file.write("told")
        last, doubled, lost = {}, 0, []
        end, known, problems = time.time() + 120, 0, []
        places = {event_id: place for place, event_id in ids.items()}
        while True:
            for _, _, body in arrivals[known:]:
                event = json.loads(body)
                place = places.get(event["id"])
                if place is None:
                    problems.append(f"{event['id']} was never told")
                    continue
                thing, sequence = place
                if sequence <= last.get(thing, 0):
                    doubled += 1
                elif sequence == last.get(thing, 0) + 1:
                    last[thing] = sequence
                else:
                    problems.append(f"{sequence} came after {last.get(thing, 0)}")
                    last[thing] = sequence
            known = len(arrivals)
            lost = count - sum(last.values())
            if lost <= 0 or time.time() > end:
                break
            time.sleep(0.1)
            arrivals += self.arrived()
        figure = f"{lost} lost, {len(problems)} out of order, {doubled} doubled"
        self.show(f"{count:,} events through kills", figure, "0 lost, 0 out of order", lost == 0 and not problems)
        for problem in problems[:5]:
            print(f"  {problem}")


def main():
    parser = argparse.ArgumentParser()
    for name in ["port", "service", "seconds", "deliveries", "pending", "kills", "kill-rate"]:
        parser.add_argument(f"--{name}", type=int, required=True)
    for name in ["key", "only", "told", "pids"]:
        parser.add_argument(f"--{name}", required=True)
    arguments = parser.parse_args()
    arguments.secret = os.environ["SERVICE_SECRET"]
    bench = Bench(arguments)
    only = arguments.only.split()
    seconds = arguments.seconds
    if "rate" in only:
        bench.rate("one fast receiver", [bench.register(uuid7(), "fast")], 1, arguments.deliveries)
        owners = [bench.register(uuid7(), "fast", 10) for _ in range(10)]
        bench.rate("a hundred receivers", owners, 10, arguments.deliveries)
    if "latency" in only:
        owners = [bench.register(uuid7(), "fast") for _ in range(10)]
        bench.latency("event to first attempt", owners, seconds)
    if "pending" in only:
        bench.pending_of_others(bench.register(uuid7(), "fast"), seconds, arguments.pending)
    if "hostile" in only:
        for kind in bench.KINDS:
            bench.hostile(seconds, [kind])
        bench.hostile(seconds, list(bench.KINDS))
    if "kills" in only:
        bench.kills(arguments.kills, arguments.kill_rate)
    bench.process.terminate()
    sys.exit(1 if bench.failures else 0)


if __name__ == "__main__":
    main()
