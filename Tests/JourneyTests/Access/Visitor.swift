import SharedModels
import Testing

/// Everybody who may knock at an endpoint.
enum Visitor: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case nobody, madeUpKey, madeUpSession, noBearer, twoKeys
    case expiredKey, expiredSession, revokedKey, signedOut, deletedAccount
    case keyHolder, sessionHolder, wrongScope, wrongUserType, noAdmin
    case stranger, otherParty
    /// The last one: what is somebody's own is changed and removed by them.
    case rightful

    /// How an endpoint meets a visitor.
    enum Reception: Equatable, Sendable {
        /// This status, with the code that goes with it.
        case status(Int)
        /// 403, and the scope is named.
        case lacks(Scope)
        /// Exactly what is answered when there is no such thing.
        case missing
        /// Let in: neither 401, 403 nor 404.
        case admitted
    }

    /// How `operation`, tried on what `owner` has, must meet this visitor.
    ///
    /// - Returns: `nil` when nothing tells this visitor from the others there.
    func reception(at operation: SharedModels.Operation, of owner: GuardRow.Owner) -> Reception? {
        if case .nobody(let status) = owner {
            return isRefusedAlways || self == .rightful ? .status(status) : nil
        }
        guard case .account(let rule) = operation.access else { return nil }
        switch self {
        case .nobody, .madeUpKey, .madeUpSession, .noBearer, .twoKeys, .expiredKey, .expiredSession,
            .revokedKey, .signedOut, .deletedAccount:
            return .status(401)
        case .keyHolder: return rule.credentials.contains(.apiKey) ? nil : .status(401)
        case .sessionHolder: return rule.credentials.contains(.session) ? nil : .status(401)
        case .wrongScope:
            guard let scope = rule.scope, rule.credentials.contains(.apiKey), !rule.isForAdmins else {
                return nil
            }
            return .lacks(scope)
        case .wrongUserType: return rule.userType == nil ? nil : .status(403)
        case .noAdmin: return rule.isForAdmins ? .status(403) : nil
        case .rightful: return .admitted
        case .otherParty: return owner.receptionOfOtherParty
        case .stranger: return owner.receptionOfStranger
        }
    }

    /// Whether nothing that they try may have an effect.
    var isRefusedAlways: Bool { ![.stranger, .otherParty, .rightful].contains(self) }

    var testDescription: String { rawValue }
}

extension GuardRow.Owner {
    fileprivate var receptionOfOtherParty: Visitor.Reception? {
        switch self {
        case .nobody, .caller, .everybody: nil
        case .client: .missing
        case .publisher, .admins: .status(403)
        case .parties(let roles): roles.count == 1 ? .status(403) : .admitted
        }
    }

    fileprivate var receptionOfStranger: Visitor.Reception? {
        switch self {
        case .nobody, .caller: nil
        case .everybody: .admitted
        case .client, .parties: .missing
        case .publisher, .admins: .status(403)
        }
    }
}
