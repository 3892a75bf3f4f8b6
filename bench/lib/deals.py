"""Plays whole deals at a running stack, many at a time, and prints what each step and each service takes."""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor

import databases
from bound import Bound
from deal import Deal
from world import CLIENT, World


def timed(step, deal, times):
    start = time.monotonic()
    step(deal)
    times.setdefault(step.__name__, []).append(time.monotonic() - start)


def total(taken):
    """What all programs but this one took."""
    return sum(value for name, value in taken.items() if name != CLIENT)


def row(name, values):
    print(f"{name:12}" + "".join(f"{value:>10}" for value in values), flush=True)


def by_step(world, pool, count):
    """All deals take a step before any takes the next. What a step sets off is counted with it."""
    deals = [Deal(world) for _ in range(count)]
    world.register(deals)
    names = sorted(world.pids)
    row("CPU, ms", ["p50 ms", "p99 ms", "all"] + names + [CLIENT])
    sums = dict.fromkeys(names + [CLIENT], 0.0)
    for step in Deal.STEPS:
        before, times = world.used(), {}
        list(pool.map(lambda deal, step=step, times=times: timed(step, deal, times), deals))
        world.settled()
        after = world.used()
        taken = {name: after[name] - before[name] for name in sums}
        for name in sums:
            sums[name] += taken[name]
        latencies = sorted(times[step.__name__])
        row(
            step.__name__,
            [f"{1000 * latencies[int(len(latencies) * share)]:.1f}" for share in (0.5, 0.99)]
            + [f"{1000 * total(taken) / count:.2f}"]
            + [f"{1000 * value / count:.2f}" for value in taken.values()],
        )
    row(
        "a deal",
        ["", "", f"{1000 * total(sums) / count:.1f}"] + [f"{1000 * value / count:.1f}" for value in sums.values()],
    )


def together(world, pool, bound, seconds, count):
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

    bound.begin()
    before, start = world.used(), time.monotonic()
    list(pool.map(play, deals))
    length = time.monotonic() - start
    asked = time.monotonic()
    world.settled()
    after = world.used()
    taken = {name: after[name] - before[name] for name in before}
    print(
        f"{len(done)} deals in {length:.1f} s: {len(done) / length:.1f} deals/s, and {time.monotonic() - asked:.1f} s until "
        f"all was delivered; {1000 * total(taken) / max(1, len(done)):.1f} ms of CPU each, "
        f"{total(taken) / length:.2f} cores; {sum(deal.looks for deal in deals) / max(1, len(done)):.1f} looks in vain"
    )
    row("CPU, ms", sorted(taken))
    row("", [f"{1000 * taken[name] / max(1, len(done)):.2f}" for name in sorted(taken)])
    if done:
        bound.show(taken, [deal for deal in deals if deal.at_gateway])
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
            bound, seconds = Bound(world), arguments.seconds
            databases.measured(world, None, lambda: together(world, pool, bound, seconds, seconds * 150))


if __name__ == "__main__":
    main()
