"""Drives the sandbox's Stripe with Stripe's official library: one line per check, exit status 1 when one fails.

    check_stripe_sdk.py BASE [--webhook-secret SECRET --receiver-port PORT]

BASE is the sandbox's address. With the two options it also receives webhooks: the sandbox must have been started with
WEBHOOK_URL=http://127.0.0.1:PORT/webhook and STRIPE_WEBHOOK_SECRET=SECRET. The sandbox's clock is left alone; nothing that
others have put into the sandbox is touched.
"""

import argparse
import concurrent.futures
import http.server
import json
import queue
import sys
import threading
import urllib.error
import urllib.request
import uuid

import stripe

CHECKS = []


def check(function):
    """Registers a check; its docstring's first line is what it proves."""
    CHECKS.append(function)
    return function


def refused(kind, call, *, code=None, status=None, message=None):
    """Expects `call` to raise exactly `kind`, and returns what it raised."""
    try:
        call()
    except stripe.StripeError as error:
        assert type(error) is kind, f"raised {type(error).__name__}: {error}"
        assert code is None or error.code == code, f"code {error.code}"
        assert status is None or error.http_status == status, f"status {error.http_status}"
        assert message is None or message in str(error), str(error)
        return error
    raise AssertionError(f"{kind.__name__} was not raised")


def post(url):
    with urllib.request.urlopen(urllib.request.Request(url, data=b"", method="POST"), timeout=10) as answer:
        return json.load(answer)


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read()


def held(amount=10_000, **more):
    """A payment of `amount` cents that is authorized and not captured."""
    return stripe.PaymentIntent.create(
        amount=amount, currency="usd", capture_method="manual", payment_method="pm_card_visa", confirm=True, **more
    )


def is_about(event, thing):
    return getattr(event.data.object, "id", None) == thing.id


def onboarded_account():
    account = stripe.Account.create(type="express", capabilities={"transfers": {"requested": True}})
    link = stripe.AccountLink.create(
        account=account.id, type="account_onboarding",
        return_url="https://example.com/done", refresh_url="https://example.com/again",
    )
    get(link.url)
    return stripe.Account.retrieve(account.id)


# Payments


@check
def payment_is_held_and_captured():
    """a manual payment is held when confirmed, and captured once"""
    intent = stripe.PaymentIntent.create(
        amount=12_345, currency="usd", capture_method="manual", metadata={"milestone": "m-1"}, transfer_group="deal-1"
    )
    assert intent.object == "payment_intent" and intent.id.startswith("pi_"), intent
    assert intent.status == "requires_payment_method" and intent.livemode is False
    assert intent.client_secret.startswith(intent.id + "_secret_")
    assert intent.metadata["milestone"] == "m-1"
    intent = stripe.PaymentIntent.confirm(intent.id, payment_method="pm_card_visa")
    assert intent.status == "requires_capture" and intent.amount_capturable == 12_345
    intent = stripe.PaymentIntent.capture(intent.id, amount_to_capture=12_345)
    assert intent.status == "succeeded" and intent.amount_received == 12_345 and intent.amount_capturable == 0
    again = refused(
        stripe.InvalidRequestError, lambda: stripe.PaymentIntent.capture(intent.id),
        code="payment_intent_unexpected_state", status=400,
    )
    assert again.error.payment_intent.id == intent.id


@check
def charge_tells_when_the_hold_lapses():
    """latest_charge expands to a charge with capture_before, seven days ahead"""
    intent = stripe.PaymentIntent.retrieve(held().id, expand=["latest_charge"])
    charge = intent.latest_charge
    assert charge.object == "charge" and charge.captured is False
    before = charge.payment_method_details.card.capture_before
    assert before - charge.created == 7 * 86_400, before - charge.created
    assert stripe.Charge.retrieve(charge.id).payment_intent == intent.id


@check
def payment_is_taken_at_once():
    """an automatic payment succeeds when confirmed"""
    intent = stripe.PaymentIntent.create(amount=500, currency="inr", payment_method="pm_card_visa", confirm=True)
    assert intent.status == "succeeded" and intent.amount_received == 500


