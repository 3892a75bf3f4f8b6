/// A new password by somebody who knows the present one.
public struct PasswordChangeInput: Model {
    public let email: String
    public let currentPassword: String
    public let newPassword: String
    public let confirmPassword: String

    public static let rules: [String: MemberRule] = [
        "email": .text(1...254), "currentPassword": .text(1...1024), "newPassword": .newPassword,
        "confirmPassword": .text(1...1024),
    ]
}

/// A new password by somebody who has the link that was mailed to them.
public struct PasswordByLinkInput: Model {
    /// From the link.
    public let token: String
    public let newPassword: String
    public let confirmPassword: String

    public static let rules: [String: MemberRule] = [
        "token": .text(1...200), "newPassword": .newPassword, "confirmPassword": .text(1...1024),
    ]
}

/// `/api/auth`: new passwords. Each ends the account's other sessions.
public struct PasswordEndpoints: EndpointGroup {
    public static let surface = Surface.skillhouse
    public static let service = ServiceName.auth

    /// With an access token, its account must be the one of the address, and its session goes on.
    public let change = Endpoint<PasswordChangeInput, Acknowledgement>(
        "auth.password.change", .post, "/api/auth/reset-password", of: Self.self, access: .anyone,
        errors: [.badRequest, .unauthorized, .forbidden, .rateLimitExceeded, .serviceUnavailable],
        "Change a password that you know")
    /// The answer is the same whether or not somebody has an account with the address.
    public let forgot = Endpoint<AddressInput, Acknowledgement>(
        "auth.password.forgot", .post, "/api/auth/forgot-password", of: Self.self, access: .anyone,
        errors: [.rateLimitExceeded], "Have a link for a new password mailed")
    public let update = Endpoint<PasswordByLinkInput, Acknowledgement>(
        "auth.password.update", .post, "/api/auth/update-new-password", of: Self.self, access: .anyone,
        errors: [.badRequest, .serviceUnavailable], "Set a new password by a mailed link")
}
