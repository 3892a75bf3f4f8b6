import Testing

@testable import SharedModels

/// The promise under test: every declaration is complete, and only the intended endpoints are open.
@Suite struct CatalogueTests {
    @Test func `every operation has its own name and place, and every schema one type`() {
        #expect(throws: Never.self) { try Catalogue.check() }
    }

    @Test func `each group is in the catalogue once, and each operation in a list`() {
        let groups = Mirror(reflecting: Catalogue.shared).children.compactMap { $0.value as? any EndpointGroup }
        #expect(groups.count == Mirror(reflecting: Catalogue.shared).children.count)
        #expect(groups.allSatisfy { !$0.operations.isEmpty })
        #expect(groups.map(\.operations.count).reduce(0, +) == Catalogue.all.count)
        #expect(Catalogue.published.count + Catalogue.internal.count == Catalogue.all.count)
        #expect(Set(groups.map { "\(type(of: $0))" }).count == groups.count)
    }

    @Test func `an operation is on the surface of its group`() {
        #expect(Endpoints.auth.login.operation.surface == .skillhouse)
        #expect(Endpoints.auth.publicKeys.operation.surface == .skillhouse)
        #expect(Endpoints.credits.grant.operation.surface == .clawConnected)
        #expect(Endpoints.disputes.resolve.operation.surface == .clawConnected)
        #expect(Endpoints.session.current.operation.surface == .clawConnected)
        #expect(Endpoints.oauth.token.operation.surface == .oauth)
        #expect(Endpoints.authInternal.account.operation.surface == .internal)
    }

    @Test func `no two services claim one path`() {
        for (index, one) in Catalogue.published.enumerated() {
            for other in Catalogue.published[(index + 1)...]
            where one.method == other.method && one.service != other.service {
                let pairs = zip(one.path.split(separator: "/"), other.path.split(separator: "/"))
                let isSameLength =
                    one.path.split(separator: "/").count == other.path.split(separator: "/").count
                let isAmbiguous =
                    isSameLength && pairs.allSatisfy { $0 == $1 || $0.hasPrefix("{") || $1.hasPrefix("{") }
                #expect(!isAmbiguous, "\(one.line) and \(other.line) belong to two services")
            }
        }
    }

