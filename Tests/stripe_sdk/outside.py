"""What others do to the money: disputes, refunds that change, reversals, fees, lost accounts."""

import json
import urllib.error
import urllib.request

import stripe

from sdk import check, held, onboarded_account, refused


def tell(base, path, **body):
    """A command to the sandbox: what somebody else does at Stripe."""
    request = urllib.request.Request(
        f"{base}/sandbox/stripe/{path}", data=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


def paid(card="pm_card_visa", amount=10_000):
    return stripe.PaymentIntent.create(amount=amount, currency="usd", payment_method=card, confirm=True)


@check
def disputes_are_read_and_answered(base):
    """a dispute is found by its payment, answered with evidence, and won or lost"""
    intent = paid()
    made = tell(base, "disputes", payment_intent=intent.id, reason="product_not_received")
    dispute = stripe.Dispute.list(payment_intent=intent.id).data[0]
    assert dispute.id == made["id"] and dispute.status == "needs_response" and dispute.amount == 10_000
    assert dispute.balance_transactions[0].amount == -10_000 and dispute.charge == intent.latest_charge
    dispute = stripe.Dispute.modify(dispute.id, evidence={"uncategorized_text": "It was delivered."})
    assert dispute.status == "under_review" and dispute.evidence_details.has_evidence
    tell(base, f"disputes/{dispute.id}", outcome="won")
    assert stripe.Dispute.retrieve(dispute.id).status == "won"
    assert stripe.Charge.retrieve(intent.latest_charge).disputed
    given_up = tell(base, "disputes", payment_intent=paid().id)
    assert stripe.Dispute.close(given_up["id"]).status == "lost"
    types = [one.type for one in stripe.Event.list(limit=40).data]
    for name in ["created", "funds_withdrawn", "funds_reinstated", "closed"]:
        assert f"charge.dispute.{name}" in types, (name, types)


@check
def refunds_change_later(base):
    """a pending refund arrives, and one that succeeded fails and can be made again"""
    intent = paid()
    pending = tell(base, "refunds", payment_intent=intent.id, amount=4_000, status="pending")
    assert stripe.Refund.retrieve(pending["id"]).status == "pending"
    tell(base, f"refunds/{pending['id']}", status="succeeded")
    assert stripe.Refund.retrieve(pending["id"]).status == "succeeded"
    refund = stripe.Refund.create(payment_intent=intent.id)
    tell(base, f"refunds/{refund.id}", status="failed")
    failed = stripe.Refund.retrieve(refund.id)
    assert failed.status == "failed" and failed.failure_balance_transaction
    assert stripe.Charge.retrieve(intent.latest_charge).amount_refunded == 4_000
    assert stripe.Refund.create(payment_intent=intent.id).amount == 6_000


@check
def transfers_are_reversed():
    """a transfer is taken back in parts, and never beyond what was sent"""
    intent, account = paid(), onboarded_account()
    transfer = stripe.Transfer.create(
        amount=9_000, currency="usd", destination=account.id, source_transaction=intent.latest_charge
    )
    reversal = stripe.Transfer.create_reversal(transfer.id, amount=4_000, metadata={"why": "dispute"})
    assert reversal.object == "transfer_reversal" and reversal.transfer == transfer.id and reversal.metadata["why"]
    refused(
        stripe.InvalidRequestError, lambda: stripe.Transfer.create_reversal(transfer.id, amount=5_001), status=400
    )
    stripe.Transfer.create_reversal(transfer.id)
    transfer = stripe.Transfer.retrieve(transfer.id)
    assert transfer.reversed and transfer.amount_reversed == 9_000 and len(transfer.reversals.data) == 2
    assert len(stripe.Transfer.list_reversals(transfer.id).data) == 2


@check
def balance_has_its_transactions():
    """every movement has a balance transaction, which an object expands to"""
    intent = paid()
    charge = stripe.Charge.retrieve(intent.latest_charge, expand=["balance_transaction"])
    assert charge.balance_transaction.type == "charge" and charge.balance_transaction.source == charge.id
    assert charge.balance_transaction.net == charge.amount - charge.balance_transaction.fee
    refund = stripe.Refund.create(payment_intent=intent.id, amount=1_000)
    found = stripe.BalanceTransaction.list(source=refund.id).data
    assert [one.amount for one in found] == [-1_000] and found[0].reporting_category == "refund"


@check
def lost_accounts_are_out_of_reach(base):
    """a restricted account gets nothing, and one that ended its connection cannot be read"""
    account = onboarded_account()
    tell(base, f"accounts/{account.id}", state="restricted")
    account = stripe.Account.retrieve(account.id)
    assert account.capabilities["transfers"] == "inactive" and account.requirements.past_due
    tell(base, f"accounts/{account.id}", state="deauthorized")
    refused(
        stripe.PermissionError, lambda: stripe.Account.retrieve(account.id), status=403, message="does not have access"
    )
    refused(
        stripe.InvalidRequestError, lambda: stripe.Transfer.create(amount=1, currency="usd", destination=account.id),
        code="resource_missing", status=400,
    )


@check
def banks_ask_the_customer(base):
    """a payment waits for the customer whom the bank asks"""
    intent = paid("pm_card_threeDSecure2Required")
    assert intent.status == "requires_action" and intent.next_action.type == "use_stripe_sdk"
    tell(base, f"payment_intents/{intent.id}", bank="accepts")
    assert stripe.PaymentIntent.retrieve(intent.id).status == "succeeded"


@check
def refusals_are_replayed():
    """a refusal that the call earned is the answer to its idempotency key, too"""
    intent = stripe.PaymentIntent.capture(held(600).id)
    again = lambda: stripe.PaymentIntent.capture(intent.id, idempotency_key=f"again-{intent.id}")
    first = refused(stripe.InvalidRequestError, again, code="payment_intent_unexpected_state")
    second = refused(stripe.InvalidRequestError, again, code="payment_intent_unexpected_state")
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.headers["Original-Request"] == first.headers["Request-Id"]


@check
def the_platform_reads_itself():
    """the platform's own account says who pays it out"""
    assert stripe.Account.retrieve().settings.payouts.schedule.interval in ["manual", "daily"]
