/// What members mean, in the document: units, ranges, defaults, and when they are `null`.
///
/// A table by the member's name in Swift, as for ``ExampleValues``: most names mean the same in every type.
enum MemberDescriptions {
    /// What it says of `null`, or of absence, after a semicolon is left out where the member cannot be `null` or absent.
    ///
    /// - Parameters:
    ///   - type: The name of the type that has the member.
    ///   - isSent: Whether callers send the type.
    static func text(of property: ObjectSchema.Property, in type: String?, isSent: Bool) -> String? {
        let member = property.member
        let text = type.flatMap { ofOneType["\($0).\(member)"] } ?? ofAllTypes[member] ?? ofWholes[member]
        guard let parts = text?.split(separator: "; ") else { return nil }
        let mayBeAbsent = isSent && !property.isRequired
        let rest = parts.dropFirst().filter { part in
            if part.hasPrefix("null") { return property.schema.mayBeNull }
            return mayBeAbsent || !part.hasSuffix("when absent")
        }
        return (parts.prefix(1) + rest).joined(separator: "; ")
    }

    /// - Parameter name: The enum's name in Swift.
    static func text(ofEnum name: String) -> String? { ofEnums[name] }

    private static let ofEnums: [String: String] = [
        "GigStatus": "draft: seen by its owner alone. active: takes applications. closed: takes none.",
        "ApplicationStatus": "applied: not decided. shortlisted: the client may negotiate. rejected.",
        "NegotiationState": """
        pending: no terms yet. in_progress: rounds go on. pending_owner_approval: agreed, a contract waits for \
        approvals. approved: both have approved. expired: ended without a deal.
        """,
        "NegotiationEnd": """
        decline: a party did not want to go on. rounds: a fourth round. silence: nobody acted. departure: a party left.
        """,
        "ContractStatus": """
        pending_owner_approval: the parties approve. pending_freelancer_kyc: the worker finishes onboarding. \
        pending_client_funding: the client funds the first milestone. active: work goes on. completed: all is \
        released. Others are ends without completion.
        """,
        "MilestoneStatus":
            "pending: not funded. funded: the money is held. delivered: the client decides. released: paid.",
        "DisputeStatus": "open: the other party may respond. responded, under_review: an admin decides. resolved.",
        "DisputeOutcome": "Which side wins, or split.",
        "ReviewStatus": "pending: seen by its author alone. published. hidden: taken down by an admin.",
        "RetryPolicy": "standard: again after 1, 2, 4, 8, 16 s. durable: then on, with jitter, for 72 h.",
        "WebhookEnding":
            "gone: the receiver answered 410. failing: nothing was taken for five days. owner: by its owner.",
        "DeliveryState": "pending: on its way. delivered. failed: given up. skipped: not to be sent any more.",
        "EscrowStatus": "funded: in escrow. released: in the freelancer's wallet. refunded: divided. canceled: unused.",
        "DealFlow": "milestone_capture: held on a card per milestone. escrow_checkout: paid at once, held in escrow.",
        "Currency": "usd counts cents, inr counts paise.",
        "Plan": "What the account has paid for; decides its rate limits.",
        "UserType": "client: posts and pays. freelancer: works.",
        "PartyRole": "The two sides of a deal.",
        "EventName": "What happened. The twelve of a webhook without `events` are the standard ones.",
        "Scope": Scope.allCases.map { "\($0.rawValue): \($0.wish)." }.joined(separator: " "),
        "ApplicationDecision": "shortlisted: the client may negotiate. rejected.",
        "JobSort": "dateNew, newest and the empty word are the same, and budgetHigh and rate.",
    ]

