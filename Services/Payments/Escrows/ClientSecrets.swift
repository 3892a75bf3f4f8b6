import ServiceKit
import SharedModels

/// Seals the secrets with which clients confirm their payments, each for its milestone.
struct ClientSecrets: Sendable {
    private let seal: Seal

    init(of secret: RotatingSecret) {
        seal = Seal(.clientSecrets, of: secret)
    }

    func close(_ secret: String?, of milestone: MilestoneID) throws -> [UInt8]? {
        try secret.map { try seal.close($0.utf8, for: "\(milestone)") }
    }

    /// - Returns: `nil` when the escrow has no secret, or one sealed under another `SERVICE_SECRET`.
    func open(of escrow: Escrow) -> String? {
        guard let sealed = escrow.clientSecret else { return nil }
        // Stripe tells it again.
        guard let bytes = try? seal.open(sealed, for: "\(escrow.milestoneID)") else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
