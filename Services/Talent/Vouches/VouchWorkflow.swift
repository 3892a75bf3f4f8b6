import Postgres
import ServiceKit
import SharedModels

/// Vouching for another account. It is permanent, and possible once per account.
struct VouchWorkflow: Sendable {
    let database: Database
    let vouches: VouchStore
    let finder: ProfileFinder

    /// - Throws: 400 for the caller's own account, 404 for an account that does not exist, 409 the second time.
    func vouch(for vouched: AccountID, by voucher: AccountID, at now: Timestamp) async throws -> Vouch {
        guard voucher != vouched else { throw VouchError.forOneself }
        let known = Set(try await finder.find([voucher, vouched], at: now).map(\.userID))
        guard known.contains(voucher) else { throw ProfileError.notFound(voucher) }
        guard known.contains(vouched) else { throw ProfileError.notFound(vouched) }
        let vouch = Vouch(voucherID: voucher, vouchedID: vouched, createdAt: now)
        guard try await vouches.insertIfAbsent(vouch, in: database) else { throw VouchError.vouchedBefore }
        return vouch
    }
}
