/// The values of one example deal: Ada's agent reads invoices for a client, ten hours at 55 dollars.
enum ExampleValues {
    /// - Returns: `nil` when the example is to be derived from the schema.
    static func named(_ member: String, in type: String?) -> JSONValue? {
        if let type, derived.contains("\(type).\(member)") { return nil }
        return type.flatMap { ofOneType["\($0).\(member)"] } ?? ofAllTypes[member]
    }

    /// Objects in the place of what is an id elsewhere.
    private static let derived: Set<String> = ["EscrowTransactionView.contractID"]

    private static let gig: JSONValue = "019cabcd-0002-7000-8000-000000000002"
    private static let application: JSONValue = "019cabcd-0003-7000-8000-000000000003"
    private static let negotiation: JSONValue = "019cabcd-0004-7000-8000-000000000004"
    private static let contract: JSONValue = "019cabcd-0005-7000-8000-000000000005"
    private static let milestone: JSONValue = "019cabcd-0006-7000-8000-000000000006"
    private static let dispute: JSONValue = "019cabcd-0007-7000-8000-000000000007"
    private static let client: JSONValue = "019cabcd-000a-7000-8000-00000000000a"
    private static let worker: JSONValue = "019cabcd-000b-7000-8000-00000000000b"
    private static let key: JSONValue = "019cabcd-000c-7000-8000-00000000000c"
    private static let webhook: JSONValue = "https://example.com/hook"
    /// A contract on Skillhouse, and its number.
    private static let hire: JSONValue = "019cabcd0005000000000005"
    private static let number: JSONValue = "CON48201937"
    private static let repository: JSONValue = "https://github.com/ada/invoices"

    private static let server: JSONValue = "https://guildhall.example.com"
    private static let calendar: JSONValue = "https://calendar.example.com/"
    private static let callbacks: JSONValue = ["https://calendar.example.com/connected"]
    private static func oauth(_ name: String) -> JSONValue {
        .string("https://guildhall.example.com/v1/oauth/\(name)")
    }

