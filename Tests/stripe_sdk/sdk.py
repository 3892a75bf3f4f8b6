"""Shared by the checks: how to register one, and objects that many of them need."""

import json
import urllib.request

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
    with urllib.request.urlopen(urllib.request.Request(url, data=b"", method="POST"), timeout=120) as answer:
        return json.load(answer)


def get(url):
    with urllib.request.urlopen(url, timeout=120) as answer:
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
