import ServiceKit
import SharedModels

/// One question to the advisor: who caused it, and what other callers wait for.
struct AdviceAsk: Sendable, Equatable {
    /// Longer than the advisor may take (``LanguageModel/deadline``). After this time the asking process counts as
    /// dead.
    static let lease = Duration.seconds(30)
    /// How many questions one account may cause within ``window``. A case that has advice is not asked about again, so
    /// this is a number of cases.
    static let limit = 30
    static let window = Duration.hours(24)

    let id: ClaimID
    let disputeID: DisputeID
    let caseDigest: String
    let account: AccountID
    let askedAt: Timestamp
    let leaseUntil: Timestamp
}

extension AdviceAsk {
    init(on file: CaseFile, of dispute: DisputeID, by account: AccountID, at now: Timestamp) {
        self.init(
            id: .make(at: now), disputeID: dispute, caseDigest: file.digest, account: account, askedAt: now,
            leaseUntil: now + Self.lease)
    }
}
