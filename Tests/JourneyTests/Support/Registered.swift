import Foundation
import SharedModels
import Testing

/// A person who registers on Skillhouse with a mail address of their own.
struct Registered: Sendable {
    static let password = "Analytical-1843!"

    let stack: Stack
    let email: String
    let role: Role

    /// Registers, and enters the mailed code.
    static func make(_ role: Role, as email: String? = nil, in stack: Stack) async throws -> Registered {
        let person = try await register(role, as: email, in: stack)
        let opened = try await person.enter(try await person.code())
        try #require(opened.status == 201, "\(opened)")
        return person
    }

    /// Registers, and has not entered the code yet.
    static func register(_ role: Role, as email: String? = nil, in stack: Stack) async throws -> Registered {
        let email = email ?? "p\(UInt64.random(in: 1 ... .max))@example.org"
        let person = Registered(stack: stack, email: email, role: role)
        try await stack.anyone.succeed(Endpoints.registrations.register.operation, [:], person.data)
        return person
    }

    private var data: JSONValue {
        [
            "name": "Ada Lovelace", "email": .string(email), "password": .string(Self.password),
            "role": .string(role.rawValue),
        ]
    }

    /// The newest mail with a code.
    func code() async throws -> String {
        try await eventually("the code is mailed") {
            try await stack.messages(channel: "email", to: email).first?.firstMatch(of: /\b[0-9]{6}\b/)
                .map { String($0.output) }
        }
    }

    func enter(_ code: String) async throws -> Answer {
        try await stack.anyone.ask(
            Endpoints.registrations.verify.operation, [:],
            ["email": .string(email), "otp": .string(code), "userData": data])
    }

    func login(_ password: String = Registered.password) async throws -> Answer {
        try await stack.anyone.ask(
            Endpoints.auth.login.operation, [:], ["email": .string(email), "password": .string(password)])
    }

    func signIn(_ password: String = Registered.password) async throws -> SignedIn {
        try SignedIn(try await login(password), at: stack)
    }
}
