import SharedModels

/// What is read of `contracts`.
struct ContractRow: Sendable {
    private(set) var contract: ImportedContract
    let payment: EscrowRow?

    init?(_ fields: DumpFields, _ world: DumpWorld, _ shelf: PaymentShelf) {
        let id: ContractID? = fields.id()
        let number = Self.number(fields, world)
        let job = fields.reference("jobId", in: world.jobs)
        let client = world.user("clientId", .client, fields)
        let freelancer = world.user("freelancerId", .freelancer, fields)
        let amount = fields.paise("amount", Currency.inr.chargeable)
        let status = Self.status(fields)
        let release: ReleaseFundStatus? = fields.choice("releaseFundStatus", default: .notRequested)
        guard fields.problems.isEmpty, let id, let number, let job, let client, let freelancer, let amount, let status,
            let release, let facts = world.jobFacts[job]
        else { return nil }
        if facts.clientID != client { fields.refuse("clientId", "is not the client of the job") }
        if status != .canceled, world.boundJobs.contains(job) {
            fields.refuse("jobId", "is a job that has another contract, which is not canceled")
        }
        let found = shelf.payment(for: id, job, client, isPaid: fields.flag("escrowPaid"))
        payment = found.flatMap { world.takenPayments.contains($0.id) ? nil : $0 }
        contract = ImportedContract(
            id: id, number: number, jobID: job, jobTitle: facts.title, clientID: client, freelancerID: freelancer,
            amount: amount, status: status, releaseFundStatus: release, createdAt: fields.created,
            updatedAt: fields.updated)
        contract.checkoutID = payment?.id
        settle(fields)
        guard fields.problems.isEmpty else { return nil }
        date(fields)
        cancel(fields)
        guard fields.problems.isEmpty else { return nil }
    }

    private static func number(_ fields: DumpFields, _ world: DumpWorld) -> String? {
        guard let number = fields.text("contractId", 1...100) else { return nil }
        guard ContractNumber.isValid(number) else {
            fields.refuse("contractId", "must be CON and 8 digits")
            return nil
        }
        if world.contractNumbers.contains(number) { fields.refuse("contractId", "is another contract's, too") }
        return number
    }

    /// The original writes another spelling on one of its paths.
    private static func status(_ fields: DumpFields) -> CheckoutContractStatus? {
        if fields.value("status") == "Cancelled" { return .canceled }
        return fields.choice("status", default: .pending)
    }

    /// Checks that status, payment and release agree.
    private mutating func settle(_ fields: DumpFields) {
        let isApproved = fields.flag("isApproved")
        if let payment, payment.fee > contract.amount { fields.refuse("amount", "is less than its payment's fee") }
        if fields.flag("escrowPaid"), payment == nil {
            fields.refuse("escrowPaid", "is true, and escrows has no payment for the contract that is imported")
        }
        let written = contract.status
        if written == .pending, isApproved, payment != nil {
            contract.status = .started
            fields.note("status", "is Pending, and becomes Started: the contract is approved and paid")
        }
        switch contract.status {
        case .pending, .canceled: break
        case .started, .ongoing, .completed:
            if !isApproved { fields.refuse("isApproved", "is false, and the contract is \(written.rawValue)") }
            if payment == nil { fields.refuse("status", "is \(written.rawValue), and nothing was paid") }
        }
        switch (contract.status, payment?.status) {
        case (.canceled, nil):
            contract.releaseFundStatus = .notRequested
        case (.canceled, .refunded):
            contract.releaseFundStatus = .approved
        case (.canceled, _):
            fields.refuse("status", "is Canceled, and its payment was not refunded: refund it in the original first")
        case (.completed, .funded):
            if contract.releaseFundStatus == .approved {
                fields.refuse("releaseFundStatus", "is Approved, and the payment is in escrow still")
            }
        case (.completed, .released):
            if contract.releaseFundStatus != .approved {
                fields.note("releaseFundStatus", "becomes Approved: the payment was released")
                contract.releaseFundStatus = .approved
            }
        case (_, nil), (_, .funded):
            if contract.releaseFundStatus != .notRequested {
                fields.refuse(
                    "releaseFundStatus",
                    "is \(contract.releaseFundStatus.rawValue), and the contract is \(written.rawValue)")
            }
        case (_, let status?):
            fields.refuse("status", "is \(written.rawValue), and its payment is \(status.rawValue)")
        }
    }

    /// Works out the moments of its history, of which the original has only days, and not all.
    private mutating func date(_ fields: DumpFields) {
        let history = days(fields)
        let (created, updated) = (contract.createdAt, contract.updatedAt)
        contract.paidAt = payment.map { min(max($0.created, created), updated) }
        let isApproved = fields.flag("isApproved")
        let isReady = isApproved && payment != nil
        switch contract.status {
        case .pending: break
        case .started, .ongoing, .completed:
            contract.startedAt = history[.started] ?? max(contract.paidAt ?? created, created)
        case .canceled:
            if isReady { contract.startedAt = history[.started] ?? history[.ongoing] }
        }
        if isApproved { contract.approvedAt = contract.startedAt ?? created }
        if let started = contract.startedAt {
            switch contract.status {
            case .pending, .started: break
            case .ongoing, .completed: contract.ongoingAt = history[.ongoing] ?? started
            case .canceled: contract.ongoingAt = history[.ongoing]
            }
        }
        if contract.status == .completed { contract.completedAt = history[.completed] ?? updated }
        if contract.status == .canceled { contract.canceledAt = history[.canceled] ?? updated }
    }

    /// When each status was entered, within the contract's life.
    private func days(_ fields: DumpFields) -> [CheckoutContractStatus: Timestamp] {
        var days: [CheckoutContractStatus: Timestamp] = [:]
        for (index, entry) in fields.list("statusHistory").enumerated() {
            let name = entry["status"]?.string
            let status = name == "Cancelled" ? .canceled : name.flatMap { CheckoutContractStatus(rawValue: $0) }
            let day = entry["timestamp"]?.string.flatMap { CalendarDay(dayFirst: $0) }
            guard let status, let day else {
                fields.note("statusHistory.\(index)", "cannot be read, and is left out")
                continue
            }
            let moment = min(max(day.beginning, contract.createdAt), contract.updatedAt)
            if days[status] == nil { days[status] = moment }
        }
        return days
    }

    private mutating func cancel(_ fields: DumpFields) {
        guard contract.status == .canceled else {
            if fields.flag("isDeleted") {
                fields.refuse("isDeleted", "is true, and the contract is \(contract.status.rawValue)")
            }
            return
        }
        contract.canceledBy = fields.value("canceledBy") == nil ? nil : fields.choice("canceledBy")
        contract.cancelReason = fields.textIfPresent("cancelReason", atMost: 200) ?? ""
        contract.cancelReasonDescription = fields.textIfPresent("cancelReasonDescription", atMost: 2000) ?? ""
        if fields.flag("isDeleted") { contract.deletedAt = contract.canceledAt }
    }
}

extension CalendarDay {
    /// Reads `DD-MM-YY`, of this century.
    init?(dayFirst text: String) {
        let parts = text.split(separator: "-")
        guard parts.count == 3, parts.allSatisfy({ $0.utf8.allSatisfy(\.isASCIIDigit) }), let day = Int(parts[0]),
            let month = Int(parts[1]), let year = Int(parts[2])
        else { return nil }
        self.init(year: year < 100 ? 2000 + year : year, month: month, day: day)
    }
}
