import SharedModels

/// What is read of `wallets`.
struct WalletRow: Sendable {
    /// `nil` for an empty one.
    let wallet: ImportedWallet?
    let ownerID: AccountID

    private static let most = 1_000_000
    /// The sum of that many movements of this size fits into 64 bits.
    private static let amounts: ClosedRange<Int64> = 0...9_000_000_000_000

    init?(_ fields: DumpFields, _ world: DumpWorld, _ owners: Set<AccountID>) {
        let owner = fields.reference("userId", in: world.users)
        if let owner, owners.contains(owner) { fields.refuse("userId", "has another wallet") }
        let balance = fields.value("balance") == nil ? 0 : fields.paise("balance", Self.amounts)
        let moves = Self.movements(fields, world)
        guard fields.problems.isEmpty, let owner, let balance else { return nil }
        let movements = Self.adding(up: moves, to: balance, fields)
        ownerID = owner
        wallet =
            movements.isEmpty
            ? nil : ImportedWallet(ownerID: owner, movements: movements, isAtProvider: world.usesSameStripe)
    }

    private enum Direction: String {
        case credit, debit
    }

    /// The movements, the oldest first.
    private static func movements(_ fields: DumpFields, _ world: DumpWorld) -> [ImportedMovement] {
        fields.items("transactions", most: most) { value -> ImportedMovement? in
            guard let paise = value["amount"]?.paise, amounts.contains(paise), paise > 0,
                let direction = value["type"]?.string.flatMap({ Direction(rawValue: $0) })
            else { return nil }
            let contract = value["contractId"]?.objectID.flatMap { ContractID($0) }
            return ImportedMovement(
                amount: direction == .credit ? paise : -paise, checkoutID: contract.flatMap { world.payments[$0] },
                at: value["date"]?.mongoDate ?? fields.created)
        }
        .enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }

    /// The balance is what counts. What the movements do not explain of it is a separate movement.
    private static func adding(
        up movements: [ImportedMovement], to balance: Int64, _ fields: DumpFields
    ) -> [ImportedMovement] {
        let sum = movements.reduce(0) { $0 + $1.amount }
        var all = movements
        if sum != balance {
            let text = Currency.inr.decimals.text
            fields.note(
                "balance",
                "is \(text(balance)), and the transactions come to \(text(sum)): the rest is a separate movement")
            let rest = ImportedMovement(
                amount: balance - sum, checkoutID: nil,
                at: balance > sum ? movements.first?.at ?? fields.created : movements.last?.at ?? fields.created)
            if balance > sum { all.insert(rest, at: 0) } else { all.append(rest) }
        }
        if hasOverdraft(all) {
            fields.note("transactions", "would overdraw the wallet in between: it comes as one movement")
            all = balance == 0 ? [] : [ImportedMovement(amount: balance, checkoutID: nil, at: fields.updated)]
        }
        return shortened(all)
    }

    private static func hasOverdraft(_ movements: [ImportedMovement]) -> Bool {
        var balance: Int64 = 0
        return movements.contains { movement in
            balance += movement.amount
            return balance < 0
        }
    }

    /// The oldest come as one sum when there are very many.
    private static func shortened(_ movements: [ImportedMovement]) -> [ImportedMovement] {
        let extra = movements.count - ImportedWallet.mostMovements + 1
        guard extra > 1 else { return movements }
        let old = movements.prefix(extra)
        let sum = old.reduce(0) { $0 + $1.amount }
        let rest = Array(movements.dropFirst(extra))
        guard sum != 0, let last = old.last else { return rest }
        return [ImportedMovement(amount: sum, checkoutID: nil, at: last.at)] + rest
    }
}
