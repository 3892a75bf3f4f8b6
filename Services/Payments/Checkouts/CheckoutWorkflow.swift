import Logging
import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels

/// What clients and admins ask about the money of contracts. Every request may be repeated.
struct CheckoutWorkflow: Sendable {
    /// Counts the older pages that a request closes, and other requests that it waits for.
    private static let maximumRounds = 6

    let mover: CheckoutMover
    let stripe: StripeClient
    let peers: any PaymentsPeers
    let follower: CheckoutFollower
    let logger: Logger

    private var database: Database { mover.database }
    private var book: CheckoutBook { mover.book }
    private var checkouts: CheckoutStore { book.checkouts }

    // MARK: - Paying

    /// Makes a page on which the client pays, or leads to the one that is open: two tabs never pay twice. One for another
    /// amount, title or contract is closed first.
    ///
    /// - Throws: `PeerRefusal` when contracts does not let the client pay, ``CheckoutError/underWay``,
    ///   ``CheckoutError/replaced``, ``ProviderError``.
    func pay(for offer: CheckoutOffer, title: String) async throws -> (checkout: Checkout, url: String) {
        for _ in 0..<Self.maximumRounds {
            var quoted = offer
            quoted.contractID = try await peers.quote(offer).contractID
            switch try await begin(quoted, title) {
            case .started(let id, let action):
                try await mover.perform(action)
                return try await page(of: id)
            case .occupied(let key):
                guard try await ActionWatch(database: database).end(of: key) != nil else {
                    throw ProviderError.unavailable(reason: "\(key) has not ended")
                }
            case .open(let checkout):
                if let url = try await url(of: checkout) { return (checkout, url) }
            case .older(let checkout):
                try await close(checkout)
            case .changed:
                continue
            }
        }
        throw ProviderError.unavailable(reason: "other pages for the same payment come up again and again")
    }

    private enum Beginning: Sendable {
        case started(CheckoutID, Action)
        /// Another request's action is under way.
        case occupied(key: String)
        /// There is an open page for just this.
        case open(Checkout)
        /// There is an open page for something else.
        case older(Checkout)
        /// What was in the way is gone.
        case changed
    }

    private func begin(_ offer: CheckoutOffer, _ title: String) async throws -> Beginning {
        try await database.transaction { tx in
            let now = book.clock.now
            var checkout = Checkout(.make(at: now), for: offer, title: title, at: now)
            if try await checkouts.insertIfAbsent(checkout, at: now, in: tx) {
                return .started(checkout.id, try await book.start(.session, &checkout, in: tx))
            }
            guard let live = try await checkouts.lockLive(offer, in: tx) else { return .changed }
            if let key = live.moving { return .occupied(key: key) }
            guard live.state == .open else { throw CheckoutError.underWay }
            let isSame =
                live.amount.minorUnits == offer.amount && live.quotedContractID == offer.contractID
                && live.title.isSpelled(title)
            return isSame ? .open(live) : .older(live)
        }
    }

    /// Where an open page is paid; `nil` when it is not open any more, which our books know then.
    private func url(of checkout: Checkout) async throws -> String? {
        guard let id = checkout.sessionID else { return nil }
        let session = try await stripe.session(id)
        if session.progress == .open, let url = session.url { return url }
        try await observe(session: id)
        return nil
    }

    /// Closes an open page, or sees that somebody has paid there.
    private func close(_ checkout: Checkout) async throws {
        guard let session = checkout.sessionID else { return }
        do {
            try await stripe.harmlessly("checkout:\(checkout.id):expire", at: book.clock.now) {
                key async throws(ProviderError) in
                try await stripe.expire(session, idempotencyKey: key)
            }
        } catch ProviderError.refused, ProviderError.spent {
            // It is not open any more; what it is instead is seen next.
        }
        try await observe(session: session)
    }

    private func page(of id: CheckoutID) async throws -> (checkout: Checkout, url: String) {
        guard let checkout = try await checkouts.find(id, in: database), let session = checkout.sessionID else {
            throw ProviderError.unavailable(reason: "the page of \(id) is being made")
        }
        guard let url = try await stripe.session(session).url else { throw CheckoutError.replaced }
        return (checkout, url)
    }

    // MARK: - What happens at Stripe

    /// Fetches a page in its present state, and follows it. Only pages that we made count, whatever else they say.
    func observe(session id: String) async throws {
        let session = try await stripe.session(id)
        guard let known = try await checkouts.find(session: id, in: database) else { return try await report(session) }
        let action: Action? = try await database.transaction { tx in
            guard var checkout = try await checkouts.lock(known.id, in: tx) else { return nil }
            return try await book.follow(session, &checkout, in: tx)
        }
        guard let action else { return }
        do {
            try await mover.perform(action)
        } catch let error where error is ProviderError || error is PeerRefusal || error is OutboundError {
            logger.info(
                "a checkout action is resumed later", metadata: ["action": "\(action.key)", "error": "\(error)"])
        }
    }

