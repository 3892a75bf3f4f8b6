"""Keys, repeats under an idempotency key, and events."""

import concurrent.futures
import uuid

import stripe

from sdk import check, held, is_about, refused


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
