// One deal with the library that openapi-generator makes for Go: from the gig to the review.
package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"guildhall"
)

func api(key string) (*guildhall.APIClient, context.Context) {
	configuration := guildhall.NewConfiguration()
	configuration.Servers = guildhall.ServerConfigurations{{URL: os.Getenv("GUILDHALL_URL")}}
	return guildhall.NewAPIClient(configuration), context.WithValue(context.Background(), guildhall.ContextAccessToken, key)
}

func must[Answer any](answer Answer, response *http.Response, err error) Answer {
	if err != nil {
		fmt.Fprintln(os.Stderr, err, response)
		os.Exit(1)
	}
	return answer
}

func expect(condition bool, what string) {
	if !condition {
		fmt.Fprintln(os.Stderr, "it is not true that", what)
		os.Exit(1)
	}
}

func until(what string, look func() bool) {
	for end := time.Now().Add(180 * time.Second); time.Now().Before(end); time.Sleep(300 * time.Millisecond) {
		if look() {
			return
		}
	}
	expect(false, what)
}

func main() {
	client, asClient := api(os.Getenv("CLIENT_KEY"))
	worker, asWorker := api(os.Getenv("WORKER_KEY"))
	me := must(worker.KeysAPI.KeysVerify(asWorker).Execute())

	input := guildhall.NewGigInput("Write a parser")
	input.SetRateCents(5000)
	input.SetStatus(guildhall.GIG_STATUS_ACTIVE)
	gig := must(client.GigsAPI.GigsCreate(asClient).GigInput(*input).Execute())
	message := guildhall.NewApplicationInput()
	message.SetMessage("I have written three.")
	application := must(worker.GigsAPI.GigsApply(asWorker, gig.Id).ApplicationInput(*message).Execute())
	must(client.ApplicationsAPI.ApplicationsUpdate(asClient, gig.Id, application.Id).
		ApplicationUpdate(*guildhall.NewApplicationUpdate("shortlisted")).Execute())
	mine := must(worker.ApplicationsAPI.ApplicationsMine(asWorker).GigId(gig.Id).Execute())
	expect(mine.Applications[0].Status == guildhall.APPLICATION_STATUS_SHORTLISTED, "the worker sees that it was chosen")

	offer := guildhall.NewNegotiateInput(gig.Id, me.UserId)
	offer.SetRateCents(5000)
	offer.SetHoursPerWeek(10)
	offer.SetPayoutDelayDays(3)
	negotiation := must(client.NegotiationsAPI.NegotiationsNegotiate(asClient).NegotiateInput(*offer).Execute())
	terms := guildhall.NewTermsInput()
	terms.SetRateCents(5500)
	must(worker.NegotiationsAPI.NegotiationsRound(asWorker, negotiation.Id).TermsInput(*terms).Execute())
	agreement := guildhall.NewAgreeInput()
	agreement.SetRoundNumber(2)
	agreed := must(client.NegotiationsAPI.NegotiationsAgree(asClient, negotiation.Id).AgreeInput(*agreement).Execute())
	id := agreed.GetContractId()

	must(client.ContractsAPI.ContractsApprove(asClient, id).Execute())
	must(worker.ContractsAPI.ContractsApprove(asWorker, id).Execute())
	link := must(worker.ContractsAPI.ContractsConnectLink(asWorker, id).Execute())
	_, err := http.Get(link.Url)
	expect(err == nil, "the link for onboarding opens")
	var contract *guildhall.ContractView
	until("the worker is onboarded", func() bool {
		contract = must(client.ContractsAPI.ContractsGet(asClient, id).Execute())
		return contract.Status == guildhall.CONTRACT_STATUS_PENDING_CLIENT_FUNDING
	})
	milestone := contract.Milestones[0].Id
	expect(contract.Milestones[0].AmountCents == 55000, "the milestone is rate times hours")

	funding := must(client.ContractsAPI.ContractsFund(asClient, id, milestone).Execute())
	confirmation, _ := http.NewRequest("POST",
		os.Getenv("SANDBOX_URL")+"/stripe/v1/payment_intents/"+funding.GetPaymentIntentId()+"/confirm",
		strings.NewReader(url.Values{"payment_method": {"pm_card_visa"}}.Encode()))
	confirmation.Header.Set("Authorization", "Bearer "+os.Getenv("STRIPE_SECRET_KEY"))
	confirmation.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	_, err = http.DefaultClient.Do(confirmation)
	expect(err == nil, "the payment is confirmed")
	until("the contract is active", func() bool {
		return must(client.ContractsAPI.ContractsGet(asClient, id).Execute()).Status == guildhall.CONTRACT_STATUS_ACTIVE
	})

	delivery := guildhall.NewDeliveryInput()
	delivery.SetNote("Done, with tests.")
	must(worker.ContractsAPI.ContractsDeliver(asWorker, id, milestone).DeliveryInput(*delivery).Execute())
	released := must(client.ContractsAPI.ContractsRelease(asClient, id, milestone).Execute())
	expect(released.PlatformFeeCents == 2750 && released.TransferCents == 52250, "the fee is 5 %")
	review := guildhall.NewReviewInput(5)
	review.SetReviewText("On time.")
	must(client.ReviewsAPI.ReviewsCreate(asClient, id).ReviewInput(*review).Execute())

	_, refusal, err := worker.ContractsAPI.ContractsDeliver(asWorker, id, milestone).DeliveryInput(*delivery).Execute()
	expect(err != nil && refusal.StatusCode == 409, "what is released is not delivered again")
	config := guildhall.NewTelegramChannelConfig("123456789")
	telegram := guildhall.NewTelegramChannelInput("telegram", *config)
	channel := must(worker.NotificationsAPI.NotificationsCreate(asWorker).
		ChannelInput(guildhall.TelegramChannelInputAsChannelInput(telegram)).Execute())
	expect(channel.TelegramChannelView != nil, "the channel is Telegram's")
	fmt.Println("go: the deal is done")
}
