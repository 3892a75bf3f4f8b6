// One deal with the library that openapi-generator makes for TypeScript: from the gig to the review.
import * as library from "./library";

declare const process: { env: { [name: string]: string }; exit(code: number): never };

const api = (key: string) =>
    new library.Configuration({ basePath: process.env.GUILDHALL_URL, accessToken: async () => key });

async function until<Seen>(what: string, look: () => Promise<Seen | undefined>): Promise<Seen> {
    const end = Date.now() + 180_000;
    while (Date.now() < end) {
        const seen = await look();
        if (seen !== undefined) return seen;
        await new Promise((resolve) => setTimeout(resolve, 300));
    }
    throw new Error(`${what} did not happen`);
}

function expect(condition: boolean, what: string) {
    if (!condition) throw new Error(`it is not true that ${what}`);
}

async function deal() {
    const client = api(process.env.CLIENT_KEY);
    const worker = api(process.env.WORKER_KEY);
    const workerUserId = (await new library.KeysApi(worker).keysVerify()).userId;

    const gig = await new library.GigsApi(client).gigsCreate({
        gigInput: { title: "Write a parser", rateCents: 5_000, status: library.GigStatus.GIG_STATUS_ACTIVE },
    });
    const application = await new library.GigsApi(worker).gigsApply({
        id: gig.id, applicationInput: { message: "I have written three." },
    });
    await new library.ApplicationsApi(client).applicationsUpdate({
        id: gig.id, appId: application.id, applicationUpdate: { status: "shortlisted" },
    });
    const mine = await new library.ApplicationsApi(worker).applicationsMine({ gigId: gig.id });
    expect(mine.applications[0].status === "shortlisted", "the worker sees that it was chosen");

    const negotiation = await new library.NegotiationsApi(client).negotiationsNegotiate({
        negotiateInput: { gigId: gig.id, workerUserId, rateCents: 5_000, hoursPerWeek: 10, payoutDelayDays: 3 },
    });
    await new library.NegotiationsApi(worker).negotiationsRound({
        id: negotiation.id, termsInput: { rateCents: 5_500 },
    });
    const agreed = await new library.NegotiationsApi(client).negotiationsAgree({
        id: negotiation.id, agreeInput: { roundNumber: 2 },
    });
    const id = agreed.contractId;
    if (!id) throw new Error("agreeing made no contract");

    const contracts = new library.ContractsApi(client);
    const work = new library.ContractsApi(worker);
    await contracts.contractsApprove({ id });
    await work.contractsApprove({ id });
    await fetch((await work.contractsConnectLink({ id })).url);
    const ready = await until("onboarding", async () => {
        const seen = await contracts.contractsGet({ id });
        return seen.status === "pending_client_funding" ? seen : undefined;
    });
    const milestoneId = ready.milestones[0].id;
    expect(ready.milestones[0].amountCents === 55_000, "the milestone is rate times hours");

    const funding = await contracts.contractsFund({ id, milestoneId });
    await fetch(`${process.env.SANDBOX_URL}/stripe/v1/payment_intents/${funding.paymentIntentId}/confirm`, {
        method: "POST", body: new URLSearchParams({ payment_method: "pm_card_visa" }),
        headers: { Authorization: `Bearer ${process.env.STRIPE_SECRET_KEY}` },
    });
    await until("funding", async () => ((await contracts.contractsGet({ id })).status === "active" ? true : undefined));

    await work.contractsDeliver({ id, milestoneId, deliveryInput: { note: "Done, with tests." } });
    const released = await contracts.contractsRelease({ id, milestoneId });
    expect(released.platformFeeCents === 2_750 && released.transferCents === 52_250, "the fee is 5 %");
    expect((await contracts.contractsGet({ id })).status === "completed", "the contract is completed");
    await new library.ReviewsApi(client).reviewsCreate({ id, reviewInput: { rating: 5, reviewText: "On time." } });

    const refusal = await work.contractsDeliver({ id, milestoneId, deliveryInput: { note: "Again." } }).then(
        () => undefined, (error: library.ResponseError) => error.response);
    expect(refusal?.status === 409, "what is released is not delivered again");
    const channel = await new library.NotificationsApi(worker).notificationsCreate({
        channelInput: { channelType: "telegram", config: { chatId: "123456789" } },
    });
    expect(channel.channelType === "telegram", "the channel is Telegram's");
    console.log("typescript: the deal is done");
}

deal().catch((error) => {
    console.error(error);
    process.exit(1);
});
