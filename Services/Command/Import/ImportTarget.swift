import SharedModels

/// Things of one kind that are imported by one request.
enum ImportBatch: Sendable {
    case users([ImportedUser])
    case profiles([ImportedProfile])
    case categories([ImportedName<CategoryKind>])
    case skills([ImportedName<SkillKind>])
    case jobs([ImportedJob])
    case records([ImportedRecord])
    case applications([ImportedApplication])
    case contracts([ImportedContract])
    case escrows([ImportedEscrow])
    case wallets([ImportedWallet])
    case reviews([ImportedReview])
    case conversations([ImportedConversation])
    case messages([ImportedMessage])
    case notices([ImportedNotice])

    var count: Int {
        switch self {
        case .users(let things): things.count
        case .profiles(let things): things.count
        case .categories(let things): things.count
        case .skills(let things): things.count
        case .jobs(let things): things.count
        case .records(let things): things.count
        case .applications(let things): things.count
        case .contracts(let things): things.count
        case .escrows(let things): things.count
        case .wallets(let things): things.count
        case .reviews(let things): things.count
        case .conversations(let things): things.count
        case .messages(let things): things.count
        case .notices(let things): things.count
        }
    }
}

/// Takes what was read.
protocol ImportTarget: Sendable {
    /// - Returns: What became of each, in the batch's order.
    /// - Throws: ``BatchRefused``, ``BatchTooLarge``, and ``DumpError`` when the import cannot go on.
    func bring(_ batch: ImportBatch) async throws -> [ImportOutcome]
    /// The same, without taking anything.
    func ask(_ batch: ImportBatch) async throws -> [ImportOutcome]
}

/// Some things of a batch are nothing that a service could take, so that it took none.
struct BatchRefused: Error {
    /// What is wrong with which, by their places in the batch.
    let problems: [Int: ImportOutcome]
}

/// A batch has more bytes than a service takes at once.
struct BatchTooLarge: Error {}

/// Takes everything and keeps nothing, where there is no installation to ask.
struct Rehearsal: ImportTarget {
    func bring(_ batch: ImportBatch) async throws -> [ImportOutcome] {
        Array(repeating: .imported, count: batch.count)
    }

    func ask(_ batch: ImportBatch) async throws -> [ImportOutcome] { try await bring(batch) }
}
