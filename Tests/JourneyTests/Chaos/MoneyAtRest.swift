import SharedModels
import Testing

/// The promises: whatever happened, in the end the money is in one place, and all books say which.
extension MilestoneMoney {
    func checkRest() async throws {
        let books = world.books
        guard let escrow = try await books.escrow(of: deal.milestone) else { return }
        let seen = try await books.milestone(deal.milestone)
        #expect(!escrow.isMoving && !seen.isMoving, "\(plan): its money still moves")

        var (left, payments) = (Int64(0), 0)
        for payment in try await books.payments(of: deal.milestone) {
            let rest = try await books.rest(of: payment)
            left += rest.captured - rest.back
            if rest.captured > rest.back { payments += 1 }
            if rest.status == "requires_capture" {
                #expect(escrow.state == "held" && escrow.intent == payment, "\(plan): a hold of nobody's, \(payment)")
            }
        }
        let hasCase = try await books.hasCase(about: deal.milestone)
        #expect(payments <= 1 || hasCase, "\(plan): paid \(payments) times")
        let transfers = try await books.transferred(for: deal.milestone)
        #expect(transfers.count <= 1, "\(plan): \(transfers.count) transfers")
        #expect(
            try await books.believed(of: deal.milestone) == left - transfers.amount,
            "\(plan): the ledger believes otherwise than \(left) less \(transfers.amount)")
        if escrow.state != "paid" { #expect(transfers.amount == 0, "\(plan): paid out and \(escrow.state)") }

        switch escrow.state {
        case "held", "escrowed":
            #expect(["funded", "delivered"].contains(seen.status) || hasCase, "\(plan): \(escrow.state), \(seen)")
        case "released", "paid":
            #expect(seen.status == "released", "\(plan): \(escrow.state), \(seen)")
            let figures = try await books.figures(of: deal.milestone)
            #expect(figures.contracts == figures.payments, "\(plan): the payout is \(figures)")
        default: #expect(seen.status == "pending", "\(plan): \(escrow.state), \(seen)")
        }
        if escrow.state == "escrowed" {
            let balance = try await books.balance(of: "escrow:\(deal.milestone)")
            #expect(balance == left, "\(plan): \(balance) in escrow, \(left) at the provider")
        }
        try await checkAccounts(escrow, hasCase)
        guard plan.isPlain else { return }
        let wanted: (state: String, left: Int64, paid: Int64) =
            switch plan.ending {
            case .releaseHeld, .releaseCaptured, .deadline, .decideForWorkerHeld: ("paid", 55_000, 52_250)
            case .endHeld, .endCaptured, .decideForClientHeld, .decideForClientCaptured: ("unfunded", 0, 0)
            case .splitHeld, .splitCaptured: ("paid", 20_000, 19_000)
            }
        #expect(escrow.state == wanted.state, "\(plan): \(escrow.state)")
        #expect(left == wanted.left && transfers.amount == wanted.paid, "\(plan): \(left), \(transfers.amount)")
    }
}

extension MilestoneMoney {
    /// Nothing of the deal's money is forgotten in an account. The worker has no other deal.
    private func checkAccounts(_ escrow: Books.Escrow, _ hasCase: Bool) async throws {
        let books = world.books
        let worker = deal.worker.id
        let (escrowed, refunding, payable, receivable) = try await (
            books.balance(of: "escrow:\(deal.milestone)"), books.balance(of: "refunding:\(deal.milestone)"),
            books.balance(of: "payable:\(worker)"), books.balance(of: "receivable:\(worker):usd")
        )
        #expect(
            escrow.state == "escrowed" || escrowed == 0 || hasCase, "\(plan): \(escrowed) in escrow, \(escrow.state)")
        #expect(refunding == 0, "\(plan): \(refunding) on its way to the client")
        #expect(escrow.state == "released" || payable == 0, "\(plan): \(payable) for the worker, \(escrow.state)")
        #expect(receivable <= 0 || hasCase, "\(plan): \(receivable) was taken from the worker")
        let isGone = plan.outsider.map { $0.deed == .reject } ?? false
        let isExplained = try await books.hasCase(about: deal.milestone, besides: "payee_missing")
        #expect(!isGone || payable == 0 || isExplained, "\(plan): \(payable) for a worker who is never paid")
    }
}

extension HireMoney {
    func checkRest() async throws {
        let books = world.books
        var kept = 0
        for checkout in try await books.checkouts(of: job) {
            #expect(!checkout.isMoving, "\(plan): its money still moves")
            let hasCase = try await books.hasCase(about: checkout.id)
            let isAtRest = ["ended", "funded", "released", "refunded", "returned"].contains(checkout.state)
            #expect(isAtRest || hasCase || checkout.state == "open", "\(plan): \(checkout.state)")
            guard let intent = checkout.intent else { continue }
            let rest = try await books.rest(of: intent)
            if rest.captured > rest.back { kept += 1 }
            let believed = try await books.believed(of: checkout.id)
            #expect(believed == rest.captured - rest.back, "\(plan): the ledger believes \(believed), not \(rest)")
            let escrowed = try await books.balance(of: "escrow:\(checkout.id)")
            let isHeld = ["paid", "funded", "returning"].contains(checkout.state)
            #expect(isHeld || escrowed == 0 || hasCase, "\(plan): \(escrowed) in escrow, \(checkout.state)")
        }
        #expect(kept <= 1, "\(plan): paid \(kept) times")
        guard plan.isPlain else { return }
        let wanted: (client: Int64, freelancer: Int64) =
            switch plan.ending {
            case .release, .secondPage: (0, 135_000)
            case .refundStarted: (114_750, 20_250)
            case .refundOngoing: (81_000, 54_000)
            case .cancelUnpaid: (0, 0)
            }
        let wallets = try await (
            books.balance(of: "wallet:\(client.id):inr"), books.balance(of: "wallet:\(freelancer.id):inr")
        )
        #expect(wallets == wanted, "\(plan): the wallets have \(wallets)")
    }
}

extension ChaosWorld {
    /// Lets a minute pass, and sees that nothing is older than it.
    func awaitRest() async throws {
        var left: Remains?
        // A step each time somebody tries again, and some for those who have to wait for others. Behind the last step
        // nothing but a slow machine is waited for.
        for step in 1...12 {
            try await advance(15)
            // Of all payments these alone have nobody in the schedule who asks the bank for its answer.
            for intent in try await books.undecidedFees() {
                try await order("stripe/payment_intents/\(intent)", ["bank": "accepts"])
            }
            let end = ContinuousClock.now + .seconds(step < 12 ? 1 : 180)
            repeat {
                let now = try await stack.now()
                var remains = try await books.remains(olderThan: now - .seconds(60))
                remains.things.subtract(before.things)
                left = remains
                if remains.things.isEmpty, remains.isBalanced, agrees(remains) { return }
                try await Task.sleep(for: .milliseconds(100))
            } while ContinuousClock.now < end
        }
        #expect(left?.things == [], "older than a minute")
        #expect(left.map(agrees) == true, "\(left?.drift ?? [:]): ledger and provider do not agree")
        #expect(left?.isBalanced == true)
    }

    /// Other tests make payments of nobody's, and leave those.
    private func agrees(_ remains: Remains) -> Bool {
        remains.drift.allSatisfy { $0.value == 0 || $0.value == before.drift[$0.key] }
    }
}