@check
def card_is_declined():
    """a declined card raises CardError, and the payment can be tried again"""
    intent = stripe.PaymentIntent.create(amount=2_000, currency="usd", capture_method="manual")
    error = refused(
        stripe.CardError, lambda: stripe.PaymentIntent.confirm(intent.id, payment_method="pm_card_chargeDeclined"),
        code="card_declined", status=402,
    )
    assert error.error.decline_code == "generic_decline"
    assert error.error.payment_intent.status == "requires_payment_method"
    intent = stripe.PaymentIntent.retrieve(intent.id)
    assert intent.status == "requires_payment_method" and intent.last_payment_error.code == "card_declined"
    assert stripe.PaymentIntent.confirm(intent.id, payment_method="pm_card_visa").status == "requires_capture"


@check
def payment_is_cancelled():
    """a held payment is cancelled, and then neither captured nor confirmed"""
    intent = stripe.PaymentIntent.cancel(held().id, cancellation_reason="requested_by_customer")
    assert intent.status == "canceled" and intent.canceled_at and intent.amount_capturable == 0
    refused(stripe.InvalidRequestError, lambda: stripe.PaymentIntent.capture(intent.id), code="payment_intent_unexpected_state")
    refused(
        stripe.InvalidRequestError, lambda: stripe.PaymentIntent.confirm(intent.id, payment_method="pm_card_visa"),
        code="payment_intent_unexpected_state",
    )


@check
def payment_is_updated_and_listed():
    """payments are changed before they are confirmed, and listed newest first"""
    intent = stripe.PaymentIntent.create(amount=700, currency="usd")
    intent = stripe.PaymentIntent.modify(intent.id, amount=900, metadata={"a": "1", "b": "2"}, description="two words & more")
    intent = stripe.PaymentIntent.modify(intent.id, metadata={"a": ""})
    assert intent.amount == 900 and intent.description == "two words & more"
    assert intent.metadata["b"] == "2" and getattr(intent.metadata, "a", None) is None
    newer = stripe.PaymentIntent.create(amount=800, currency="usd")
    page = stripe.PaymentIntent.list(limit=2)
    assert [one.id for one in page.data] == [newer.id, intent.id] and page.has_more
    assert stripe.PaymentIntent.list(limit=1, starting_after=newer.id).data[0].id == intent.id
    assert stripe.PaymentIntent.list(limit=1, ending_before=intent.id).data[0].id == newer.id
    found = [one.id for one, _ in zip(stripe.PaymentIntent.list(limit=2).auto_paging_iter(), range(5))]
    assert len(set(found)) == 5, found


@check
def bad_payments_are_refused():
    """bad parameters raise InvalidRequestError that names them"""
    create = stripe.PaymentIntent.create
    for parameters, code, name in [
        ({"currency": "usd"}, "parameter_missing", "amount"),
        ({"amount": 500}, "parameter_missing", "currency"),
        ({"amount": "x", "currency": "usd"}, "parameter_invalid_integer", "amount"),
        ({"amount": 1, "currency": "usd"}, "amount_too_small", "amount"),
        ({"amount": 500, "currency": "usd", "colour": "red"}, "parameter_unknown", "colour"),
        ({"amount": 500, "currency": "usd", "payment_method": "pm_nobody"}, "resource_missing", "payment_method"),
    ]:
        error = refused(stripe.InvalidRequestError, lambda: create(**parameters), code=code, status=400)
        assert error.param == name, (parameters, error.param)
    refused(
        stripe.InvalidRequestError, lambda: stripe.PaymentIntent.retrieve("pi_none"), code="resource_missing", status=404
    )
    refused(
        stripe.InvalidRequestError, lambda: stripe.PaymentIntent.capture(held(1_000).id, amount_to_capture=1_001),
        code="amount_too_large",
    )