    /// Sees that a payment which Stripe tells of was made on a page of ours, if it was.
    func observe(payment id: String) async throws {
        guard try await checkouts.find(payment: id, in: database) == nil else { return }
        if let session = try await stripe.session(of: id), session.checkoutID != nil {
            try await observe(session: session.id)
        }
    }

    /// Somebody has paid on a page that our books do not have, though it looks like ours.
    private func report(_ session: CheckoutSession) async throws {
        guard let id = session.checkoutID else { return }
        if let checkout = try await checkouts.find(id, in: database), checkout.state == .opening {
            // The answer to our own action is on its way.
            throw CheckoutError.busy(id)
        }
        guard session.progress == .paid else { return }
        let isNew = try await book.cases.open(
            .unmatched, session.id, of: nil, believed: "we made no such page",
            reported: "\(session.amount) \(session.currency) was paid on it", at: book.clock.now, in: database)
        if isNew { logger.error("a case was opened about a payment page", metadata: ["session": "\(session.id)"]) }
    }

    /// Looks at a page, in case its event never comes.
    ///
    /// - Returns: Whether there is still something to wait for.
    func lookAt(_ id: CheckoutID) async throws -> Bool {
        guard let session = try await checkouts.find(id, in: database)?.sessionID else { return false }
        try await observe(session: session)
        guard let state = try await checkouts.find(id, in: database)?.state else { return false }
        return state == .open || state == .processing
    }

    /// Resumes an action that was begun and may not have ended.
    func resume(_ key: String) async throws {
        guard let action = try await book.actions.find(key, in: database), action.state == .started,
            action.subject.checkoutID != nil
        else { return }
        try await mover.perform(action)
    }

    // MARK: - Releasing and refunding

    /// An admin gives a contract's money to the freelancer, less the fee.
    ///
    /// - Throws: ``CheckoutError``; `PeerRefusal` when contracts does not approve it.
    func release(_ contract: ContractID, by admin: AccountID) async throws -> Checkout {
        let checkout = try await found(contract)
        try await follower.look(at: checkout)
        return try await mover.drive(checkout.id, to: .award, by: admin) { checkout, _ in
            try Self.check(checkout)
            return .ask(.award)
        }
    }

    /// An admin or the contract's client cancels a paid contract. What the freelancer gets of the money follows from the
    /// contract's status.
    ///
    /// - Parameter client: As the caller names it.
    /// - Throws: ``CheckoutError``; `PeerRefusal` when contracts does not cancel the contract.
    func refund(
        _ contract: ContractID, to client: AccountID, because cancellation: Checkout.Cancellation, by caller: Principal
    ) async throws -> Checkout {
        if !caller.isAdmin {
            guard caller.userType == .client else { throw CheckoutError.notForFreelancers }
            guard caller.accountID == client else { throw CheckoutError.otherClient }
        }
        let checkout = try await found(contract)
        guard checkout.clientID == client else {
            throw caller.isAdmin ? CheckoutError.otherClient : CheckoutError.notFound(contract)
        }
        try await follower.look(at: checkout)
        let admin = caller.isAdmin ? caller.accountID : nil
        return try await mover.drive(checkout.id, to: .divide, by: admin) { checkout, _ in
            try Self.check(checkout)
            checkout.cancellation = cancellation
            return .ask(.divide)
        }
    }

    /// Sends a payment that no contract takes to the card again, after refunds that failed.
    func payBack(_ id: CheckoutID, by admin: AccountID) async throws {
        let action = try await database.transaction { tx in
            guard var checkout = try await checkouts.lock(id, in: tx), checkout.moving == nil else {
                throw CheckoutError.busy(id)
            }
            guard checkout.state == .returning else {
                throw CheckoutError.illegalMove(.init(checkout.state, .giveBack))
            }
            guard !checkout.isFrozen else { throw CheckoutError.frozen }
            return try await book.returnPayment(&checkout, by: admin, in: tx)
        }
        if let action { try await mover.perform(action) }
    }

    private func found(_ contract: ContractID) async throws -> Checkout {
        guard let checkout = try await checkouts.find(of: contract, in: database) else {
            throw CheckoutError.notFound(contract)
        }
        return checkout
    }

    /// Whether the money can be released or divided now.
    private static func check(_ checkout: Checkout) throws {
        switch checkout.state {
        case .funded: if checkout.isFrozen { throw CheckoutError.frozen }
        case .released: throw CheckoutError.alreadyReleased
        case .refunded: throw CheckoutError.alreadyRefunded
        case .opening, .open, .processing, .ended, .paid, .returning, .returned:
            throw CheckoutError.illegalMove(.init(checkout.state, .release))
        }
    }

    /// What keeps an account from being deleted: payments that are not where they belong, or may come back.
    func blockers(of account: AccountID) async throws -> [DeletionBlocker] {
        try await checkouts.open(of: account, in: database).map {
            DeletionBlocker($0.division == nil ? .money : .chargeback, of: nil, in: $0.deal?.contractID)
        }
    }

    /// How a release would divide the money now, or how it was divided.
    func shares(of checkout: Checkout) -> CheckoutShares {
        checkout.division?.shares ?? CheckoutShares(releasing: checkout.rest, basisPoints: book.feeBasisPoints)
    }
}
