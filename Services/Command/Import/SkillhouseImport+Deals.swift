import SharedModels

extension SkillhouseImport {
    /// Jobs, applications, contracts and payments. What a job is now follows from its contracts, and what a contract is
    /// from its payment: so all are read before the first is sent, and payments and contracts are asked what they would
    /// take. A contract that one of them refuses leaves nothing with anybody. Jobs, which are the most and the longest, are
    /// read once more then.
    func bringDeals() async throws {
        try await readJobs()
        let (shelf, escrows) = try await readEscrows()
        var contracts = try await readContracts(shelf)
        let payments = try await ask(pair(escrows), as: ImportBatch.escrows)
        contracts = try await ask(keep(contracts, paidBy: payments), as: ImportBatch.contracts)
        let possibleIDs = Set(contracts.map(\.thing.id))
        for contract in world.contractFacts.values where !possibleIDs.contains(contract.id) { forget(contract) }
        try await bringJobs(Dictionary(grouping: contracts.map(\.thing), by: \.jobID))
        try await bringApplications()
        contracts = keep(contracts)
        // A contract comes as paid or not at all, so its payment comes first.
        let came = try await sendEscrows(payments)
        try await sendContracts(keep(contracts, paidBy: came))
    }

    /// Nothing is noted of a job that is taken: ``bringJobs(_:)`` does.
    private func readJobs() async throws {
        try await read(.jobs, noting: false) { fields in
            guard let row = JobRow(fields, world) else {
                if let id = fields.row.id.flatMap({ GigID($0) }), !world.jobs.contains(id) { world.jobs.refuse(id) }
                return false
            }
            world.jobs.accept(row.job.id)
            world.jobFacts[row.job.id] = DumpWorld.JobFacts(clientID: row.job.clientID, title: row.job.title)
            return true
        }
    }

    /// Sends the jobs as their contracts leave them, and what talent shows of them on clients' profiles.
    private func bringJobs(_ contracts: [GigID: [ImportedContract]]) async throws {
        var (items, records): ([Item<ImportedJob>], [Item<ImportedRecord>]) = ([], [])
        func send(isLast: Bool) async throws {
            try await self.send(&items, isLast: isLast, as: ImportBatch.jobs) { job, outcome in
                guard outcome.result != .refused else { return world.jobs.refuse(job.id) }
                records.append(Item(row: nil, thing: ImportedRecord(job, of: contracts[job.id] ?? [])))
            }
            try await self.send(&records, isLast: isLast, as: ImportBatch.records)
        }
        try await readAgain(.jobs) { fields in
            guard var row = JobRow(fields, world) else { return }
            let own = (contracts[row.job.id] ?? []).sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
            row.follow(own, fields)
            report.note(fields.changes)
            items.append(Item(row: fields.row, thing: row.job))
            try await send(isLast: false)
        }
        try await send(isLast: true)
    }

    private struct ReadEscrow {
        let row: EscrowRow
        let place: DumpRow
        /// What was noted of it.
        let changes: [ImportReport.Remark]
    }

    private func readEscrows() async throws -> (PaymentShelf, [ReadEscrow]) {
        var (shelf, escrows): (PaymentShelf, [ReadEscrow]) = (PaymentShelf(), [])
        try await read(.escrows, noting: false) { fields in
            guard let row = EscrowRow(fields, world) else { return false }
            guard shelf.add(row) else {
                fields.refuse("contractId", "is a contract that has another payment: see at Stripe which one is meant")
                return false
            }
            world.escrows.accept(row.id)
            escrows.append(ReadEscrow(row: row, place: fields.row, changes: fields.changes))
            return true
        }
        return (shelf, escrows)
    }

    private func readContracts(_ shelf: PaymentShelf) async throws -> [Item<ImportedContract>] {
        var contracts: [Item<ImportedContract>] = []
        try await read(.contracts) { fields in
            guard let contract = ContractRow(fields, world, shelf)?.contract else {
                if let id = fields.row.id.flatMap({ ContractID($0) }), !world.contracts.contains(id) {
                    world.contracts.refuse(id)
                }
                return false
            }
            world.contracts.accept(contract.id)
            world.contractFacts[contract.id] = contract
            world.contractNumbers.insert(contract.number)
            if contract.status != .canceled { world.boundJobs.insert(contract.jobID) }
            if let payment = contract.checkoutID {
                world.payments[contract.id] = payment
                world.takenPayments.insert(payment)
            }
            contracts.append(Item(row: fields.row, thing: contract))
            return true
        }
        return contracts
    }

    private func bringApplications() async throws {
        var (items, taken): ([Item<ImportedApplication>], Set<ApplicationRow.Place>) = ([], [])
        try await read(.applications) { fields in
            guard let application = ApplicationRow(fields, world, taken)?.application else { return false }
            taken.insert(.init(job: application.jobID, freelancer: application.freelancerID))
            items.append(Item(row: fields.row, thing: application))
            try await send(&items, isLast: false, as: ImportBatch.applications)
            return true
        }
        try await send(&items, isLast: true, as: ImportBatch.applications)
    }