@check
def browser_confirms():
    """a browser confirms with a publishable key and the client secret, and with no other"""
    intent = stripe.PaymentIntent.create(amount=900, currency="usd", capture_method="manual")
    browser = {"api_key": "pk_test_browser"}
    refused(
        stripe.InvalidRequestError,
        lambda: stripe.PaymentIntent.confirm(intent.id, client_secret="wrong", payment_method="pm_card_visa", **browser),
    )
    confirmed = stripe.PaymentIntent.confirm(
        intent.id, client_secret=intent.client_secret, payment_method="pm_card_visa", **browser
    )
    assert confirmed.status == "requires_capture"
    refused(stripe.AuthenticationError, lambda: stripe.PaymentIntent.capture(intent.id, **browser))


# Saved cards


def customer():
    return stripe.Customer.create(email="client@example.com", metadata={"account_id": "a-1"})


def saved_card(owner, card="pm_card_visa"):
    """The stored card of a customer's first payment, which a browser has confirmed."""
    intent = stripe.PaymentIntent.create(
        amount=5_000, currency="usd", capture_method="manual", customer=owner.id, setup_future_usage="off_session",
        payment_method_types=["card"],
    )
    stripe.PaymentIntent.confirm(
        intent.id, client_secret=intent.client_secret, payment_method=card, api_key="pk_test_browser"
    )
    return stripe.PaymentIntent.retrieve(intent.id).payment_method


def charged(owner, card, **more):
    """A payment that the customer is away for."""
    return stripe.PaymentIntent.create(
        amount=700, currency="usd", customer=owner.id, payment_method=card, off_session=True, confirm=True, **more
    )


@check
def customer_comes_and_goes():
    """a customer is made, changed, listed by e-mail, deleted, and then only known as deleted"""
    email = f"{uuid.uuid4()}@example.com"
    made = stripe.Customer.create(email=email, name="Ada", metadata={"account_id": "a-1"})
    assert made.object == "customer" and made.id.startswith("cus_") and made.metadata["account_id"] == "a-1"
    changed = stripe.Customer.modify(made.id, name="", description="a client")
    assert changed.name is None and changed.description == "a client" and changed.email == email
    assert [one.id for one in stripe.Customer.list(email=email).data] == [made.id]
    assert stripe.Customer.delete(made.id).deleted is True
    assert stripe.Customer.retrieve(made.id).deleted is True
    assert stripe.Customer.list(email=email).data == []
    for call in [lambda: stripe.Customer.modify(made.id, name="Eve"), lambda: stripe.Customer.delete(made.id)]:
        refused(stripe.InvalidRequestError, call, code="resource_missing", status=404)
    for owner in [made.id, "cus_nobody"]:
        error = refused(
            stripe.InvalidRequestError,
            lambda: stripe.PaymentIntent.create(amount=500, currency="usd", customer=owner),
            code="resource_missing", status=400, message=f"No such customer: '{owner}'",
        )
        assert error.param == "customer"


@check
def card_is_stored_and_charged():
    """a payment stores its card for the customer, and the card pays again without them"""
    owner = customer()
    card = saved_card(owner)
    method = stripe.PaymentMethod.retrieve(card)
    assert method.id.startswith("pm_") and method.type == "card" and method.customer == owner.id
    assert method.card.brand == "visa" and method.card.last4 == "4242" and method.card.exp_month == 12
    assert method.billing_details.address.country is None
    assert [one.id for one in stripe.PaymentMethod.list(customer=owner.id, type="card").data] == [card]
    assert [one.id for one in stripe.Customer.list_payment_methods(owner.id).data] == [card]
    key = str(uuid.uuid4())
    paid = charged(owner, card, metadata={"payment": "p-1"}, idempotency_key=key)
    assert paid.status == "succeeded" and paid.amount_received == 700 and paid.payment_method == card
    assert charged(owner, card, metadata={"payment": "p-1"}, idempotency_key=key).id == paid.id
    shown = stripe.PaymentIntent.retrieve(paid.id, expand=["customer", "payment_method", "latest_charge.payment_method"])
    assert shown.customer.email == "client@example.com" and shown.payment_method.customer == owner.id
    assert shown.latest_charge.customer == owner.id and shown.latest_charge.payment_method.id == card
    found = stripe.PaymentIntent.list(customer=owner.id, limit=100).data
    assert [one.id for one in found][0] == paid.id and len(found) == 2


