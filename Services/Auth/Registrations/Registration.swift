import ServiceKit
import SharedModels

/// What a person has registered with, until they have entered the mailed code.
struct Registration: Sendable, Equatable {
    /// How long another code can be asked for.
    static let lifetime = Duration.hours(1)

    /// In lower case.
    let email: String
    let name: String
    let userType: UserType
    let mobile: String?
    let hash: PasswordHash
    var codeDigest: [UInt8]
    var codeExpiresAt: Timestamp
    let expiresAt: Timestamp

    /// - Throws: ``RegistrationError/differs(_:)`` when somebody confirms something else than was registered.
    func check(_ data: RegisteredData) throws(RegistrationError) {
        if let address = data.email, address.lowercased() != email { throw .differs("userData.email") }
        if let role = data.role, role.userType != userType { throw .differs("userData.role") }
    }

    func account(plan: Plan, at now: Timestamp) -> Account {
        .registering(email, as: name, userType, mobile: mobile, plan: plan, at: now)
    }
}

extension Role {
    /// `nil` for an admin, whom only the configuration makes.
    var userType: UserType? {
        switch self {
        case .client: .client
        case .freelancer: .freelancer
        case .admin: nil
        }
    }
}

extension UserType {
    var role: Role {
        switch self {
        case .client: .client
        case .freelancer: .freelancer
        }
    }
}
