import SharedModels

/// What is read of `escrows`.
struct EscrowRow: Sendable {
    enum Status: String, CaseIterable, Sendable {
        case funded, released, refunded, canceled
    }

    let id: CheckoutID
    let jobID: GigID
    let clientID: AccountID
    /// `nil` in records that the original wrote without it.
    let contractID: ContractID?
    let status: Status
    /// What is in escrow now.
    let amount: Int64
    let fee: Int64
    let earning: Int64?
    let paymentIntentID: String?
    let created: Timestamp
    let updated: Timestamp

    private static let intents = ["paymentIntentId", "stripePaymentIntentId", "paymentIntent"]
    private static let amounts: ClosedRange<Int64> = 0...Currency.inr.chargeable.upperBound

    init?(_ fields: DumpFields, _ world: DumpWorld) {
        let id: CheckoutID? = fields.id()
        let job = fields.reference("jobId", in: world.jobs)
        let client = world.user("clientId", .client, fields)
        let status: Status? = fields.choice("status")
        if status == .canceled {
            fields.refuse("status", "is canceled, which the original never sets: see where the money is")
        }
        if fields.value("transactionType") == "debit" {
            fields.refuse("transactionType", "is debit: a payment comes with its credit record")
        }
        let amount = fields.paise("amount", Self.amounts)
        let fee = fields.paise("platformFee", Self.amounts)
        earning = fields.paiseIfPresent("freelancerEarning", Self.amounts)
        contractID = fields.idIfPresent("contractId")
        paymentIntentID =
            world.usesSameStripe
            ? Self.intents.lazy.compactMap { fields.value($0)?.string }.first { $0.hasPrefix("pi_") } : nil
        guard fields.problems.isEmpty, let id, let job, let client, let status, let amount, let fee else { return nil }
        let gross = status == .funded ? amount : earning.map { $0 + fee }
        if let gross, !Currency.inr.chargeable.contains(gross) || fee > gross {
            fields.refuse(
                status == .funded ? "amount" : "freelancerEarning", "and the fee are no payment that Stripe takes")
            return nil
        }
        (self.id, jobID, clientID, self.status) = (id, job, client, status)
        (self.amount, self.fee) = (amount, fee)
        (created, updated) = (fields.created, fields.updated)
    }

    /// The payment for `contract`.
    func escrow(of contract: ImportedContract, _ world: DumpWorld) -> ImportedEscrow {
        let paid =
            switch status {
            case .funded: amount
            case .released: earning.map { $0 + fee } ?? contract.amount
            case .refunded, .canceled: contract.amount
            }
        return ImportedEscrow(
            id: id, jobID: jobID, clientID: clientID, freelancerID: contract.freelancerID, contractID: contract.id,
            contractNumber: contract.number, jobTitle: contract.jobTitle, paid: paid,
            division: division(of: paid, contract), fundedAt: created, paymentIntentID: paymentIntentID,
            isAtProvider: world.usesSameStripe)
    }

    private func division(of paid: Int64, _ contract: ImportedContract) -> ImportedDivision? {
        guard status != .funded else { return nil }
        let rest = paid - fee
        guard status == .refunded else {
            return ImportedDivision(isRefund: false, fee: fee, client: 0, freelancer: rest, at: updated)
        }
        let percent: Int64 = contract.ongoingAt != nil ? 40 : contract.startedAt != nil ? 15 : 0
        let share = rest * percent / 100
        return ImportedDivision(isRefund: true, fee: fee, client: rest - share, freelancer: share, at: updated)
    }
}

/// The payments of an export, before it is known which contracts have taken them.
struct PaymentShelf: Sendable {
    private var byContract: [ContractID: EscrowRow] = [:]
    private var byJob: [GigID: EscrowRow] = [:]

    /// - Returns: Whether it is the first one for its contract.
    mutating func add(_ escrow: EscrowRow) -> Bool {
        if let contract = escrow.contractID {
            guard byContract[contract] == nil else { return false }
            byContract[contract] = escrow
        } else {
            guard byJob[escrow.jobID] == nil else { return false }
            byJob[escrow.jobID] = escrow
        }
        return true
    }

    /// The payment for a contract. A record that names no contract is for the one of its job and client that is paid.
    func payment(for contract: ContractID, _ job: GigID, _ client: AccountID, isPaid: Bool) -> EscrowRow? {
        if let found = byContract[contract] { return found }
        guard isPaid, let found = byJob[job], found.clientID == client else { return nil }
        return found
    }
}