@check
def stored_card_is_declined():
    """a stored card that its bank declines raises CardError with the payment, which can be found"""
    owner = customer()
    for card, code in [
        ("pm_card_chargeCustomerFail", "card_declined"), ("pm_card_authenticationRequired", "authentication_required"),
    ]:
        stored = saved_card(owner, card)
        error = refused(stripe.CardError, lambda: charged(owner, stored), code=code, status=402)
        assert error.error.payment_intent.status == "requires_payment_method", error.error
        assert error.error.payment_method.id == stored
        newest = stripe.PaymentIntent.list(customer=owner.id, limit=1).data[0]
        assert newest.id == error.error.payment_intent.id and newest.last_payment_error.code == code


@check
def stored_card_is_its_customers():
    """a stored card pays for its customer only, until it is detached"""
    owner, other = customer(), customer()
    card = saved_card(owner)
    refused(
        stripe.InvalidRequestError, lambda: charged(other, card), status=400, message="does not belong to the Customer"
    )
    refused(
        stripe.InvalidRequestError,
        lambda: stripe.PaymentIntent.create(amount=500, currency="usd", payment_method=card, confirm=True), status=400,
    )
    refused(stripe.InvalidRequestError, lambda: stripe.PaymentMethod.attach(card, customer=other.id), status=400)
    assert stripe.PaymentMethod.detach(card).customer is None
    refused(stripe.InvalidRequestError, lambda: charged(owner, card), status=400, message="may not be used again")
    refused(stripe.InvalidRequestError, lambda: stripe.PaymentMethod.detach(card), status=400)
    assert stripe.PaymentMethod.list(customer=owner.id).data == []


@check
def card_is_attached_by_hand():
    """a test card is attached to a customer, each time as another one, unless its bank declines it"""
    owner = customer()
    first, second = (stripe.PaymentMethod.attach("pm_card_mastercard", customer=owner.id) for _ in range(2))
    assert first.id != second.id and first.customer == owner.id and first.card.brand == "mastercard"
    assert charged(owner, first.id).status == "succeeded"
    refused(
        stripe.CardError, lambda: stripe.PaymentMethod.attach("pm_card_chargeDeclined", customer=owner.id),
        code="card_declined", status=402,
    )
    refused(
        stripe.InvalidRequestError, lambda: stripe.PaymentMethod.attach("pm_nobody", customer=owner.id),
        code="resource_missing", status=404,
    )
    refused(
        stripe.InvalidRequestError, lambda: stripe.PaymentMethod.attach(first.id, customer=owner.id, colour="red"),
        code="parameter_unknown", status=400,
    )
    assert [one.id for one in stripe.PaymentMethod.list(customer=owner.id).data] == [second.id, first.id]


@check
def being_off_session_has_conditions():
    """off_session goes with confirm, and not with setup_future_usage"""
    owner = customer()
    card = saved_card(owner)
    refused(
        stripe.InvalidRequestError,
        lambda: stripe.PaymentIntent.create(amount=500, currency="usd", off_session=True), status=400,
    )
    refused(
        stripe.InvalidRequestError, lambda: charged(owner, card, setup_future_usage="off_session"), status=400,
        message="`setup_future_usage` is also set",
    )


@check
def saved_cards_are_told():
    """events tell of customers and of their cards"""
    owner = customer()
    card = saved_card(owner)
    stripe.PaymentMethod.detach(card)
    stripe.Customer.delete(owner.id)
    told = [one.type for one in stripe.Event.list(limit=20).data if one.data.object.id in (owner.id, card)]
    assert told == [
        "customer.deleted", "payment_method.detached", "payment_method.attached", "customer.created",
    ], told


# Payouts