    /// For members whose name means something else elsewhere.
    private static let ofOneType: [String: String] = [
        "NextAction.action": "What can be done",
        "NextAction.by": "Which side may do it",
        "NextAction.body": """
        What to send, with every member that it takes. null in it is yours to say: what may be left out may stay null, the \
        rest is refused as null. null when it takes none
        """,
        "LedgerEntryView.action": "What was asked of the provider, if anything",
        "AccountEntryView.action": "What was asked of the provider, if anything",
        "LedgerEntryView.kind": "What kind of posting it is", "AccountEntryView.kind": "What kind of posting it is",
        "ChannelInput.config": "Where the channel leads", "ChannelView.config": "Where the channel leads",
        "GigView.rateCents": "US cents per hour; 0 is volunteer work, null to be negotiated",
        "GigInput.rateCents": "US cents per hour; 0 is volunteer work, absent to be negotiated",
        "GigList.applicationCounts": "For each of these gigs; null unless the list has your own gigs alone",
        "GigApplicationCount.total": "How many have applied, up to 1,000",
        "GigInput.status": "draft when absent",
        "ApplicationUpdate.status": "What the client decides",
        "DeclineInput.reason": "Why, for the other party to read",
        "DisputeInput.reason": "What is wrong", "DisputeView.reason": "What is wrong",
        "EndInput.note": "Why, for the other party to read",
        "DecisionInput.note": "Why, for both parties to read", "ResolutionView.note": "Why, for both parties to read",
        "DecisionInput.workerCents": "Only for split: the worker's part in US cents, before the fee",
        "DecisionInput.chargeFee": "Whether the losing party owes the arbitration fee; a split has no losing party",
        "MilestoneInput.amountCents": "US cents, 50 or more; 0 for work that is not paid",
        "RotationInput.overlapSeconds": "How long the old key works on, in seconds, 0 to 86,400; 0 when absent",
        "HostedAgentInput.llmMonthlyLimit": "Recommendations in a calendar month (UTC); 100 when absent",
        "DeliveryAttemptView.status": "The answer's status; null without an answer",
        "DeliveryAttemptView.error": "Why there was no answer",
        "WebhookUpdate.enabled": "false disables it, true enables it again",
        "ReplayInput.from": "The first moment", "ReplayInput.to": "The last moment; now when absent",
        "ReplayInput.state": "Those in this state; failed when absent",
        "NoticeItem.message": "In words", "NoticeItem.isRead": "Whether it was read",
        "NoticeItem.role": "For which side",
        "OAuthClientInput.scope": "What it may do, separated by spaces",
        "OAuthClientView.scope": "What it may do, separated by spaces",
        "RegisteredOAuthClient.scope": "What it may do, separated by spaces",
        "OAuthTokenView.scope": "What it may do, separated by spaces",
        "OAuthIntrospectionView.scope": "What it may do, separated by spaces",
        "OAuthClientView.clientID": "The program",
        "RegisteredOAuthClient.clientID": "The program",
        "OAuthGrantView.clientID": "The program",
        "OAuthIntrospectionView.clientID": "The program",
        "OAuthClientInput.clientName": "The program's name",
        "OAuthClientView.clientName": "The program's name",
        "RegisteredOAuthClient.clientName": "The program's name",
        "OAuthGrantView.clientName": "The program's name",
        "RegisteredOAuthClient.clientSecret": "Shown this once; absent for a public client",
        "OAuthTokenView.accessToken": "For Authorization: Bearer",
        "EarningsView.from": "The first month, YYYY-MM, in UTC", "EarningsView.to": "The last month, YYYY-MM, in UTC",
        "CurrencyEarnings.months": "All that were asked for, oldest first",
        "CurrencyEarnings.balanceCents": "What you have and were not paid yet, of all months; negative when you owe it",
        "MonthlyEarnings.count": "How many payments brought something",
        "AnalyticsPeriod.from": "The first day", "AnalyticsPeriod.to": "The last day",
        "OwnMessageFigures.sent": "How many", "OwnMessageFigures.received": "How many",
        "PlatformMessageFigures.sent": "How many", "NoticeView.link": "A page about it; null without one",
        "AuditEntry.from": "The state before", "AuditEntry.to": "The state afterwards",
        "JobView.rate": "What all of the work pays, in rupees", "JobInput.rate": "What all of the work pays, in rupees",
        "JobInput.userID": "Your own id; it may be left out",
        "FreelancerProfileInput.jobCategory": "Its id or its name; empty for none",
        "WalletMove.amount": "In rupees, never negative: type tells the direction",
        "WalletTransactionView.amount": "In rupees, never negative: type tells the direction",
        "EscrowRecordView.amount": "What is in escrow now, in rupees; 0 once it is released or refunded",
        "Hire.amount": "What the whole job costs, in rupees", "HireInput.amount": "What the whole job costs, in rupees",
        "CreditDeduction.amount": "Credits to take", "CreditGrant.amount": "Credits to give",
        "CreditDeduction.reason": "What they are spent on",
        "EscrowRecordView.status": "Where the money is", "Verification.github": "Whether the account is linked",
        "Verification.email": "Whether the address is confirmed", "Verification.phone": "Whether it is confirmed",
        "ConversationPage.messages": "Newest first", "MatchView.work": "The gig or job that it is about, if any",
        "HealthView.ok": "Always true: it answers", "HireStatusEntry.timestamp": "The day, DD-MM-YY",
        "ExperienceScore.score": "0 to 100", "EvidenceInput.url": "Where it is; a url, a description or both",
        "EvidenceView.url": "Where it is", "DeliveryInput.url": "Where the work is, http or https",
        "WebhookInput.url": "http or https, not a private address", "ConnectLink.url": "For a person to open, once",
        "ProviderDoor.url": "For the browser that asked, within 10 minutes",
        "CheckoutView.url": "Where the client pays, until it expires or another one is asked for",
        "CheckoutView.id": "Stripe's id of the Checkout Session", "JobApplicantList.message": "How many there are",
        "EventView.data": "As the event's component in this document says",
        "NoticeView.text": "What happened, for people", "RecommendationView.confidence": "0 to 1",
        "ScorePart.weight": "Its part of the whole, in percent", "MatchedSkill.weight": "0 to 1",
        "CompanyFacts.size": "How many people, as 11-50", "AccountLedger.unit": "usd, inr or credit",
        "ReleaseView.status": "releasing, with 202, finishes by itself",
        "DisputeView.evidence": "Of the party that opened it; null without evidence=1",
        "DisputeView.counterEvidence": "Of the other party; null without evidence=1",
        "WebhookDeliveryView.event": "The event's name", "SkillSyncDeliveryView.event": "The event's name",
        "EventView.event": "The event's name", "NoticeView.event": "The event's name",
        "EscrowCaseView.userID": "The worker whose money it is about", "MessageInput.type": "text when absent",
        "CaseNote.note": "What was done about it", "CaseResolution.note": "Why, for those who read it later",
        "EscrowCaseView.note": "What was done about it; null while it is open",
        "ServiceStateList.services": "All of them", "ServiceStateView.name": "The service",
        "ServiceStateView.answers": "Whether it answers", "ServiceStateView.version": "Null when it does not answer",
        "ServiceStateView.eventsWaiting": "Events not handed over to another service yet, up to 10,000",
        "ServiceStateView.oldestEventSeconds": "The age of the oldest of them, in seconds",
        "ServiceStateView.itemsOverdue": "Scheduled items a minute late or more",
        "ServiceStateView.deadLetters": "What failed for good and waits for an operator, up to 10,000",
        "ServiceStateView.oldestDeadLetterSeconds": "The age of the oldest of them, in seconds",
        "KeyRequestView.path": "The path's template; what stood in its braces is not kept",
        "KeyRequestView.requestID": "X-Request-ID of the answer",
        "APIKeyInput.prefix": "Up to 16 of a-z, 0-9 and _; cc_live_ when absent",
        "Pagination.total": "How many there are", "CreatedAPIKey.key": "The key's text, shown this once",
        "CreatedScopedKey.key": "The key's text, shown this once", "JSONWebKey.x": "A coordinate, in base64url",
        "JSONWebKey.y": "A coordinate, in base64url", "SalaryRange.currency": "An ISO 4217 code",
        "TalentSkill.years": "How long it has been practised", "HireJob.status": "null while it cannot be asked for",
        // An address.
        "FreelancerProfile.state": "The state or province", "FreelancerProfileInput.state": "The state or province",
        "ClientProfile.state": "The state or province", "ClientProfileInput.state": "The state or province",
        "JobFreelancer.state": "The state or province",
        "FreelancerProfile.language": "The languages that somebody speaks",
        "FreelancerProfileInput.language": "The languages that somebody speaks",
        "JobFreelancer.language": "The languages that somebody speaks",
        "JobView.skills": "What the work asks for", "JobDocument.skills": "What the work asks for",
        "JobInput.skills": "What the work asks for", "JobUpdate.skills": "What the work asks for",
        "JobApplicantList.applicants": "The applications on this page",
        "LoginInput.password": "The account's password", "Verification.linkedin": "Whether the account is linked",
        "KeyRequestView.status": "The answer's status", "AccountLedger.balanceMinor": "What the account holds now",
        "EventFeed.events": "Oldest first",
        "EventFeed.nextCursor":
            "after of the next call; null when there is nothing more yet: then the last event's id is",
        "SkillSyncWebhookInput.events": "Which events it gets; the six of this surface when absent",
        "SkillSyncWebhookInput.secret": "What signs its requests, 8 to 256 characters; one is made when absent",
        "WebhookUpdate.events": "Which events it gets",
        "WebhookUpdate.retryPolicy": "How failed deliveries are repeated",
        "TermsInput.payoutDelayDays": "Days between release and payout, 3 to 10; as it stands when absent, at first 3",
        "MatchDecision.action": "What was done",

        "Hire.contractID": Self.number,
        "HireJobFreelancer.contractID": Self.number,
        "HireClientFreelancer.contractID": Self.number,
        "HireJobClient.contractID": Self.number,
        "HireJobClientFreelancer.contractID": Self.number,
        "HireJobPublicClient.contractID": Self.number,
        "ReviewedHire.contractID": Self.number + "; null for one of ClawConnected",
        "EscrowContract.contractID": Self.number,
        "WalletTransactionView.contractID": Self.number + "; empty without a contract",

        // Amounts in more than one currency.
        "CheckoutNews.amountMinor": "What the whole job costs, in the currency's minor units",
        "WalletPayoutNews.amountCents": "What was paid, in the currency's minor units",
        "MoneyChangeNews.amountCents": "What was moved, in the currency's minor units",
        "ContractMoneyNews.amountCents": "What was moved, in the currency's minor units",
        "EscrowCaseView.amountCents": "In the currency's minor units; null when no amount is known",
        "GigCreatedEventData.rateCents": Self.rateOfFlows, "GigUpdatedEventData.rateCents": Self.rateOfFlows,
        "GigDeletedEventData.rateCents": Self.rateOfFlows,
        "ContractNews.rateCents": "US cents per hour; null when it is paid as a whole",
    ]

    private static let number = "The contract's number, CON and eight digits, to read"
    private static let rateOfFlows = """
        In the currency's minor units, per hour or, with escrow_checkout, for all of the work; null to be negotiated
        """
}
