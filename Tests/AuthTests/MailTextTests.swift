import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promise under test: people are mailed in the language that they have chosen, or else asked for.
@Suite struct MailTextTests {
    private let email = "grace@example.org"
    private var input: RegistrationInput {
        RegistrationInput(name: "Grace Hopper", email: email, password: "Compiler-1952!", role: .client)
    }

    @Test(arguments: Language.allCases) func `a mail holds one number, or one link, in every language`(
        language: Language
    ) throws {
        let code = OneTimeCode.make()
        let mail = Mail.code(code, to: email, in: language, until: .start)
        #expect(mail.text.matches(of: /[0-9]{6}/).map { String($0.output) } == [code.text])
        let url = "https://client.example/reset-password?token=1"
        let link = Mail.passwordLink(url, to: email, in: language, until: .start)
        #expect(link.text.split(separator: "\n").contains { $0 == url })
        for text in [mail.text, mail.subject, link.text, link.subject] { #expect(!text.contains("{")) }
    }

    @Test func `who has no account yet is written to as the request asks`() async throws {
        try await AuthWorld.use { world in
            try await world.registrations.register(input, in: .german)
            #expect(try await world.mails(to: email).first?.subject == "Dein Code für Guildhall")
            world.clock.advance(by: .minutes(2))
            try await world.registrations.resend(to: email)
            #expect(try await world.mails(to: email).first?.subject == "Your code for Guildhall")
            world.clock.advance(by: .minutes(2))
            try await world.registrations.resend(to: email, in: .german)
            let mail = try #require(try await world.mails(to: email).first)
            #expect(mail.subject == "Dein Code für Guildhall" && mail.text.contains("fünf Minuten"))
        }
    }

    @Test func `what an account has chosen wins over what the request asks for`() async throws {
        try await AuthWorld.use { world in
            try await world.links.forgot(AuthWorld.email, in: .german)
            #expect(
                try await world.mails(to: AuthWorld.email).first?.subject == "Ein neues Passwort für Guildhall")
            world.readers.change { $0.languages[world.account] = .english }
            world.clock.advance(by: .minutes(2))
            try await world.links.forgot(AuthWorld.email, in: .german)
            #expect(try await world.mails(to: AuthWorld.email).first?.subject == "A new password for Guildhall")
        }
    }
}
