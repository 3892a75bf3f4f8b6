import GuildhallClient
import SharedModels

/// `/admin`: people, disputes, cases about money, categories and skills, revenue. The API refuses who is no admin.
struct AdminPages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/admin", overview)
        site.get("/admin/people", people)
        site.post("/admin/people/{role}/{id}/{action}", block)
        site.post("/admin/people/{id}/plan", plan)
        site.get("/admin/disputes/{id}") { try await dispute($0, nil) }
        site.post("/admin/disputes/{id}", decide)
        site.get("/admin/cases", cases)
        site.post("/admin/cases/{id}", resolve)
    }

    @Sendable private func overview(_ visit: Visit) async throws -> WebAnswer {
        let parts = Parts()
        async let cases = parts.part("cases about money") {
            try await visit.api.call(Endpoints.escrowCases.list, query: ["status": "open", "limit": "20"])
        }
        async let disputes = parts.part("disputes") {
            try await visit.api.call(Endpoints.disputes.list, query: ["limit": "15"])
        }
        async let books = parts.part("revenue and volume") {
            async let fees = Books.year(of: "revenue:usd", visit)
            let provider = try await Books.year(of: "provider:usd", visit)
            return (earned: try await fees, paid: provider)
        }
        // Whatever is away, only admins see this page.
        guard try await visit.person().role == .admin else { throw NotForYou() }
        var values: Values = [:]
        if let list = try await disputes { values["disputes"] = Self.part(list, visit.display) }
        if let open = try await cases {
            values["cases"] = ["count": "\(open.cases.count)\(open.nextCursor == nil ? "" : " and more")"] as Values
        }
        if let (earned, paid) = try await books { values["books"] = Self.part(earned, paid, visit.display) }
        return .page("admin", "Administration", values, place: "admin", parts)
    }

    private static func part(_ list: DisputeList, _ display: Display) -> Values {
        // Those that are not resolved come first.
        let hasMore = list.nextCursor != nil && list.disputes.last?.status != .resolved
        return [
            "count": "\(list.disputes.count { $0.status != .resolved })\(hasMore ? " and more" : "")",
            "isEmpty": list.disputes.isEmpty,
            "list": list.disputes.map {
                [
                    "gigTitle": $0.gigTitle, "address": "/admin/disputes/\($0.id)", "status": Status.dispute($0.status),
                    "opened": display.time($0.createdAt), "reason": $0.reason.beginning(),
                ] as Values
            },
        ]
    }

    private static func part(_ earned: Books, _ paid: Books, _ display: Display) -> Values {
        let volume = MonthChart(
            "Paid in by clients", paid.sums(of: { $0.kind == "capture" ? -$0.amountMinor : 0 }), display)
        let revenue = MonthChart("Earned in fees", earned.sums(of: \.amountMinor), display)
        return [
            // What others hold for us is below zero in the books.
            "revenue": display.money(earned.balance), "provider": display.money(-paid.balance),
            "charts": [volume.values, revenue.values], "months": MonthChart.rows([volume, revenue]),
            "isCut": earned.isCut || paid.isCut,
        ]
    }

    @Sendable private func people(_ visit: Visit) async throws -> WebAnswer {
        let page = visit.queries("page", "search").merging(["limit": "15"]) { $1 }
        let isAboutClients = visit.query("role") != "freelancer"
        let list =
            isAboutClients
            ? try await visit.api.call(Endpoints.adminUsers.clients, query: page)
            : try await visit.api.call(Endpoints.adminUsers.freelancers, query: page)
        let role = isAboutClients ? "client" : "freelancer"
        var values: Values = [
            "isAboutClients": isAboutClients, "total": visit.display.number(Int64(list.total)),
            "isEmpty": list.data.isEmpty,
            "role": role, "search": visit.query("search") ?? "",
            "clients": visit.address(with: ["role": nil, "page": nil]),
            "freelancers": visit.address(with: ["role": "freelancer", "page": nil]),
            "people": list.data.map { person(of: $0, role, visit) },
        ]
        if list.currentPage < list.totalPages {
            values["more"] = ["address": visit.address(with: ["page": "\(list.currentPage + 1)"])] as Values
        }
        return .page("admin-people", "People", values, place: "admin")
    }

    private func person(of user: UserView, _ role: String, _ visit: Visit) -> Values {
        let id = user._id.id
        let isBlocked = user.status == .blocked
        var plan = Form(
            "/admin/people/\(id)/plan", submit: "Set plan",
            [
                Field(.choice, "plan-\(id)", "Plan of \(user.name)").with {
                    $0.isRequired = true
                    $0.value = user.subscriptionTier.rawValue
                    $0.options = Plan.allCases.map { ($0.rawValue, $0.rawValue) }
                }
            ])
        plan.back = visit.address(with: [:])
        plan.style = "quiet"
        return [
            "name": user.name, "address": "/people/\(id)", "email": user.email,
            "made": visit.display.time(user.createdAt),
            "state": isBlocked ? Status.values("Blocked", .bad) : Status.values("Active", .good),
            "block": visit.button(
                isBlocked ? "Unblock" : "Block", "/admin/people/\(role)/\(id)/\(isBlocked ? "unblock" : "block")",
                style: isBlocked ? "quiet" : "danger", back: visit.address(with: [:])),
            "plan": plan.values(visit), "tier": user.subscriptionTier.rawValue,
        ]
    }

    @Sendable private func block(_ visit: Visit) async throws -> WebAnswer {
        let (role, action) = (visit.part("role"), visit.part("action"))
        let endpoints = [
            "client block": Endpoints.adminUsers.blockClient, "client unblock": Endpoints.adminUsers.unblockClient,
            "freelancer block": Endpoints.adminUsers.blockFreelancer,
            "freelancer unblock": Endpoints.adminUsers.unblockFreelancer,
        ]
        guard let endpoint = endpoints["\(role) \(action)"] else { throw NothingThere() }
        let changed = try await visit.api.call(
            endpoint, path: ["\(role)Id": visit.part("id")], idempotencyKey: visit.once)
        return .see(OwnPath.checked(visit.fields.text("back")), .done(changed.message))
    }

    @Sendable private func plan(_ visit: Visit) async throws -> WebAnswer {
        let plan = visit.fields.text("plan-\(visit.part("id"))") ?? ""
        let tier = try await visit.api.call(
            Endpoints.tiers.set, ["subscription_tier": .string(plan)], path: visit.parts, idempotencyKey: visit.once)
        return .see(
            OwnPath.checked(visit.fields.text("back")),
            .done("\(tier.displayName) has the plan \(tier.subscriptionTier.rawValue)."))
    }

    private func dispute(_ visit: Visit, _ refused: Form?) async throws -> WebAnswer {
        let dispute = try await visit.api.call(Endpoints.disputes.get, path: visit.parts, query: ["evidence": "1"])
        let path = ["id": "\(dispute.contractID)"]
        let parts = Parts()
        async let postings = parts.part("where the money went") {
            try await visit.api.call(Endpoints.contracts.ledger, path: path)
        }
        let contract = try await visit.api.call(Endpoints.contracts.get, path: path)
        async let client = visit.name(of: contract.clientUserID, parts)
        async let worker = visit.name(of: contract.workerUserID, parts)
        var values = DisputeCase.values(dispute, visit)
        values.merge(Self.agreed(contract, about: dispute, visit)) { $1 }
        values["clientName"] = try await client ?? "who has left"
        values["workerName"] = try await worker ?? "who has left"
        let ledger = try await postings
        values["isLedgerKnown"] = ledger != nil
        if let ledger, !ledger.entries.isEmpty { values["ledger"] = LedgerRows.values(ledger, visit.display) }
        if dispute.resolution == nil { values["decide"] = (refused ?? Self.decision(visit)).values(visit) }
        return .page(
            "admin-dispute", "Dispute: \(dispute.gigTitle)", values, status: refused == nil ? 200 : 422, place: "admin",
            parts)
    }

    /// What both had agreed to, and what of it is in dispute.
    private static func agreed(_ contract: ContractView, about dispute: DisputeView, _ visit: Visit) -> Values {
        let (milestones, display) = (contract.milestones, visit.display)
        let total: Int64 = milestones.reduce(0) { $0 + $1.amountCents }
        let disputed = milestones.first { $0.id == dispute.milestoneID }
        return [
            "clientAddress": "/people/\(contract.clientUserID)", "workerAddress": "/people/\(contract.workerUserID)",
            "agreed": display.time(contract.createdAt), "terms": TermFacts.values(contract, display),
            "milestoneCount": milestones.count, "isOne": milestones.count == 1, "total": display.money(total),
            "milestone": [disputed].compactMap(\.self).map { MilestoneCard.values($0, contract, nil, visit) },
        ]
    }

    private static func decision(_ visit: Visit) -> Form {
        Form(
            "/admin/disputes/\(visit.part("id").percentEncoded)", submit: "Decide",
            [
                Field(.choice, "outcome", "Decision").with {
                    $0.isRequired = true
                    $0.options = [("client", "for the client"), ("worker", "for the freelancer"), ("split", "shared")]
                },
                Field(.money, "worker", "The freelancer's part").with {
                    $0.member = "worker_cents"
                    $0.hint = "Only when it is shared; before the fee."
                },
                Field(.check, "fee", "The losing side owes the arbitration fee").with { $0.member = "charge_fee" },
                Field(.area, "note", "Why").with {
                    $0.most = 5000
                    $0.hint = "For both to read."
                },
            ])
    }

    @Sendable private func decide(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(Self.decision(visit), again: { try await dispute(visit, $0) }) {
            let fields = visit.fields
            var body = [JSONMember("outcome", .string(fields.text("outcome") ?? ""))]
            if let cents = try fields.cents("worker") { body.append(JSONMember("worker_cents", .integer(cents))) }
            if fields.text("fee") != nil { body.append(JSONMember("charge_fee", true)) }
            if let note = fields.text("note") { body.append(JSONMember("note", .string(note))) }
            let decided = try await visit.api.call(
                Endpoints.disputes.resolve, .object(body), path: visit.parts, idempotencyKey: visit.once)
            return .see("/admin/disputes/\(decided.id)", .done("It is decided, and the money moves."))
        }
    }

    @Sendable private func cases(_ visit: Visit) async throws -> WebAnswer {
        let list = try await visit.api.call(
            Endpoints.escrowCases.list, query: visit.queries("status", "cursor").merging(["limit": "12"]) { $1 })
        var values: Values = ["isEmpty": list.cases.isEmpty, "cases": list.cases.map { card(of: $0, visit) }]
        values["more"] = visit.more(list.nextCursor)
        return .page("admin-cases", "Cases about money", values, place: "admin")
    }

    private func card(of one: EscrowCaseView, _ visit: Visit) -> Values {
        var values: Values = [
            "kind": one.kind.rawValue.replacing("_", with: " "), "subject": one.subject, "believed": one.believed,
            "reported": one.reported, "opened": visit.display.time(one.createdAt), "note": (one.note ?? "").beginning(),
            "state": one.status == .open ? Status.values("Open", .bad) : Status.values("Closed", .calm),
        ]
        if let cents = one.amountCents, let currency = one.currency {
            values["amount"] = visit.display.money(cents, currency.rawValue)
        }
        if one.status == .open { values["resolve"] = Self.closing(one).values(visit) }
        return values
    }

    private static func closing(_ one: EscrowCaseView) -> Form {
        Form(
            "/admin/cases/\(one.id)", submit: "Close the case",
            [
                Field(.choice, "action-\(one.id)", "What is to be done").with {
                    $0.member = "action"
                    $0.isRequired = true
                    $0.options =
                        one.allowedActions.map { ($0.rawValue, $0.rawValue.replacing("_", with: " ")) }
                        + [("", "nothing more: it was done elsewhere")]
                },
                Field(.area, "note-\(one.id)", "Note").with {
                    $0.member = "note"
                    $0.isRequired = true
                },
            ])
    }

    @Sendable private func resolve(_ visit: Visit) async throws -> WebAnswer {
        let id = visit.part("id")
        // One that is closed, by a form that came before, has nothing more to fill in.
        guard let one = try await openCase(id, visit) else { return try await close(id, visit) }
        return try await visit.submit(
            Self.closing(one),
            again: {
                visit.formPage("Close the case", $0, back: ("/admin/cases", "Cases about money"), place: "admin")
            }
        ) { try await close(id, visit) }
    }

    private func openCase(_ id: String, _ visit: Visit) async throws -> EscrowCaseView? {
        var query = ["status": "open", "limit": "100"]
        repeat {
            let list = try await visit.api.call(Endpoints.escrowCases.list, query: query)
            if let one = list.cases.first(where: { "\($0.id)" == id }) { return one }
            query["cursor"] = list.nextCursor
        } while query["cursor"] != nil
        return nil
    }

    private func close(_ id: String, _ visit: Visit) async throws -> WebAnswer {
        let note = JSONValue.string(visit.fields.text("note-\(id)") ?? "")
        if let action = visit.fields.text("action-\(id)") {
            _ = try await visit.api.call(
                Endpoints.escrowCases.resolve, ["action": .string(action), "note": note], path: visit.parts,
                idempotencyKey: visit.once)
        } else {
            _ = try await visit.api.call(
                Endpoints.escrowCases.close, ["note": note], path: visit.parts, idempotencyKey: visit.once)
        }
        return .see("/admin/cases", .done("The case is closed."))
    }
}