@check
def account_is_onboarded():
    """an express account is onboarded by its link, which works once"""
    account = stripe.Account.create(
        type="express", country="US", email="worker@example.com",
        capabilities={"card_payments": {"requested": True}, "transfers": {"requested": True}}, metadata={"account": "a-1"},
    )
    assert account.id.startswith("acct_") and account.details_submitted is False and account.payouts_enabled is False
    assert account.capabilities["transfers"] == "inactive" and account.requirements.currently_due
    link = stripe.AccountLink.create(
        account=account.id, type="account_onboarding",
        return_url="https://example.com/done", refresh_url="https://example.com/again",
    )
    assert link.object == "account_link" and link.expires_at - link.created == 300
    get(link.url)
    account = stripe.Account.retrieve(account.id)
    assert account.details_submitted and account.charges_enabled and account.payouts_enabled
    assert account.capabilities["transfers"] == "active" and not account.requirements.currently_due
    assert stripe.Account.modify(account.id, metadata={"account": "a-2"}).metadata["account"] == "a-2"


@check
def money_is_transferred():
    """captured money is transferred to an onboarded account, and the balance stays honest"""
    account = onboarded_account()
    before = {line.currency: line.amount for line in stripe.Balance.retrieve().available}.get("usd", 0)
    intent = stripe.PaymentIntent.capture(held(10_000, transfer_group="deal-7").id)
    transfer = stripe.Transfer.create(
        amount=9_500, currency="usd", destination=account.id, source_transaction=intent.latest_charge,
        metadata={"milestone": "m-1"},
    )
    assert transfer.id.startswith("tr_") and transfer.destination == account.id and transfer.transfer_group == "deal-7"
    after = {line.currency: line.amount for line in stripe.Balance.retrieve().available}["usd"]
    assert after - before == 500, (before, after)
    worker = stripe.Balance.retrieve(stripe_account=account.id)
    assert worker.available[0].amount == 9_500
    assert stripe.Transfer.retrieve(transfer.id).metadata["milestone"] == "m-1"
    assert [one.id for one in stripe.Transfer.list(destination=account.id).data] == [transfer.id]
    refused(
        stripe.InvalidRequestError,
        lambda: stripe.Transfer.create(
            amount=501, currency="usd", destination=account.id, source_transaction=intent.latest_charge
        ),
    )


@check
def bad_transfers_are_refused():
    """no transfer to an account without the capability, to nobody, or of money that is not there"""
    closed = stripe.Account.create(type="express", capabilities={"transfers": {"requested": True}})
    transfer = stripe.Transfer.create
    refused(
        stripe.InvalidRequestError, lambda: transfer(amount=1, currency="usd", destination=closed.id),
        code="insufficient_capabilities_for_transfer", status=400,
    )
    refused(
        stripe.InvalidRequestError, lambda: transfer(amount=1, currency="usd", destination="acct_none"),
        code="resource_missing", status=400,
    )
    refused(
        stripe.InvalidRequestError, lambda: transfer(amount=50_000_000, currency="php", destination=onboarded_account().id),
        code="balance_insufficient", status=400,
    )


@check
def money_is_refunded():
    """a captured payment is refunded in parts, and never beyond what was paid"""
    intent = stripe.PaymentIntent.capture(held(1_000).id)
    refund = stripe.Refund.create(payment_intent=intent.id, amount=400, reason="requested_by_customer")
    assert refund.status == "succeeded" and refund.amount == 400 and refund.charge == intent.latest_charge
    refused(stripe.InvalidRequestError, lambda: stripe.Refund.create(payment_intent=intent.id, amount=601), status=400)
    assert stripe.Refund.create(charge=intent.latest_charge).amount == 600
    refused(
        stripe.InvalidRequestError, lambda: stripe.Refund.create(payment_intent=intent.id),
        code="charge_already_refunded", status=400,
    )
    charge = stripe.Charge.retrieve(intent.latest_charge)
    assert charge.refunded and charge.amount_refunded == 1_000
    refused(stripe.InvalidRequestError, lambda: stripe.Refund.create(payment_intent=held().id), status=400)


# Checkout