    /// The contracts whose jobs have come.
    private func keep(_ contracts: [Item<ImportedContract>]) -> [Item<ImportedContract>] {
        contracts.filter { item in
            if world.jobs.contains(item.thing.jobID) { return true }
            refuse(item, "jobId", world.jobs.whyNot(item.thing.jobID))
            return false
        }
    }

    /// The contracts that are not paid, or by one of `payments`.
    private func keep(
        _ contracts: [Item<ImportedContract>], paidBy payments: [Item<ImportedEscrow>]
    ) -> [Item<ImportedContract>] {
        let known = Set(payments.map(\.thing.id))
        return contracts.filter { item in
            guard let payment = item.thing.checkoutID, !known.contains(payment) else { return true }
            refuse(item, "escrowPaid", "by a payment that is not imported")
            return false
        }
    }

    private func sendContracts(_ contracts: [Item<ImportedContract>]) async throws {
        var items = contracts
        let rows = Dictionary(items.map { ($0.thing.id, $0.row) }, uniquingKeysWith: { first, _ in first })
        try await send(&items, isLast: true, as: ImportBatch.contracts) { contract, outcome in
            guard outcome.result == .refused else { return }
            forget(contract)
            // Contracts would have taken it a moment ago.
            guard let payment = contract.checkoutID, let row = rows[contract.id] ?? nil else { return }
            report.note([
                row.remark("escrowPaid", "by payment \(payment.objectID), which is in the books and of no contract")
            ])
        }
    }

    private func refuse(_ item: Item<ImportedContract>, _ field: String, _ reason: String) {
        forget(item.thing)
        guard let row = item.row else { return }
        report.refuse(.contracts, [row.remark(field, reason)])
    }

    private func forget(_ contract: ImportedContract) {
        world.contracts.refuse(contract.id)
        world.contractFacts[contract.id] = nil
        world.payments[contract.id] = nil
    }

    private static let contractIsMissing = "is no contract that is imported: its money is not in the books"

    /// The payments of the contracts that were read.
    private func pair(_ escrows: [ReadEscrow]) -> [Item<ImportedEscrow>] {
        let contracts = Dictionary(
            world.contractFacts.values.compactMap { contract in contract.checkoutID.map { ($0, contract) } },
            uniquingKeysWith: { first, _ in first })
        return escrows.compactMap { read in
            let place = read.place
            guard let contract = contracts[read.row.id] else {
                report.refuse(.escrows, [place.remark("contractId", Self.contractIsMissing)])
                return nil
            }
            let escrow = read.row.escrow(of: contract, world)
            report.note(read.changes)
            if escrow.paid != contract.amount {
                report.note([place.remark("amount", "is another one than the contract's, and stays so")])
            }
            return Item(row: place, thing: escrow)
        }
    }

    /// - Returns: Those that came.
    private func sendEscrows(_ escrows: [Item<ImportedEscrow>]) async throws -> [Item<ImportedEscrow>] {
        let possible = escrows.filter { item in
            if world.contractFacts[item.thing.contractID] != nil { return true }
            if let row = item.row { report.refuse(.escrows, [row.remark("contractId", Self.contractIsMissing)]) }
            return false
        }
        var (items, refused): ([Item<ImportedEscrow>], Set<CheckoutID>) = (possible, [])
        try await send(&items, isLast: true, as: ImportBatch.escrows) { escrow, outcome in
            if outcome.result == .refused { refused.insert(escrow.id) }
        }
        return possible.filter { !refused.contains($0.thing.id) }
    }

    func bringWallets() async throws {
        var (items, owners, movements): ([Item<ImportedWallet>], Set<AccountID>, Int) = ([], [], 0)
        try await read(.wallets) { fields in
            guard let row = WalletRow(fields, world, owners) else { return false }
            owners.insert(row.ownerID)
            guard let wallet = row.wallet else {
                // Everybody has an empty wallet.
                report.count(.present, of: fields.row)
                return true
            }
            items.append(Item(row: fields.row, thing: wallet))
            movements += wallet.movements.count
            // A wallet may be large: no more of them go together than one may have.
            let isFull = movements >= ImportedWallet.mostMovements
            try await send(&items, isLast: isFull, as: ImportBatch.wallets)
            if items.isEmpty { movements = 0 }
            return true
        }
        try await send(&items, isLast: true, as: ImportBatch.wallets)
    }
}

extension ImportedRecord {
    fileprivate init(_ job: ImportedJob, of contracts: [ImportedContract]) {
        self.init(
            job,
            contracts: contracts.map {
                ImportedPayment(
                    contractID: $0.id, paise: $0.amount, isSpent: $0.checkoutID != nil && $0.status != .canceled)
            })
    }
}
