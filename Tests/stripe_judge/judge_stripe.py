"""Holds what went to the sandbox's Stripe, and what came from it, to Stripe's own library, and what went there to Stripe's
own OpenAPI description as well: exit status 1 when something is not Stripe's.

    judge_stripe.py BASE [--answers FILE] [--openapi FILE]

BASE is the sandbox's address. It tells the requests that it has had, and the objects that it has. FILE has answers, one
JSON text on each line.
"""

import argparse
import collections
import json
import pathlib
import sys
import urllib.parse
import urllib.request

from described import API_VERSION, Description, PLACEHOLDER
from judging import Judge, tree
from openapi import OpenAPI, faults as openapi_faults

# What a page in a browser adds, which has no library of this kind.
BROWSERS = {"client_secret", "key"}


def get(url):
    with urllib.request.urlopen(url, timeout=120) as answer:
        return json.load(answer)


def requests(base):
    after = 0
    while True:
        page = get(f"{base}/sandbox/stripe/requests?after={after}")["requests"]
        if not page:
            return
        yield from page
        after = page[-1]["position"]


class Faults:
    """What is wrong, with how often and the first example."""

    def __init__(self):
        self.counts, self.examples = collections.Counter(), {}

    def add(self, fault, example):
        self.counts[fault] += 1
        self.examples.setdefault(fault, example)

    def print(self):
        for fault, count in self.counts.most_common():
            print(f"FAIL  {fault} ({count} ×, such as {self.examples[fault]})")


def header_faults(request):
    headers = request["headers"]
    version, key = headers["Stripe-Version"], headers["Idempotency-Key"]
    if version not in (None, API_VERSION):
        yield f"the version {version} is not the one that is described, {API_VERSION}"
    if key is not None and not 1 <= len(key) <= 255:
        yield "Idempotency-Key has no 1 to 255 characters"
    if request["method"] == "GET":
        return
    # Ours all name their version. Tests that stand for a browser do not.
    if version is not None and key is None:
        yield "there is no Idempotency-Key"
    if request["method"] == "POST" and request["parameters"]:
        if headers["Content-Type"] != "application/x-www-form-urlencoded":
            yield f"the body is {headers['Content-Type']}, not a form"


def parameters(request):
    """What was given with a request, as Stripe reads it."""
    given = tree(
        urllib.parse.parse_qsl(
            request["parameters"], keep_blank_values=True, strict_parsing=bool(request["parameters"])
        )
    )
    if request["headers"]["Stripe-Version"] is None:
        given = {name: value for name, value in given.items() if name not in BROWSERS}
    return given


class ByLibrary:
    """Judges requests by Stripe's library."""

    def __init__(self, description, judge):
        self.find, self.judge = description.find, judge

    def faults(self, request, endpoint):
        yield from header_faults(request)
        given = parameters(request)
        if endpoint.parameters:
            yield from self.judge.parameters(endpoint.parameters, given)
        elif given:
            yield f"there are no parameters, and {', '.join(given)} were given"


class ByDescription:
    """Judges requests by Stripe's OpenAPI description."""

    def __init__(self, openapi):
        self.find = openapi.find

    def faults(self, request, call):
        yield from openapi_faults(call.schema, parameters(request))


def judge_requests(base, judges):
    """Holds each request to every judge, and tells what each of them found."""
    found = [(Faults(), collections.Counter()) for _ in judges]
    for request in requests(base):
        name = f"{request['method']} {request['path']}"
        for judge, (faults, seen) in zip(judges, found):
            call = judge.find(request["method"], request["path"])
            if call is None:
                faults.add(f"{name}: there is no such call", request["parameters"])
                continue
            seen[f"{call.method} {PLACEHOLDER.sub('…', call.path)}"] += 1
            try:
                for fault in judge.faults(request, call):
                    faults.add(f"{call.method} {call.path}: {fault}", f"{name} {request['parameters']}")
            except ValueError as error:
                faults.add(f"{call.method} {call.path}: {error}", request["parameters"])
    return found


def judge_objects(objects, judge):
    faults, seen = Faults(), collections.Counter()
    for value in objects:
        seen[value.get("object", "?")] += 1
        for fault in judge.object(value, value.get("object", "?")):
            faults.add(fault, value.get("id", "?"))
    return faults, seen


def stored_objects(base):
    for objects in get(f"{base}/sandbox/stripe/state").values():
        yield from objects if isinstance(objects, list) else [objects]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("base")
    parser.add_argument("--answers")
    parser.add_argument("--openapi", type=pathlib.Path)
    options = parser.parse_args()
    base, description = options.base.rstrip("/"), Description()
    judge, failed = Judge(description), False

    def tell(what, faults, seen):
        faults.print()
        print(f"{'FAIL' if faults.counts else 'ok':<5} {sum(seen.values())} {what} of {len(seen)} kinds are Stripe's")
        return bool(faults.counts)

    judges = {"requests": ByLibrary(description, judge)}
    if options.openapi:
        openapi = OpenAPI(options.openapi)
        judges[f"requests by the description of {openapi.version}"] = ByDescription(openapi)
    for what, (faults, seen) in zip(judges, judge_requests(base, judges.values())):
        failed |= tell(what, faults, seen)
    faults, seen = judge_objects(stored_objects(base), judge)
    failed |= tell("objects", faults, seen)
    if options.answers:
        with open(options.answers) as lines:
            faults, seen = judge_objects((json.loads(line) for line in lines), judge)
        failed |= tell("answers", faults, seen)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
