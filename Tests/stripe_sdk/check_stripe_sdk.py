"""Drives the sandbox's Stripe with Stripe's official library: one line per check, exit status 1 when one fails.

    check_stripe_sdk.py BASE [--webhook-secret SECRET --receiver-port PORT] [--answers FILE]

BASE is the sandbox's address. With the two options it also receives webhooks: the sandbox must have been started with
WEBHOOK_URL=http://127.0.0.1:PORT/webhook and STRIPE_WEBHOOK_SECRET=SECRET. The sandbox's clock is left alone; nothing that
others have put into the sandbox is touched. FILE gets all answers that are no refusals, one on each line.
"""

import argparse
import http.server
import json
import queue
import sys
import threading

import stripe

# Each registers its checks; they run in this order.
import payments
import saved_cards
import accounts
import outside
import repeats
from sdk import CHECKS, held, is_about


class Recording(stripe.RequestsClient):
    """Keeps the answers."""

    answers = None
    # A file that several threads write to at once has bytes that none of them wrote.
    lock = threading.Lock()

    def request(self, *arguments, **options):
        body, status, headers = super().request(*arguments, **options)
        if status == 200:
            with self.lock:
                print(json.dumps(json.loads(body)), file=self.answers)
        return body, status, headers


class Receiver:
    """Takes webhooks, after refusing the first one once."""

    def __init__(self, port):
        self.taken, refusals = queue.Queue(), [503]

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(handler):
                body = handler.rfile.read(int(handler.headers["Content-Length"]))
                if refusals:
                    handler.send_response(refusals.pop())
                else:
                    self.taken.put((body, handler.headers["Stripe-Signature"]))
                    handler.send_response(200)
                handler.send_header("Content-Length", "0")
                handler.end_headers()

            def log_message(handler, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def webhooks_are_signed(receiver, secret):
    """webhooks come signed, in order, each once, also after the receiver was down"""
    intent = stripe.PaymentIntent.capture(held(3_333).id)
    types, seen = [], set()
    while "payment_intent.succeeded" not in types:
        body, signature = receiver.taken.get(timeout=180)
        event = stripe.Webhook.construct_event(body, signature, secret)
        assert event.id not in seen, "twice"
        seen.add(event.id)
        if is_about(event, intent):
            types.append(event.type)
    assert types == [
        "payment_intent.created", "payment_intent.amount_capturable_updated", "payment_intent.succeeded",
    ], types
    try:
        stripe.Webhook.construct_event(body + b" ", signature, secret)
    except stripe.SignatureVerificationError:
        return
    raise AssertionError("a changed body passed")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("base")
    parser.add_argument("--webhook-secret")
    parser.add_argument("--receiver-port", type=int)
    parser.add_argument("--answers", type=argparse.FileType("w"))
    options = parser.parse_args()
    base = options.base.rstrip("/")
    stripe.api_base, stripe.api_key, stripe.max_network_retries = f"{base}/stripe", "sk_test_guildhall_check", 0
    if options.answers:
        stripe.default_http_client = Recording()
        stripe.default_http_client.answers = options.answers
    runs = [(function, (base,) if function.__code__.co_argcount else ()) for function in CHECKS]
    if options.receiver_port:
        runs.append((webhooks_are_signed, (Receiver(options.receiver_port), options.webhook_secret)))
    failures = 0
    for function, arguments in runs:
        try:
            function(*arguments)
            print(f"ok    {function.__doc__}")
        except Exception as error:  # a check must not end the others
            failures += 1
            print(f"FAIL  {function.__doc__}: {type(error).__name__}: {error}")
    print(f"{len(runs) - failures} of {len(runs)} checks passed (stripe {stripe.VERSION})")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
