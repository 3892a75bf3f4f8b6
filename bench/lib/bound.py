"""What a deal needs besides our services, so how many deals a second there could be if they took nothing."""

import os
import re
import subprocess
import tempfile

from world import CLIENT

# Deals a second on this machine.
GOAL = 60
# How long commits are measured, in seconds.
LENGTH = 3
SANDBOX = "guildhall_sandbox"


class Bound:
    def __init__(self, world):
        self.world = world
        self.commit = commit_cost(world)
        self.start = {}

    def begin(self):
        self.start = self.counts()

    def counts(self):
        return {
            "sandbox": self.world.used_for(SANDBOX),
            "transactions": self.world.transactions(),
            "messages": self.world.answered("telegram"),
            "calls": self.world.answered("stripe"),
        }

    def show(self, taken, deals):
        """Prints what each of the deals since `begin` needed. All that they set off is done.

        :param taken: CPU in seconds, by program.
        """
        counts = {name: value - self.start[name] for name, value in self.counts().items()}
        count = len(deals)
        requests = sum(deal.at_gateway for deal in deals) / count
        calls = (counts["calls"] - sum(deal.at_providers for deal in deals)) / count
        transactions = counts["transactions"] / count
        print(
            f"a deal: {requests:.1f} requests through the gateway, {counts['messages'] / count:.1f} messages to Telegram, "
            f"{calls:.1f} calls to Stripe, {transactions:.1f} transactions that write"
        )
        parts = {
            "the client, this program": taken[CLIENT] / count,
            "the gateway": taken["gateway"] / count,
            "the sandbox as Stripe and Telegram": taken["sandbox"] / count,
            "PostgreSQL for the sandbox": counts["sandbox"] / count,
        }
        print("besides our services, ms of CPU a deal")
        for name, seconds in parts.items():
            print(f"  {name:36}{1000 * seconds:8.1f}")
        needed, cores = sum(parts.values()), os.cpu_count()
        print(f"  {'together':36}{1000 * needed:8.1f}")
        print(
            f"  {GOAL} deals a second leave {1000 * cores / GOAL:.1f} ms on {cores} cores. With services and a database for them "
            f"that take nothing there would be {cores / needed:.1f} a second. A transaction of one row costs PostgreSQL "
            f"{1000 * self.commit:.3f} ms, so {transactions:.0f} of them {1000 * self.commit * transactions:.1f} ms.",
            flush=True,
        )


def commit_cost(world):
    """CPU in seconds that PostgreSQL takes to add one row and commit, with sixteen at a time."""
    world.sql("postgres", "CREATE TABLE IF NOT EXISTS bench_rows (n int)")
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write("INSERT INTO bench_rows VALUES (1);\n")
        script.flush()
        before = world.used()["postgres"]
        said = subprocess.run(
            ["pgbench", "-n", "-M", "prepared", "-c", "16", "-j", "1", "-T", str(LENGTH), "-U", "postgres", "-f", script.name,
             "postgres"],
            check=True, capture_output=True, text=True,
        ).stdout
        after = world.used()["postgres"]
    world.sql("postgres", "DROP TABLE bench_rows")
    return (after - before) / int(re.search(r"transactions actually processed: (\d+)", said)[1])
