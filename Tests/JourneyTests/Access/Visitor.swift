import SharedModels
import Testing

/// The kinds of callers at an endpoint.
enum Visitor: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case nobody, madeUpKey, madeUpSession, noBearer, twoKeys
    case expiredKey, expiredSession, revokedKey, signedOut, deletedAccount
    case keyHolder, tokenHolder, sessionHolder, wrongScope, wrongUserType, noAdmin
    case stranger, otherParty
    /// Comes last, because this caller changes and deletes the things.
    case rightful

    /// The expected answer to a visitor.
    enum Reception: Equatable, Sendable {
        /// This status, with the matching code.
        case status(Int)
        /// 403, and the message names the scope.
        case lacks(Scope)
        /// The same answer as for a thing that does not exist.
        case missing
        /// Let in: neither 401, 403 nor 404.
        case admitted
    }

    /// The expected answer of `operation`, tried on a thing of `owner`, to this visitor.
    ///
    /// - Returns: `nil` when this visitor is no different from the others there.
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
        case .tokenHolder: return rule.credentials.contains(.oauthToken) ? nil : .status(401)
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
        case .nobody, .caller, .everybody, .enterprise: nil
        case .client: .missing
        case .publisher, .named, .admins: .status(403)
        case .parties(let roles): roles.count == 1 ? .status(403) : .admitted
        }
    }

    fileprivate var receptionOfStranger: Visitor.Reception? {
        switch self {
        case .nobody, .caller: nil
        case .everybody: .admitted
        case .client, .parties: .missing
        case .publisher, .named, .enterprise, .admins: .status(403)
        }
    }
}
