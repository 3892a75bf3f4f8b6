"""What programs that have nothing to do take: percent of a core, and how often their threads wake, by `schedstat`."""

import argparse
import os
import time


def threads(pid):
    """For each thread: its time on a processor in ns, and how often it got there."""
    seen = {}
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/schedstat") as file:
                used, _, times = file.read().split()
        except OSError:
            continue  # it has ended
        seen[thread] = (int(used), int(times))
    return seen


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--goal", type=float, required=True, help="percent of a core for each program")
    parser.add_argument("programs", nargs="+", help="name=pid")
    arguments = parser.parse_args()
    pids = dict(program.split("=") for program in arguments.programs)
    before = {name: threads(pid) for name, pid in pids.items()}
    begin = time.monotonic()
    time.sleep(arguments.seconds)
    span = time.monotonic() - begin
    missed = False
    for name, pid in pids.items():
        used = times = 0
        for thread, (now_used, now_times) in threads(pid).items():
            then_used, then_times = before[name].get(thread, (0, 0))
            used, times = used + now_used - then_used, times + now_times - then_times
        share = 100 * used / 1e9 / span
        missed = missed or share > arguments.goal
        figure = f"{share:.2f} % of a core, {times / span:.1f} wake-ups a second"
        print(f"{name + ', idle':<46} {figure:<40} goal {arguments.goal} %  {'holds' if share <= arguments.goal else 'MISSED'}")
    raise SystemExit(missed)


if __name__ == "__main__":
    main()