    @Test func `only these are open to anyone`() {
        #expect(
            Set(Catalogue.published.filter(\.isForAnyone).map(\.id)) == [
                "health", "openapi", "docs", "llms", "skill", "session.page", "session.password", "session.github",
                "session.github.callback", "session.google", "session.google.callback", "session.methods",
                "stripe.webhook", "stripe.webhook.alias", "auth.login", "auth.logout", "auth.refresh", "auth.jwks",
                "freelancer.profile.get", "freelancer.contracts.completed", "client.reviews.list",
                "notifications.unsubscribe.page", "notifications.unsubscribe",
                "categories.list", "skills.list",
                "jobs.board", "jobs.board.alias",
                "auth.google", "auth.register", "auth.verify", "auth.resend", "auth.password.change",
                "auth.password.forgot", "auth.password.update",
                "oauth.authorize", "oauth.token", "oauth.revoke", "oauth.introspect", "oauth.metadata",
            ])
    }

    @Test func `what services ask each other is theirs alone, and nothing else is`() {
        for operation in Catalogue.all {
            let isInternal = operation.path.hasPrefix("/internal/")
            #expect(operation.isForServices == isInternal, "\(operation.line)")
            #expect((operation.surface == .internal) == isInternal, "\(operation.line)")
        }
        #expect(Catalogue.published.allSatisfy { !$0.isForServices })
        #expect(Catalogue.internal.allSatisfy { $0.isForServices })
    }

    @Test func `the operator imports, and does nothing else behind the gateway`() {
        for operation in Catalogue.all {
            #expect(operation.isForOperator == operation.path.hasPrefix("/internal/import/"), "\(operation.line)")
        }
    }

    @Test func `every internal endpoint for services names its callers, as few as there are`() {
        let forServices = Catalogue.internal.filter { !$0.isForOperator }
        let money = forServices.filter { $0.service == .payments && !$0.path.hasSuffix("/events") }
        let callers: [String: Set<ServiceName>] = [
            "internal.accounts.money": [.auth], "internal.credits": [.talent], "internal.payments.work": [.auth],
        ]
        for operation in money {
            #expect(operation.callers == callers[operation.id] ?? [.contracts], "\(operation.id)")
        }
        let asked = [
            "internal.credentials.resolve", "internal.revocations", "internal.keys.requests", "internal.places.return",
        ]
        for operation in forServices where !asked.contains(operation.id) {
            #expect((1...6).contains(operation.callers.count), "\(operation.id)")
            #expect(!operation.callers.contains(operation.service), "\(operation.id)")
        }
        for operation in forServices {
            #expect(!operation.callers.contains(.sandbox), "\(operation.id)")
        }
    }

    @Test func `a service takes events of exactly those that tell it some`() {
        let senders: [ServiceName: Set<ServiceName>] = [
            .talent: [.auth, .jobs, .contracts, .messages], .jobs: [.auth, .contracts], .contracts: [.auth, .payments],
            .payments: [.auth], .notifications: [.auth, .talent, .jobs, .contracts, .payments, .messages],
            .messages: [.auth, .notifications],
        ]
        let takers = Catalogue.internal.filter { $0.path == "/internal/events" }
        #expect(Set(takers.map(\.service)) == Set(senders.keys))
        for operation in takers { #expect(operation.callers == senders[operation.service], "\(operation.id)") }
    }

    /// A 202 is not kept under an `Idempotency-Key`, so a repeat would do it again.
    @Test func `no endpoint answers 202 always`() {
        #expect(Catalogue.published.filter { $0.success == 202 }.map(\.id) == [])
    }

    @Test func `an account's endpoint asks for a scope that fits what it does`() throws {
        let withoutScope = Set(
            Catalogue.published.filter { $0.rule != nil && $0.rule?.scope == nil }.map(\.id))
        #expect(
            withoutScope == [
                "keys.verify", "keys.rotate", "session.get", "session.delete", "session.github.link",
                "session.github.unlink", "session.google.link", "session.google.unlink", "media.get",
            ])
        for operation in Catalogue.published {
            guard let rule = operation.rule, let scope = rule.scope else { continue }
            if operation.method != .get { #expect(scope.rawValue.hasSuffix(":write"), "\(operation.id)") }
            #expect(!rule.credentials.isEmpty, "\(operation.id)")
        }
    }

    @Test func `what makes or ends a credential takes no key, but for replacing keys`() {
        for operation in Catalogue.published
        where ["/api/keys", "/api/agents", "/api/account"].contains(where: operation.path.hasPrefix)
            && operation.method != .get
        {
            let expected: Set<CredentialKind> =
                switch operation.id {
                case "keys.rotate": [.apiKey]
                case "keys.rotate.named": [.session, .accessToken, .apiKey]
                default: [.session, .accessToken]
                }
            #expect(operation.rule?.credentials == expected, "\(operation.id)")
        }
    }

    /// The public paths of each service, as the platform's contract assigns them.
    @Test(arguments: [
        ("/api/session", ServiceName.auth), ("/api/keys", .auth), ("/api/health", .auth), ("/api/auth", .auth),
        ("/.well-known/jwks.json", .auth), ("/v1/oauth", .auth),
        ("/.well-known/oauth-authorization-server", .auth), ("/v1/auth", .auth), ("/api/admin/credits", .payments),
        ("/api/admin/escrow", .payments),
        ("/api/agents", .auth), ("/api/account", .auth), ("/api/admin/users", .auth),
        ("/api/profile", .talent), ("/api/vouches", .talent), ("/api/media", .talent),
        ("/api/client/profile", .talent), ("/api/freelancer/profile", .talent), ("/v1/profiles", .talent),
        ("/v1/matches", .talent),
        ("/api/gigs", .jobs), ("/api/applications", .jobs),
        ("/api/negotiations", .contracts), ("/api/negotiate", .contracts), ("/api/contracts", .contracts),
        ("/api/disputes", .contracts), ("/api/admin/disputes", .contracts), ("/api/admin/reviews", .contracts),
        ("/api/profile/{userId}/reviews", .contracts),
        ("/api/client/job/payment", .payments), ("/api/freelancer/wallet", .payments), ("/api/earnings", .payments),
        ("/webhook", .payments), ("/api/stripe/webhook", .payments), ("/api/webhooks", .notifications),
        ("/api/notifications", .notifications), ("/v1/messages", .messages),
    ])
    func `a path belongs to the service that owns its thing`(prefix: String, service: ServiceName) {
        // Reviews are shown beside the profile, but belong to the deals that they are about.
        let elsewhere = "/api/profile/{userId}/reviews"
        let operations = Catalogue.published.filter {
            $0.path == prefix || ($0.path.hasPrefix(prefix + "/") && $0.path != elsewhere)
        }
        #expect(!operations.isEmpty)
        #expect(operations.allSatisfy { $0.service == service })
    }

    @Test func `every operation is found with its service`() {
        for service in ServiceName.allCases {
            #expect(Catalogue.operations(of: service).allSatisfy { $0.service == service })
        }
        #expect(
            ServiceName.allCases.map { Catalogue.operations(of: $0).count }.reduce(0, +)
                == Catalogue.all.count)
    }

    @Test func `path parameters are whole segments with distinct names`() {
        for operation in Catalogue.all {
            #expect(
                operation.path.hasPrefix("/") && !operation.path.hasSuffix("/")
                    && !operation.path.contains("//"))
            #expect(operation.path.count { $0 == "{" } == operation.pathParameters.count, "\(operation.line)")
            #expect(operation.path.count { $0 == "}" } == operation.pathParameters.count, "\(operation.line)")
            #expect(
                Set(operation.pathParameters).count == operation.pathParameters.count, "\(operation.line)")
            for name in operation.pathParameters {
                #expect(!name.isEmpty && name.allSatisfy { $0.isLetter && $0.isASCII }, "\(operation.line)")
                #expect(operation.path.split(separator: "/").contains("{\(name)}"), "\(operation.line)")
            }
            #expect(Set(operation.query.map(\.name)).count == operation.query.count, "\(operation.line)")
        }
    }

    @Test func `a success has the body that its status promises`() {
        for operation in Catalogue.all {
            let hasNoBody = operation.output == NoOutput.self
            #expect(hasNoBody == [204, 302].contains(operation.success), "\(operation.line)")
            let isKnown =
                operation.output is any Model.Type || operation.output == TextOutput.self
                || operation.output == FileOutput.self || operation.output == StreamedOutput.self
                || operation.output == EventStreamOutput.self
            #expect(hasNoBody || isKnown, "\(operation.line) answers with \(operation.output)")
            #expect(
                operation.alsoAnswers.allSatisfy { ((200..<300).contains($0) || $0 == 302) && $0 != operation.success },
                "\(operation.line)")
            #expect(!operation.summary.isEmpty && operation.summary.last != ".", "\(operation.line)")
        }
    }

    /// Skillhouse's own: a cancellation gives its reason in a body, and a request for a release has none.
    private static let unusual = [
        "client.contracts.cancel", "client.contracts.requestRelease", "client.contracts.requestRelease.alias",
    ]

    @Test func `a request has a body only where one is meant`() {
        for operation in Catalogue.all where !Self.unusual.contains(operation.id) {
            let takesBody =
                operation.input is any Model.Type || operation.input == RawInput.self
                || operation.input == FileInput.self || operation.input == UploadInput.self
            #expect(
                takesBody || operation.input == NoInput.self, "\(operation.line) takes \(operation.input)")
            #expect(!takesBody || ![.get, .delete].contains(operation.method), "\(operation.line)")
            #expect(operation.method != .patch || takesBody, "\(operation.line)")
        }
    }

    @Test func `every list is paged`() {
        for operation in Catalogue.published
        where operation.outputSchema?.properties.contains(where: { $0.member == "nextCursor" }) == true {
            // The feed runs forward: it goes on after an event.
            let place = operation.id == "events.list" ? "after" : "cursor"
            #expect(Set(operation.query.map(\.name)).isSuperset(of: ["limit", place]), "\(operation.line)")
        }
        let lists = Catalogue.published.filter { $0.query.contains { $0.name == "cursor" } }
        // SkillSync's lists have it beside the numbers of pages.
        #expect(
            lists.allSatisfy { list in
                list.outputSchema?.properties.contains { ["nextCursor", "pagination"].contains($0.member) } == true
            })
        #expect(!lists.isEmpty)
    }

    @Test func `refusals that follow from the declaration are among those named`() {
        for operation in Catalogue.published {
            let refusals = Set(operation.refusals)
            #expect(refusals.isSuperset(of: operation.errors), "\(operation.line)")
            if operation.rule != nil { #expect(refusals.contains(.unauthorized), "\(operation.line)") }
            if operation.rule?.userType != nil || operation.rule?.isForAdmins == true {
                #expect(refusals.contains(.forbidden), "\(operation.line)")
            }
            if operation.inputSchema != nil || operation.file != nil {
                #expect(refusals.contains(.validationFailed), "\(operation.line)")
            }
            if !operation.pathParameters.isEmpty {
                #expect(refusals.contains(.notFound), "\(operation.line)")
            }
        }
    }
}

