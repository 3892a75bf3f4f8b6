"""Customers, and cards that are charged without them."""

import uuid

import stripe

from sdk import check, refused


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
    """A payment in the customer's absence."""
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
    shown = stripe.PaymentIntent.retrieve(paid.id, expand=["customer", "payment_method", "latest_charge.customer"])
    assert shown.customer.email == "client@example.com" and shown.payment_method.customer == owner.id
    assert shown.latest_charge.customer.id == owner.id and shown.latest_charge.payment_method == card
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