def session(**more):
    line = {"price_data": {"currency": "inr", "unit_amount": 250_000, "product_data": {"name": "Logo"}}, "quantity": 2}
    return stripe.checkout.Session.create(
        mode="payment", line_items=[line], success_url="https://example.com/ok?s={CHECKOUT_SESSION_ID}",
        cancel_url="https://example.com/no", client_reference_id="job-1", metadata={"jobId": "job-1"}, **more,
    )


@check
def checkout_is_paid(base):
    """a Checkout Session is paid on its page, once"""
    created = session(payment_intent_data={"metadata": {"jobId": "job-1"}})
    assert created.id.startswith("cs_test_") and created.amount_total == 500_000 and created.currency == "inr"
    assert created.status == "open" and created.payment_status == "unpaid" and created.metadata["jobId"] == "job-1"
    assert b"button" in get(created.url)
    post(f"{base}/stripe/checkout/{created.id}/pay")
    paid = stripe.checkout.Session.retrieve(created.id, expand=["payment_intent.latest_charge"])
    assert paid.status == "complete" and paid.payment_status == "paid"
    assert paid.payment_intent.status == "succeeded" and paid.payment_intent.latest_charge.amount == 500_000
    assert paid.payment_intent.metadata["jobId"] == "job-1"
    assert stripe.checkout.Session.list_line_items(created.id).data[0].description == "Logo"
    try:
        post(f"{base}/stripe/checkout/{created.id}/pay")
    except urllib.error.HTTPError as error:
        assert error.code == 400
    else:
        raise AssertionError("paid twice")


@check
def checkout_expires():
    """an open Checkout Session is expired, and then not again"""
    created = session()
    assert stripe.checkout.Session.expire(created.id).status == "expired"
    refused(stripe.InvalidRequestError, lambda: stripe.checkout.Session.expire(created.id), status=400)


# Keys


@check
def wrong_keys_are_refused():
    """no test key raises AuthenticationError"""
    for key in ["sk_live_x1234567890", "nonsense"]:
        refused(stripe.AuthenticationError, lambda: stripe.Balance.retrieve(api_key=key), status=401)


@check
def repeats_are_replayed():
    """a repeat under its idempotency key gets the first answer"""
    key = str(uuid.uuid4())
    make = lambda amount: stripe.PaymentIntent.create(amount=amount, currency="usd", idempotency_key=key)
    first, second = make(600), make(600)
    assert first.id == second.id
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert second.last_response.headers["Original-Request"] == first.last_response.headers["Request-Id"]
    refused(stripe.IdempotencyError, lambda: make(700), status=400)


@check
def parallel_repeats_do_it_once():
    """parallel calls under one key make one object; those that come too early get 409"""
    key = str(uuid.uuid4())

    def make(_):
        try:
            return held(777, idempotency_key=key).id
        except stripe.StripeError as error:
            assert error.http_status == 409, error
            return None

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        made = set(pool.map(make, range(48)))
    assert len(made - {None}) == 1, made


@check
def declines_are_replayed():
    """a decline is the answer to its idempotency key, too"""
    intent = stripe.PaymentIntent.create(amount=600, currency="usd")
    key = str(uuid.uuid4())
    pay = lambda: stripe.PaymentIntent.confirm(intent.id, payment_method="pm_card_chargeDeclined", idempotency_key=key)
    first, second = refused(stripe.CardError, pay), refused(stripe.CardError, pay)
    assert first.error.charge == second.error.charge


# Events


@check
def events_are_listed():
    """what happens is told as events"""
    intent = stripe.PaymentIntent.capture(held(4_321).id)
    events = [one for one in stripe.Event.list(limit=20).data if is_about(one, intent)]
    assert [one.type for one in events] == [
        "payment_intent.succeeded", "payment_intent.amount_capturable_updated", "payment_intent.created",
    ], [one.type for one in events]
    assert stripe.Event.retrieve(events[0].id).data.object.amount_received == 4_321


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
        body, signature = receiver.taken.get(timeout=30)
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
    options = parser.parse_args()
    base = options.base.rstrip("/")
    stripe.api_base, stripe.api_key, stripe.max_network_retries = f"{base}/stripe", "sk_test_guildhall_check", 0
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
