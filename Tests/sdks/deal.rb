# One deal with the library that openapi-generator makes for Ruby: from the gig to the review.
require 'json'
require 'net/http'
require 'openapi_client'

Library = OpenapiClient

def api(key)
  server = URI(ENV.fetch('GUILDHALL_URL'))
  Library::ApiClient.new(Library::Configuration.new do |configuration|
    configuration.scheme = server.scheme
    configuration.host = "#{server.host}:#{server.port}"
    configuration.server_index = nil
    configuration.access_token = key
  end)
end

def expect(condition, what)
  raise "it is not true that #{what}" unless condition
end

def wait_until(what)
  600.times do
    seen = yield
    return seen if seen

    sleep 0.3
  end
  raise "#{what} did not happen"
end

client = api(ENV.fetch('CLIENT_KEY'))
worker = api(ENV.fetch('WORKER_KEY'))
worker_id = Library::KeysApi.new(worker).keys_verify.user_id

gig = Library::GigsApi.new(client).gigs_create(
  Library::GigInput.new(title: 'Write a parser', rate_cents: 5_000, status: Library::GigStatus::GIG_STATUS_ACTIVE)
)
application = Library::GigsApi.new(worker).gigs_apply(
  gig.id, application_input: Library::ApplicationInput.new(message: 'I have written three.')
)
Library::ApplicationsApi.new(client).applications_update(
  gig.id, application.id, Library::ApplicationUpdate.new(status: 'shortlisted')
)
mine = Library::ApplicationsApi.new(worker).applications_mine(gig_id: gig.id).applications
expect(mine.map(&:status) == ['shortlisted'], 'the worker sees that it was chosen')

negotiation = Library::NegotiationsApi.new(client).negotiations_negotiate(
  Library::NegotiateInput.new(
    gig_id: gig.id, worker_user_id: worker_id, rate_cents: 5_000, hours_per_week: 10, payout_delay_days: 3
  )
)
Library::NegotiationsApi.new(worker).negotiations_round(
  negotiation.id, terms_input: Library::TermsInput.new(rate_cents: 5_500)
)
id = Library::NegotiationsApi.new(client).negotiations_agree(
  negotiation.id, agree_input: Library::AgreeInput.new(round_number: 2)
).contract_id

contracts = Library::ContractsApi.new(client)
work = Library::ContractsApi.new(worker)
contracts.contracts_approve(id)
work.contracts_approve(id)
Net::HTTP.get(URI(work.contracts_connect_link(id).url))
ready = wait_until('onboarding') do
  seen = contracts.contracts_get(id)
  seen if seen.status == 'pending_client_funding'
end
milestone = ready.milestones.first
expect(milestone.amount_cents == 55_000, 'the milestone is rate times hours')

intent = contracts.contracts_fund(id, milestone.id).payment_intent_id
Net::HTTP.post(
  URI("#{ENV.fetch('SANDBOX_URL')}/stripe/v1/payment_intents/#{intent}/confirm"), 'payment_method=pm_card_visa',
  'Authorization' => "Bearer #{ENV.fetch('STRIPE_SECRET_KEY')}", 'Content-Type' => 'application/x-www-form-urlencoded'
)
wait_until('funding') { contracts.contracts_get(id).status == 'active' }

work.contracts_deliver(id, milestone.id, delivery_input: Library::DeliveryInput.new(note: 'Done, with tests.'))
released = contracts.contracts_release(id, milestone.id)
expect([released.platform_fee_cents, released.transfer_cents] == [2_750, 52_250], 'the fee is 5 %')
expect(contracts.contracts_get(id).status == 'completed', 'the contract is completed')
Library::ReviewsApi.new(client).reviews_create(id, Library::ReviewInput.new(rating: 5, review_text: 'On time.'))

begin
  work.contracts_deliver(id, milestone.id, delivery_input: Library::DeliveryInput.new(note: 'Again.'))
  raise 'a released milestone was delivered again'
rescue Library::ApiError => e
  expect(e.code == 409 && JSON.parse(e.response_body)['error']['code'] == 'CONFLICT', 'the refusal has its code')
end
channel = Library::NotificationsApi.new(worker).notifications_create(
  Library::TelegramChannelInput.new(
    channel_type: 'telegram', config: Library::TelegramChannelConfig.new(chat_id: '123456789')
  )
)
expect(channel.config.chat_id == '123456789', "the channel is Telegram's")
puts 'ruby: the deal is done'
