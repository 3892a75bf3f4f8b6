"""One deal with the library that openapi-generator makes for Python: from the gig to the review."""

import os
import time
import urllib.parse
import urllib.request

import openapi_client as library


def api(key):
    return library.ApiClient(library.Configuration(host=os.environ["GUILDHALL_URL"], access_token=key))


def until(what, look):
    end = time.monotonic() + 180
    while time.monotonic() < end:
        if (seen := look()) is not None:
            return seen
        time.sleep(0.3)
    raise SystemExit(f"{what} did not happen")


client, worker = api(os.environ["CLIENT_KEY"]), api(os.environ["WORKER_KEY"])
worker_id = library.KeysApi(worker).keys_verify().user_id

gig = library.GigsApi(client).gigs_create(
    library.GigInput(title="Write a parser", rate_cents=5_000, status=library.GigStatus.GIG_STATUS_ACTIVE))
application = library.GigsApi(worker).gigs_apply(
    gig.id, application_input=library.ApplicationInput(message="I have written three."))
library.ApplicationsApi(client).applications_update(
    gig.id, application.id, library.ApplicationUpdate(status="shortlisted"))

# The worker has no public address: it finds out by asking.
mine = library.ApplicationsApi(worker).applications_mine(gig_id=gig.id).applications
assert [a.status.value for a in mine] == ["shortlisted"], mine

negotiation = library.NegotiationsApi(client).negotiations_negotiate(library.NegotiateInput(
    gig_id=gig.id, worker_user_id=worker_id, rate_cents=5_000, hours_per_week=10, payout_delay_days=3))
library.NegotiationsApi(worker).negotiations_round(negotiation.id, terms_input=library.TermsInput(rate_cents=5_500))
agreed = library.NegotiationsApi(client).negotiations_agree(
    negotiation.id, agree_input=library.AgreeInput(round_number=2))

contracts, work = library.ContractsApi(client), library.ContractsApi(worker)
contract = agreed.contract_id
contracts.contracts_approve(contract)
work.contracts_approve(contract)
urllib.request.urlopen(work.contracts_connect_link(contract).url).read()
ready = until("onboarding", lambda: (
    seen if (seen := contracts.contracts_get(contract)).status == "pending_client_funding" else None))
milestone = ready.milestones[0].id
assert ready.milestones[0].amount_cents == 55_000, ready

intent = contracts.contracts_fund(contract, milestone).payment_intent_id
urllib.request.urlopen(urllib.request.Request(
    f"{os.environ['SANDBOX_URL']}/stripe/v1/payment_intents/{intent}/confirm",
    data=urllib.parse.urlencode({"payment_method": "pm_card_visa"}).encode(),
    headers={"Authorization": f"Bearer {os.environ['STRIPE_SECRET_KEY']}"})).read()
until("funding", lambda: True if contracts.contracts_get(contract).status == "active" else None)

work.contracts_deliver(contract, milestone, delivery_input=library.DeliveryInput(note="Done, with tests."))
released = contracts.contracts_release(contract, milestone)
assert (released.platform_fee_cents, released.transfer_cents) == (2_750, 52_250), released
assert contracts.contracts_get(contract).status == "completed"
library.ReviewsApi(client).reviews_create(contract, review_input=library.ReviewInput(rating=5, review_text="On time."))

# A refusal is of the document's shape too, and an event is read by its component.
try:
    work.contracts_deliver(contract, milestone, delivery_input=library.DeliveryInput(note="Again."))
    raise SystemExit("a released milestone was delivered again")
except library.ApiException as refusal:
    assert refusal.status == 409 and library.Error.from_json(refusal.body).error.code == "CONFLICT", refusal
channel = library.NotificationsApi(worker).notifications_create(library.ChannelInput(library.TelegramChannelInput(
    channel_type="telegram", config=library.TelegramChannelConfig(chat_id="123456789"))))
assert channel.actual_instance.config.chat_id == "123456789", channel
print("python: the deal is done")