    /// By the member's name in Swift.
    private static let ofAllTypes: [String: JSONValue] = [
        "gigID": gig, "applicationID": application, "negotiationID": negotiation, "contractID": contract,
        "milestoneID": milestone, "disputeID": nil, "apiKeyID": key, "hostedAgentID": nil,
        "ownerUserID": client, "clientUserID": client, "workerUserID": worker,
        "vouchedUserID": worker,
        "voucherUserID": client, "reviewerUserID": client, "reviewedUserID": worker,
        "actorUserID": worker, "userID": worker,

        "title": "A parser for invoices", "gigTitle": "A parser for invoices",
        "description": "Reads invoices from PDF files and writes JSON.",
        "scope": "One Swift package, with tests.",
        "message": "I have written two of them.", "notes": "Can we begin a week later?",
        "note": "All invoices of the sample are read.",
        "subject": "dp_1PgafmB7WZ01zgkWrVpJvGLK", "believed": "the money is escrowed",
        "reported": "the client's bank has taken it back, and decides",
        "reason": "Three of the sample's invoices are not read.",
        "text": "The build log shows three failures.", "rationale": "The build log shows three failures.",
        "reviewText": "On time, and well tested.", "revisionNotes": nil, "name": "invoices",
        "by": ["client"],
        "rateCents": 5_500, "hoursPerWeek": 10, "payoutDelayDays": 3, "roundNumber": 1,

        "amountCents": 55_000, "platformFeeCents": 2_750, "transferCents": 52_250, "workerCents": 20_000,
        "returnedCents": 35_000, "arbitrationFeeCents": 2_500, "earnedCents": 52_250, "refundedCents": 0,
        "paidOutCents": 52_250, "heldCents": 55_000, "confidence": .decimal("0.7"),
        "clientSecret": "pi_3Example_secret_example", "publishableKey": "pk_test_example",
        "paymentIntentID": "pi_3Example",
        "creditsBalance": 10, "amount": 1, "referenceID": "match-17", "reference": "NEFT-N334260017", "cameBack": false,

        "url": repository, "htmlURL": repository, "deliveryURL": nil, "deliveryNote": nil,
        "connectURL": nil, "githubUsername": "ada", "githubProfileURL": "https://github.com/ada",
        "portfolioWebsiteURL": "https://ada.example.com/",
        "resumeURL": "https://ada.example.com/resume.pdf",
        "displayName": "Ada", "bio": "Parsers and compilers.", "skills": ["swift", "postgresql"],
        "language": "Swift", "ghostScore": 55, "contactType": "email", "contactValue": "ada@example.com",
        "rating": 5, "stargazersCount": 12, "service": "guildhall",
        "email": "ada@example.com", "accessToken": "eyJhbGciOiJFUzI1NiIsImtpZCI6ImV4YW1wbGUifQ.e30.example",
        "password": "Analytical-1843!", "currentPassword": "Analytical-1843!", "newPassword": "Difference-1849!",
        "confirmPassword": "Difference-1849!",

        "firstName": "Ada Lovelace", "profilePic": media, "avatar": media, "mediaURL": media, "city": "London",
        "country": "United Kingdom", "zip": "W1J 8JA", "college": "University of London", "course": "Mathematics",
        "position": "Analyst", "duration": "2 years", "linkedIn": "https://linkedin.example/in/ada",
        "website": "https://ada.example.com/", "roleTypes": ["contract"], "companySizes": ["startup"],
        "industries": ["healthcare"], "updatedFields": ["bio"],

        "prefix": "cc_live_", "displayPrefix": "cc_live_4fQ2",
        "key": "cc_live_4fQ2ExampleExampleExampleExample00000a",
        "secret": "whsec_ZXhhbXBsZS1leGFtcGxlLWV4YW1wbGUtZXhhbXBsZTE=", "overlapSeconds": 3_600,
        "cancelReason": "", "cancelReasonDescription": "", "canceledBy": nil,
        "revokedAt": nil, "disabledAt": nil, "payload": ["rate_cents": 5_500], "nextCursor": nil,
        "deliveredAt": nil, "releasedAt": nil, "payoutAt": nil, "respondedAt": nil, "settledAt": nil,
        "workerApprovedAt": nil, "clientEndedAt": nil, "workerEndedAt": nil, "endNote": nil, "endedBy": nil,
        "releasedBy": nil, "autoReleaseAt": nil, "nextActions": [], "href": "/api/gigs", "action": "publish",
    ]

