"""Connected accounts, transfers, refunds and Checkout."""

import urllib.error

import stripe

from sdk import check, get, held, onboarded_account, post, refused


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
