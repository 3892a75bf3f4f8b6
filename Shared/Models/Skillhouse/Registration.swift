/// What a person registers with. The account is opened when they have entered the code that is mailed to them.
public struct RegistrationInput: Model {
    public let name: String
    public let email: String
    public let password: String
    /// Nobody registers as an admin.
    public let role: Role
    public var mobile: String?

    public static let rules: [String: MemberRule] = [
        "name": .fullName(ofAtLeast: 3), "email": .format(.email), "password": .newPassword,
        "mobile": .pattern(#"^[0-9 +()-]+$"#, 4...30),
    ]
}

/// A code, and once more what was registered: nobody can confirm what somebody else has registered with their address.
public struct CodeInput: Model {
    public let email: String
    public let otp: String
    public let userData: RegisteredData

    public static let rules: [String: MemberRule] = ["email": .format(.email), "otp": .text(1...20)]
}

/// What was registered. The registration counts; an address, a role or a password that differs is refused.
public struct RegisteredData: Model {
    public var name: String?
    public var email: String?
    public let password: String
    public var role: Role?
    public var mobile: String?

    public static let rules: [String: MemberRule] = [
        "name": .optionalText(0...1000), "email": .format(.email), "password": .text(1...1024),
        "mobile": .optionalText(0...30),
    ]
}

public struct AddressInput: Model {
    public let email: String

    public static let rules: [String: MemberRule] = ["email": .format(.email)]
}

extension MemberRule {
    /// A password that somebody chooses. Which characters it needs, the service says.
    static let newPassword = MemberRule.text(8...1024)
}

/// `/api/auth`: opening an account with a mail address.
public struct RegistrationEndpoints: EndpointGroup {
    public static let surface = Surface.skillhouse
    public static let service = ServiceName.auth

    public let register = Endpoint<RegistrationInput, Acknowledgement>(
        "auth.register", .post, "/api/auth/register", of: Self.self, access: .anyone,
        errors: [.forbidden, .conflict, .rateLimitExceeded, .serviceUnavailable],
        "Register; a code is mailed to the address")
    public let verify = Endpoint<CodeInput, Acknowledgement>(
        "auth.verify", .post, "/api/auth/verify-otp", of: Self.self, access: .anyone, success: 201,
        errors: [.badRequest, .forbidden, .conflict, .serviceUnavailable], "Open the account with the mailed code")
    /// The answer is the same whether or not somebody has registered with the address.
    public let resend = Endpoint<AddressInput, Acknowledgement>(
        "auth.resend", .post, "/api/auth/resend-otp", of: Self.self, access: .anyone, errors: [.rateLimitExceeded],
        "Have another code mailed, once a minute")
}