/// The promise under test: the words that callers rely on do not change.
@Suite struct WordTests {
    @Test(arguments: [
        (ErrorCode.badRequest, "BAD_REQUEST", 400), (.validationFailed, "VALIDATION_FAILED", 400),
        (.unauthorized, "UNAUTHORIZED", 401), (.forbidden, "FORBIDDEN", 403), (.notFound, "NOT_FOUND", 404),
        (.methodNotAllowed, "METHOD_NOT_ALLOWED", 405), (.requestTimeout, "REQUEST_TIMEOUT", 408),
        (.conflict, "CONFLICT", 409),
        (.preconditionFailed, "PRECONDITION_FAILED", 412), (.payloadTooLarge, "PAYLOAD_TOO_LARGE", 413),
        (.uriTooLong, "URI_TOO_LONG", 414),
        (.unsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", 415),
        (.idempotencyMismatch, "IDEMPOTENCY_MISMATCH", 422), (.rateLimitExceeded, "RATE_LIMIT_EXCEEDED", 429),
        (.internalError, "INTERNAL_ERROR", 500), (.badGateway, "BAD_GATEWAY", 502),
        (.agentPaused, "AGENT_PAUSED", 503), (.serviceUnavailable, "SERVICE_UNAVAILABLE", 503),
        (.gatewayTimeout, "GATEWAY_TIMEOUT", 504),
    ])
    func `a code stands for its status`(code: ErrorCode, text: String, status: Int) {
        #expect(code.rawValue == text)
        #expect(code.status == status)
    }

    @Test func `the twelve standard events are those of the contract, and each event is told to somebody`() {
        #expect(EventName.standard.count == 12)
        #expect(
            Set(EventName.allCases).subtracting(EventName.standard) == [
                .keyExpiring, .milestoneReleaseDue, .milestoneMoneyChanged, .contractMoneyChanged, .payoutsPaused,
                .walletPaidOut, .messageReceived, .conversationStarted, .profileUpdated, .matchCreated, .matchAccepted,
                .matchRejected,
                .caseOpened,
            ])
        #expect(EventName.allCases.allSatisfy { $0.event.destinations.contains(.notifications) })
        #expect(
            InternalEventName.allCases.allSatisfy {
                // Notifications passes none of these on. It deletes the webhooks and channels of a deleted account, sends
                // nothing to those of a blocked one, and remembers who the admins are.
                !$0.event.destinations.isEmpty
                    && ([.accountDeleted, .accountBlocked, .accountUnblocked, .adminAppointed].contains($0)
                        || !$0.event.destinations.contains(.notifications))
            })
        let destinations = Set(Events.all.flatMap { $0.destinations })
        for service in destinations {
            #expect(
                Catalogue.operations(of: service).contains { $0.path == "/internal/events" },
                "\(service) takes no events")
        }
    }

    @Test func `services listen on ports of their own, beside the gateway's`() {
        let offsets = ServiceName.allCases.map(\.portOffset)
        #expect(Set(offsets).count == offsets.count)
        #expect(!offsets.contains(0))
        #expect(ServiceName.auth.portOffset == 1)
        #expect(ServiceName.sandbox.portOffset == 9)
    }
}
