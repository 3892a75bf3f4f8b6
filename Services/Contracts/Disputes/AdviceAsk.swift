import ServiceKit
import SharedModels

/// One time of asking the advisor: who caused it, and what others wait for.
struct AdviceAsk: Sendable, Equatable {
    /// Longer than the advisor may take (``LanguageModel/deadline``). After it the process that asked is given up.
    static let lease = Duration.seconds(30)
    /// How often one account may have the advisor asked within ``window``. A case that was advised on is not asked
    /// about again, so this is that many cases.
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
