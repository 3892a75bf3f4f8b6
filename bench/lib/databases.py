"""What each database has done: statements, commits, WAL and CPU, from PostgreSQL's own counters and /proc."""

import time

from processes import TICKS, ticks

COUNTERS = """
SELECT datname,
       (SELECT coalesce(sum(calls), 0) FROM pg_stat_statements WHERE dbid = d.datid),
       xact_commit,
       (SELECT coalesce(sum(wal_bytes), 0) FROM pg_stat_statements WHERE dbid = d.datid AND toplevel),
       tup_inserted + tup_updated + tup_deleted
  FROM pg_stat_database AS d WHERE datname LIKE 'guildhall_%' ORDER BY datname
"""
NAMES = ["statements", "commits", "WAL kB", "rows", "CPU ms"]


def counted(sql):
    """By database: how much of each of NAMES until now. Backends report what they did when they are idle for a second."""
    time.sleep(1.5)
    found = {}
    for line in sql("postgres", COUNTERS).splitlines():
        name, statements, commits, wal, rows = line.split("|")
        found[name] = [int(statements), int(commits), int(wal) / 1000, int(rows), 0.0]
    backends = sql("postgres", "SELECT pid, coalesce(datname, backend_type) FROM pg_stat_activity")
    for line in backends.splitlines():
        pid, name = line.split("|")
        found.setdefault(name, [0, 0, 0.0, 0, 0.0])[4] += 1000 * ticks(pid) / TICKS
    return found


def print_difference(before, after, deals):
    """What was done in between, for each deal."""
    nothing = [0.0] * len(NAMES)
    total = list(nothing)
    print(f"{'PostgreSQL, a deal':28}" + "".join(f"{name:>12}" for name in NAMES))
    for name in sorted(after):
        done = [(b - a) / deals for a, b in zip(before.get(name, nothing), after[name])]
        if any(value >= 0.05 for value in done):
            print(f"{name:28}" + "".join(f"{value:>12.1f}" for value in done))
            total = [a + b for a, b in zip(total, done)]
    print(f"{'all':28}" + "".join(f"{value:>12.1f}" for value in total), flush=True)


def measured(world, count, measure):
    """Runs a measurement of so many deals, or of as many as it returns, and prints what each database did for one if asked to."""
    if not world.arguments.statements:
        measure()
        return
    before = counted(world.sql)
    done = measure()
    print_difference(before, counted(world.sql), count or max(1, done))