    /// By type and member name, for members whose name means something different elsewhere.
    private static let ofOneType: [String: JSONValue] = [
        "LedgerEntryView.kind": "release", "LedgerEntryView.account": "revenue:usd", "LedgerEntryView.action": nil,
        "AccountEntryView.kind": "release", "AccountEntryView.action": nil, "AccountEntryView.adminID": nil,
        "AccountLedger.account": "revenue:usd", "AccountLedger.unit": "usd",

        "GigView.id": gig, "GigView.status": "active", "GigInput.status": "active",
        "GigUpdate.status": "active",
        "GigView.nextActions": [
            action(
                "apply", .post, "/api/gigs/\(text(gig))/apply", by: "worker",
                body: ["message": nil])
        ],
        "NextAction.body": nil,

        "ApplicationView.id": application, "ReceivedApplication.id": application,
        "OwnApplication.id": application,
        "ApplicationUpdate.status": "shortlisted", "OwnApplication.status": "shortlisted",
        "ReceivedApplication.nextActions": [
            action(
                "shortlist", .patch, "/api/gigs/\(text(gig))/applications/\(text(application))", by: "client",
                body: ["status": "shortlisted"])
        ],

        "NegotiationView.id": negotiation, "NegotiationView.state": "in_progress",
        "NegotiationView.contractID": nil, "NegotiationView.contactExchange": nil,
        "NegotiationView.audit": nil, "NegotiationView.waitsFor": ["client"],
        "NegotiationView.nextActions": [
            action(
                "agree", .post, "/api/negotiations/\(text(negotiation))/agree", by: "client", body: ["round_number": 1])
        ],
        "NegotiationSummary.state": "in_progress", "AuditEntry.kind": "round", "AuditEntry.to": "in_progress",

        "ContractView.id": contract, "ContractView.workerApprovedAt": "2026-03-02T09:00:00Z",
        "ContractView.status": "active", "ContractView.activationDeadline": nil, "ContractView.waitsFor": ["worker"],
        "ContractNews.id": contract, "ContractNews.workerApprovedAt": "2026-03-02T09:00:00Z",
        "ContractNews.status": "active", "ContractNews.activationDeadline": nil, "ContractNews.checkout": nil,
        "MilestoneView.id": milestone, "MilestoneView.status": "funded",
        "MilestoneView.nextActions": [
            action(
                "deliver", .post, "/api/contracts/\(text(contract))/milestones/\(text(milestone))/deliver",
                by: "worker", body: ["note": nil, "url": nil])
        ],
        "MilestoneInput.title": "The second month",
        "DeclineInput.reason": "I am booked until June.", "EndInput.note": "We do not need the rest.",
        "DeliveryInput.note": "All invoices of the sample are read.",
        "ReleaseView.status": "released", "ReleaseView.payoutAt": "2026-03-05T09:00:00Z",

        "Hire.contractID": number, "HireJobFreelancer.contractID": number, "HireClientFreelancer.contractID": number,
        "HireJobClient.contractID": number, "HireJobPublicClient.contractID": number,
        "HireJobClientFreelancer.contractID": number, "ReviewedHire.contractID": number,
        "FreelancerReview.contractID": hire, "FreelancerRating.contractID": hire,
        "CheckoutOffer.amount": 120_000, "CheckoutCancellation.by": "Client",
        "HireStatusEntry.timestamp": "02-03-26", "HireJob.location": "Remote",
        "HireParty.name": "Ada", "HireParty.profilePic": "",
        "PublicHireParty.name": "Ada", "PublicHireParty.profilePic": "",
        "HireInput.amount": 1_200, "HireCancellationInput.cancelReason": "We found another way.",
        "HireCancellationInput.cancelReasonDescription": "The invoices come as data now.",
        "HireAnswer.message": "The contract was created.", "RatingAnswer.message": "The review was saved.",
        "FreelancerRating.description": "On time, and well tested.",
        "FreelancerReview.description": "On time, and well tested.",
        "FreelancerReviewContractPublicClient.description": "On time, and well tested.",

        "CaseResolution.action": "adopt", "EscrowCaseView.allowedActions": ["adopt"],
        "CheckoutView.id": "cs_test_a1Example",
        "CheckoutView.url": "https://checkout.stripe.com/c/pay/cs_test_a1Example",
        "CheckoutInput.rate": 1_200, "EscrowRefundInput.cancelReason": "We found another way.",
        "EscrowRefundInput.cancelReasonDescription": "The invoices come as data now.",
        "EscrowRecordView.contractID": hire, "EscrowContract.contractID": number, "WalletMove.contractID": hire,
        "EscrowContract.jobTitle": "A parser for invoices", "EscrowParty.name": "Ada",
        "EscrowRecordAnswer.message": "The money was released to the freelancer's wallet.",
        "EscrowMonth.month": "2026-03", "WalletMonth.month": "2026-03", "MonthlyEarnings.month": "2026-03",
        "EarningsView.from": "2026-03", "EarningsView.to": "2026-03", "CurrencyEarnings.balanceCents": 0,
        "WalletMove.description": "Payment of contract CON48201937",
        "WalletTransactionView.contractID": number, "WalletTransactionView.clientName": "Grace Hopper",
        "WalletTransactionView.description": "Payment of contract CON48201937",

        "DisputeView.id": dispute, "DisputeView.evidence": nil, "DisputeView.counterEvidence": nil,
        "DisputeView.recommendation": nil, "DisputeView.resolution": nil,
        "DisputeView.nextActions": [
            action(
                "respond", .post, "/api/disputes/\(text(dispute))/respond", by: "worker",
                body: ["evidence": [["type": nil, "url": nil, "description": nil]]])
        ],
        "CreditDeduction.reason": "match_deduction", "DecisionInput.outcome": "split",
        "DecisionInput.chargeFee": false,
        "EvidenceInput.type": "build_log",
        "EvidenceInput.description": "The run of the test on 2 March.", "ReviewView.publishedAt": nil,

        "APIKeyView.id": key, "CreatedAPIKey.id": key, "APIKeyInput.name": "My agent",
        "APIKeyView.name": "My agent", "CreatedAPIKey.name": "My agent", "RevokedAPIKey.id": key,
        "ServiceStateView.name": "jobs", "ServiceStateView.version": "1.0.0",
        "KeyRequestView.method": "GET", "KeyRequestView.path": "/api/gigs/{id}", "KeyRequestView.status": 200,
        "KeyRequestView.durationUs": 850, "KeyRequestView.requestID": "req-4711",
        "ScopedKeyInput.name": "My dashboard", "CreatedScopedKey.name": "My dashboard",
        "CreatedScopedKey.key": "sk_live_4fQ2ExampleExampleExampleExample00000a",
        "ScopedKeyInput.expiresAt": nil, "CreatedScopedKey.expiresAt": nil, "SessionView.userType": "client",
        "SessionView.signInMethods": ["github"], "SignInMethodList.methods": ["password", "github", "google"],
        "ProviderDoor.url": "https://github.com/login/oauth/authorize?client_id=Ov23liExample&state=Xk2v",

        "OAuthClientInput.redirectURIs": callbacks, "OAuthClientView.redirectURIs": callbacks,
        "RegisteredOAuthClient.redirectURIs": callbacks, "OAuthClientInput.clientName": "Calendar",
        "OAuthClientView.clientName": "Calendar", "RegisteredOAuthClient.clientName": "Calendar",
        "OAuthGrantView.clientName": "Calendar", "OAuthClientInput.clientURI": calendar,
        "OAuthClientView.clientURI": calendar, "RegisteredOAuthClient.clientURI": calendar,
        "OAuthGrantView.clientURI": calendar, "OAuthClientInput.scope": "matches:read profiles:read",
        "OAuthClientInput.grantTypes": ["authorization_code", "refresh_token"],
        "OAuthClientView.grantTypes": ["authorization_code", "refresh_token"],
        "RegisteredOAuthClient.grantTypes": ["authorization_code", "refresh_token"],
        "OAuthClientView.scope": "matches:read profiles:read",
        "RegisteredOAuthClient.scope": "matches:read profiles:read", "OAuthTokenView.scope": "matches:read",
        "OAuthIntrospectionView.scope": "matches:read", "OAuthClientInput.contacts": ["dev@calendar.example.com"],
        "OAuthClientInput.softwareID": "calendar", "OAuthClientInput.softwareVersion": "2.1",
        "RegisteredOAuthClient.clientSecret": "oauth_cs_ExampleExampleExampleExampleExampleExampleEx00000a",
        "RegisteredOAuthClient.clientSecretExpiresAt": 0, "RegisteredOAuthClient.clientIDIssuedAt": 1_772_442_000,
        "OAuthClientView.clientIDIssuedAt": 1_772_442_000,
        "OAuthTokenView.accessToken": "oauth_at_ExampleExampleExampleExampleExampleExampleEx00000a",
        "OAuthTokenView.tokenType": "Bearer", "OAuthTokenView.expiresIn": 3600,
        "OAuthTokenView.refreshToken": "oauth_rt_ExampleExampleExampleExampleExampleExampleEx00000a",
        "OAuthIntrospectionView.tokenType": "Bearer", "OAuthIntrospectionView.iss": server,
        "OAuthIntrospectionView.exp": 1_772_445_600, "OAuthIntrospectionView.iat": 1_772_442_000,
        "OAuthMetadata.issuer": server, "OAuthMetadata.authorizationEndpoint": oauth("authorize"),
        "OAuthMetadata.tokenEndpoint": oauth("token"), "OAuthMetadata.registrationEndpoint": oauth("clients"),
        "OAuthMetadata.revocationEndpoint": oauth("revoke"),
        "OAuthMetadata.introspectionEndpoint": oauth("introspect"),
        "OAuthMetadata.responseModesSupported": ["query"], "OAuthMetadata.codeChallengeMethodsSupported": ["S256"],
        "OAuthMetadata.serviceDocumentation": "https://guildhall.example.com/docs",

        "LoginUser.profilePic": "", "UserView.profilePic": "", "UserView.mobile": nil,
        "RegistrationInput.name": "Ada Lovelace", "RegisteredData.name": "Ada Lovelace",
        "RegistrationInput.role": "client",
        "RegistrationInput.mobile": nil, "RegisteredData.mobile": nil, "RegisteredData.role": "client",
        "LoginUser.name": "Ada", "UserView.name": "Ada", "CodeInput.otp": "482913",
        "GoogleLoginInput.token": "eyJhbGciOiJSUzI1NiIsImtpZCI6ImV4YW1wbGUifQ.e30.example",
        "GoogleLoginInput.role": "client", "PasswordByLinkInput.token": link,
        "UserList.total": 1, "UserList.currentPage": 1, "UserList.totalPages": 1, "UserList.success": true,
        "ChangedUser.success": true, "ChangedUser.message": "The client is blocked.",
        "Acknowledgement.message": "A code was mailed to you; enter it within five minutes.",
        "LoginView.message": "You are signed in.",
        "HostedAgentInput.name": "Scout", "HostedAgentUpdate.name": "Scout", "HostedAgentView.name": "Scout",
        // RFC 7517, appendix A.1.
        "JSONWebKey.kty": "EC", "JSONWebKey.crv": "P-256", "JSONWebKey.use": "sig", "JSONWebKey.alg": "ES256",
        "JSONWebKey.x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "JSONWebKey.y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM", "JSONWebKey.kid": "2026-03",

        "CategoryList.total": 1, "CategoryList.currentPage": 1, "CategoryList.totalPages": 1,
        "SkillList.total": 1, "SkillList.currentPage": 1, "SkillList.totalPages": 1,
        "NameInput.name": "Web development", "CategoryView.name": "Web development", "SkillView.name": "React.js",
        "AdminAcknowledgement.message": "The category is offered.", "KnownSkill.name": "React.js",
        "KnownCategory.name": "Web development", "SkillBatch.skills": [knownSkill],

        "JobInput.skills": [skill], "JobUpdate.skills": [skill], "JobDocument.skills": [skill],
        "JobView.skills": [["_id": skill, "name": "React.js"]], "JobSkill.name": "React.js",
        "JobInput.location": "Pune", "JobUpdate.location": "Pune", "JobDocument.location": "Pune",
        "JobView.location": "Pune", "JobFacts.location": "Pune", "JobInput.userID": .null,
        "JobInput.startDate": "2026-03-02T00:00:00Z", "JobInput.endDate": "2026-03-31T00:00:00Z",
        "JobUpdate.startDate": "2026-03-02T00:00:00Z", "JobUpdate.endDate": "2026-03-31T00:00:00Z",
        "JobPerson.name": "Ada", "JobPerson.profilePic": "", "JobFreelancer.name": "Ada",
        "JobFreelancer.profilePic": "", "JobFreelancer.title": "Writer of parsers", "JobFreelancer.state": "England",
        "JobFreelancer.language": ["English"],
        "JobAnswer.message": "The job is open.", "JobApplicationAnswer.message": "You have applied to the job.",
        "JobApplicantList.message": "1 freelancer has applied.",
        "JobApplicationInput.coverLetter": "I have written two of them.",
        "JobApplicationDocument.coverLetter": "I have written two of them.",
        "AppliedJob.coverLetter": "I have written two of them.",
        "JobApplicant.coverLetter": "I have written two of them.",
        "FreelancerProfile.title": "Writer of parsers", "FreelancerProfileInput.title": "Writer of parsers",
        "FreelancerProfile.state": "England", "FreelancerProfileInput.state": "England",
        "ClientProfile.state": "England", "ClientProfileInput.state": "England",
        "FreelancerProfile.language": ["English"], "FreelancerProfileInput.language": ["English"],
        "FreelancerSkill.name": "Swift", "SkillReference.name": "Swift", "FreelancerCategory.name": "Web development",
        "FreelancerProfileInput.jobCategory": "Web development", "PortfolioItem.name": "Invoices",
        "Employment.company": "Analytical Engines", "EmploymentInput.company": "Analytical Engines",
        "LinkedAccounts.github": "https://github.com/ada", "LinkedAccountsInput.github": "https://github.com/ada",
        "SavedFreelancerProfile.message": "Your profile was saved.", "StoredPicture.imageURL": media,
        "SavedClientProfile.message": "Your profile was saved.", "StoredPicture.message": "Your picture was stored.",
        "TalentProfile.name": "Ada", "UpdatedTalentProfile.name": "Ada", "TalentProfileInput.name": "Ada",
        "TalentProfile.title": "Writer of parsers", "UpdatedTalentProfile.title": "Writer of parsers",
        "TalentProfileInput.title": "Writer of parsers", "TalentProfile.location": "London, UK",
        "UpdatedTalentProfile.location": "London, UK", "TalentProfileInput.location": "London, UK",
        "TalentSkill.name": "Swift", "SalaryRange.currency": "EUR", "CompanyFacts.type": "startup",
        "CompanyFacts.size": "11-50", "CompanyFacts.industry": "technology", "OptimizationSuggestion.field": "bio",
        "OptimizationSuggestion.suggestion": "Write a bio of at least 100 characters.",

        "WebhookInput.url": webhook, "WebhookView.url": webhook, "CreatedWebhook.url": webhook,
        "WebhookUpdate.url": webhook, "WebhookUpdate.enabled": true, "WebhookView.disabledReason": nil,
        "WebhookDeliveryView.event": "gig.created", "WebhookDeliveryView.state": "delivered",
        "SkillSyncDeliveryView.event": "gig.created", "SkillSyncDeliveryView.status": "delivered",
        "SkillSyncDeliveryView.nextAttemptAt": nil, "SkillSyncWebhookInput.url": webhook,
        "CreatedSkillSyncWebhook.url": webhook, "SkillSyncWebhookView.url": webhook,
        "ChannelCodeInput.code": "271828", "WebhookDeliveryView.nextAttemptAt": nil, "DeliveryAttemptView.status": 200,
        "DeliveryAttemptView.responseBody": "ok", "DeliveryAttemptView.error": nil,
        "EventView.event": "gig.created", "EventView.data": ["rate_cents": 5_500], "NoticeView.event": "gig.created",
        "NoticeView.title": "Your gig “A parser for invoices” was created", "NoticeView.text": "Its status is draft.",
        "NoticeView.readAt": nil,
        "NoticeView.link": "https://guildhall.example/gigs/019cabcd-0002-7000-8000-000000000002",
        "ReplayInput.from": "2026-03-01T09:00:00Z", "ReplayInput.to": "2026-03-02T09:00:00Z",
        "ReplayInput.state": "failed", "ReplayView.nextFrom": nil,
        "MessageInput.message": "When can we talk?", "MessageInput.metadata": nil,
        "MessageNews.message": "When can we talk?",
        "MessageMetadataInput.threadID": "thread_019cabcd00ff700080000000000000fe",
        "MessageView.message": "When can we talk?",
        "MessageView.readAt": nil, "MessageView.deletedAt": nil, "MessageMetadata.matchID": nil,
        "MessageMetadata.mediaID": nil, "LastMessage.text": "When can we talk?", "ParticipantView.name": "Ada",
        "MessageView.deliveredAt": "2026-03-02T09:00:00Z", "MessageReceipt.deliveredAt": "2026-03-02T09:00:00Z",
        "ParticipantView.userID": "user_019cabcd000b7000800000000000000b",
        "ParticipantView.company": nil, "ConversationItem.matchID": nil, "ConversationNews.matchID": nil,
        "MessagePagination.nextBefore": nil, "MessagePagination.hasMore": false,
        "ChannelInput.config": telegram, "ChannelView.config": telegram,

        "MatchView.userID": user, "MatchAnswer.userID": user, "MatchNews.userID": user, "MatchDecision.userID": user,
        "MatchedWork.gigID": "gig_019cabcd000270008000000000000002", "MatchedProfile.name": "Analytical Engines",
        "MatchedProfile.title": "Engines that calculate", "MatchedProfile.type": "startup",
        "MatchedProfile.logo": media, "MatchedProfile.location": "London, UK", "MatchedProfile.companySize": "11-50",
        "MatchedProfile.industry": "technology", "MatchedSkill.skill": "Swift", "MatchedSkill.weight": .decimal("0.85"),
        "MatchView.matchReasons": ["2 of 3 skills asked for: Swift, PostgreSQL"],
        "MatchAnswer.matchReasons": ["2 of 3 skills asked for: Swift, PostgreSQL"],
        "MatchInsights.strengths": ["2 of 3 skills asked for: Swift, PostgreSQL"],
        "MatchInsights.gaps": ["Not there: Kubernetes"],
        "MatchInsights.summary": "72 of 100: skills 67, experience 85, preferences and location 67.",
        "MatchImprovement.suggestion": "Kubernetes among the skills",
        "MatchActionResult.nextSteps": ["Write in the conversation: POST /v1/messages."],
        "MatchNews.skillsMatched": ["Swift"], "MatchDecision.skillsMatched": ["Swift"], "MatchDecision.reason": nil,

        "ProfileViewFigures.total": 234, "ProfileViewFigures.thisWeek": 28, "ProfileViewFigures.growth": "+12%",
        "OwnMatchFigures.totalReceived": 156, "OwnMatchFigures.accepted": 23, "OwnMatchFigures.acceptanceRate": "14.7%",
        "OwnMatchFigures.avgMatchScore": 78, "OwnMessageFigures.sent": 45, "OwnMessageFigures.received": 67,
        "OwnMessageFigures.responseRate": "87.5%", "OwnMessageFigures.avgResponseTime": "2h 15m",
        "SkillDemand.skill": "Swift", "SkillDemand.demandScore": 95, "PlatformAnalytics.activeUsers": 4_210,
        "PlatformAnalytics.newProfiles": 380, "PlatformMatchFigures.created": 9_120,
        "PlatformMatchFigures.accepted": 1_341, "PlatformMatchFigures.acceptanceRate": "14.7%",
        "PlatformMatchFigures.avgMatchScore": 71, "PlatformMessageFigures.sent": 20_345,
        "PlatformAnalytics.topIndustries": ["technology", "healthcare"],
    ]

    private static let user: JSONValue = "user_019cabcd000b7000800000000000000b"

    private static let skill: JSONValue = "019cabcd00e1000000000001"
    private static let knownSkill: JSONValue = [
        "id": "019cabcd-00e1-7000-8000-000000000001", "name": "React.js", "is_listed": true,
    ]

    private static let media: JSONValue = "https://guildhall.example/api/media/019cabcd00f1000000000001"
    private static let link: JSONValue = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    private static let telegram: JSONValue = ["chat_id": "123456789"]

    private static func action(
        _ name: JSONValue, _ method: Method, _ href: String, by role: JSONValue, body: JSONValue = nil
    ) -> JSONValue {
        [
            "action": name, "method": .string(method.rawValue), "href": .string(href), "by": [role],
            "deadline": nil, "body": body,
        ]
    }

    private static func text(_ id: JSONValue) -> String { id.string ?? "" }
}
