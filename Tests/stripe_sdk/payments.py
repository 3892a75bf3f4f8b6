"""Payments: held, captured, taken, declined, cancelled."""

import stripe

from sdk import check, held, refused


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
