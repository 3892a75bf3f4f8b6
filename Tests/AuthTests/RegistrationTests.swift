import OutboundHTTP
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promise under test: an account is opened by the person who has registered it and receives mail at its address.
@Suite struct RegistrationTests {
    private static let email = "grace@example.org"
    private static let password = "Compiler-1952!"

    private func input(
        _ email: String = RegistrationTests.email, name: String = "Grace Hopper",
        password: String = RegistrationTests.password, role: Role = .freelancer, mobile: String? = nil
    ) -> RegistrationInput {
        RegistrationInput(name: name, email: email, password: password, role: role, mobile: mobile)
    }

    private func confirmation(
        _ code: String, email: String = RegistrationTests.email, password: String = RegistrationTests.password,
        role: Role? = .freelancer, address: String? = nil
    ) -> CodeInput {
        CodeInput(
            email: email, otp: code,
            userData: RegisteredData(name: "Grace Hopper", email: address, password: password, role: role))
    }

    private func wrong(_ code: String) -> String { code == "123456" ? "123457" : "123456" }

    @Test func `who registers and enters the mailed code can sign in`() async throws {
        try await AuthWorld.use { world in
            try await world.registrations.register(input("Grace@Example.org", mobile: "+49 (30) 123-45"))
            #expect(try await world.count("accounts") == 1)
            await #expect(throws: PasswordError.wrong) { try await world.signIn(Self.password, as: Self.email) }
            let mail = try #require(try await world.mails(to: "Grace@Example.org").first)
            #expect(mail.text.matches(of: /[0-9]{6}/).count == 1 && !mail.subject.contains(/[0-9]/))
            let code = try #require(try await world.code(mailedTo: "Grace@Example.org"))
            try await world.registrations.confirm(confirmation(code, email: "grace@EXAMPLE.org", address: Self.email))
            let signedIn = try await world.passwords.signIn(
                LoginInput(email: Self.email, password: Self.password), showing: ShownSession(), from: AuthWorld.place)
            let account = signedIn.account
            #expect(account.displayName == "Grace Hopper" && account.userType == .freelancer && account.plan == .free)
            #expect(account.email == Self.email && account.verifiedEmail == Self.email)
            #expect(account.mobile == "+49 (30) 123-45" && account.role == .freelancer)
            #expect(try await world.destinations(of: .accountCreated) == ["payments", "talent"])
        }
    }

    @Test(arguments: ["Grace 3", "R2D2", "Grace <Hopper>", "grace_hopper", "Grace!", "🦉🦉🦉"])
    func `a name with anything but letters and spaces is refused by name`(name: String) async throws {
        try await AuthWorld.use { (world) async throws in
            let refused = await #expect(throws: RegistrationError.badName) {
                try await world.registrations.register(input(name: name))
            }
            #expect(refused?.code.status == 400 && refused?.issues.map(\.path) == ["name"])
            #expect(try await world.mails(to: Self.email).isEmpty)
        }
    }

    @Test(arguments: ["Sinéad O’Connor", "Jean-Luc St. Clair, Jr.", "Доктор Живаго", "王小明", "आशा राव"])
    func `names of every script are taken`(name: String) async throws {
        try await AuthWorld.use { world in
            try await world.registrations.register(input(name: name))
            #expect(try await world.mails(to: Self.email).count == 1)
        }
    }

    @Test func `a code works once, and is not stored as it is`() async throws {
        try await AuthWorld.use { world in
            try await world.registrations.register(input())
            let code = try #require(try await world.code(mailedTo: Self.email))
            let rows: [String] = try await world.database.all(
                "SELECT registrations::text AS line FROM registrations UNION ALL SELECT payload::text FROM scheduled"
            ) { try $0.decode("line") }
            #expect(rows.allSatisfy { !$0.contains(code) && !$0.contains(Self.password) })
            try await world.registrations.confirm(confirmation(code))
            await #expect(throws: RegistrationError.wrongCode) {
                try await world.registrations.confirm(confirmation(code))
            }
            #expect(try await world.count("accounts") == 2)
        }
    }

    @Test func `of two who enter the code at once one opens the account`() async throws {
        try await AuthWorld.use { world in
            try await world.registrations.register(input())
            let code = try #require(try await world.code(mailedTo: Self.email))
            let done = await attempts(4) { _ in try await world.registrations.confirm(confirmation(code)) }
            #expect(done.successes.count == 1)
            #expect(try await world.count("accounts") == 2)
        }
    }

    @Test func `a wrong code is refused, and after five even the right one`() async throws {
        try await AuthWorld.use { world in
            try await world.registrations.register(input())
            let code = try #require(try await world.code(mailedTo: Self.email))
            for _ in 0..<5 {
                await #expect(throws: RegistrationError.wrongCode) {
                    try await world.registrations.confirm(confirmation(wrong(code)))
                }
            }
            await #expect(throws: RegistrationError.wrongCode) {
                try await world.registrations.confirm(confirmation(code))
            }
            world.clock.advance(by: .minutes(1))
            try await world.registrations.resend(to: Self.email)
            let next = try #require(try await world.code(mailedTo: Self.email))
            try await world.registrations.confirm(confirmation(next))
            #expect(RegistrationError.wrongCode.code.status == 400)
        }
    }

    @Test func `a code lives five minutes, and another one replaces it`() async throws {
        try await AuthWorld.use { world in
            try await world.registrations.register(input())
            let first = try #require(try await world.code(mailedTo: Self.email))
            world.clock.advance(by: .minutes(5))
            await #expect(throws: RegistrationError.wrongCode) {
                try await world.registrations.confirm(confirmation(first))
            }
            try await world.registrations.resend(to: Self.email)
            let second = try #require(try await world.code(mailedTo: Self.email))
            if first != second {
                await #expect(throws: RegistrationError.wrongCode) {
                    try await world.registrations.confirm(confirmation(first))
                }
            }
            world.clock.advance(by: .minutes(4))
            try await world.registrations.confirm(confirmation(second))
        }
    }

    @Test func `what counts is what was registered last, and nobody confirms a stranger's password`() async throws {
        try await AuthWorld.use { world in
            try await world.registrations.register(input())
            world.clock.advance(by: .seconds(1))
            // A stranger registers the address with a password of theirs. Its owner gets the code.
            try await world.registrations.register(input(password: "Strangers-1!"))
            let code = try #require(try await world.code(mailedTo: Self.email))
            for (bad, member) in [
                (confirmation(code), "userData.password"),
                (confirmation(code, password: "Strangers-1!", role: .client), "userData.role"),
                (confirmation(code, password: "Strangers-1!", address: "else@example.org"), "userData.email"),
            ] {
                let refusal = await #expect(throws: RegistrationError.self) {
                    try await world.registrations.confirm(bad)
                }
                #expect(refusal == .differs(member) && refusal?.issues.map(\.path) == [member])
            }
            #expect(try await world.count("accounts") == 1)
            #expect(RegistrationError.differs("userData.password").code.status == 400)
        }
    }

    @Test func `nobody registers as an admin`() async throws {
        try await AuthWorld.use { world in
            await #expect(throws: RegistrationError.adminRole) {
                try await world.registrations.register(input(role: .admin))
            }
            try await world.registrations.register(input())
            let code = try #require(try await world.code(mailedTo: Self.email))
            await #expect(throws: RegistrationError.adminRole) {
                try await world.registrations.confirm(confirmation(code, role: .admin))
            }
            #expect(RegistrationError.adminRole.code.status == 403)
        }
    }

    @Test func `an address that an account has is taken, also when the account was opened meanwhile`() async throws {
        try await AuthWorld.use { world in
            await #expect(throws: RegistrationError.taken) {
                try await world.registrations.register(input("ADA@example.org"))
            }
            try await world.registrations.register(input())
            let code = try #require(try await world.code(mailedTo: Self.email))
            let other = Account.registering(Self.email, as: "Another", .client, plan: .free, at: world.clock.now)
            try await world.database.transaction { _ = try await AccountStore().insertIfAbsent(other, in: $0) }
            await #expect(throws: RegistrationError.taken) {
                try await world.registrations.confirm(confirmation(code))
            }
            #expect(RegistrationError.taken.code.status == 409)
        }
    }

    @Test(arguments: ["sixteenletters!A", "Password1", "PASSWORD1!", "password1!", "Password!"])
    func `a password without one of the classes is refused, and named`(password: String) async throws {
        try await AuthWorld.use { world in
            let refusal = await #expect(throws: PasswordError.self) {
                try await world.registrations.register(input(password: password))
            }
            #expect(refusal?.issues.map(\.path) == ["password"] && refusal?.code.status == 400)
        }
    }

    @Test func `a password may be longer than 72 bytes, and all of it counts`() async throws {
        try await AuthWorld.use { world in
            let long = "Aa1!" + String(repeating: "x", count: 100)
            try await world.registrations.register(input(password: long))
            let code = try #require(try await world.code(mailedTo: Self.email))
            await #expect(throws: RegistrationError.differs("userData.password")) {
                try await world.registrations.confirm(confirmation(code, password: String(long.dropLast())))
            }
            try await world.registrations.confirm(confirmation(code, password: long))
        }
    }

    @Test func `letters are no phone number`() async throws {
        try await AuthWorld.use { world in
            await #expect(throws: RegistrationError.badMobile) {
                try await world.registrations.register(input(mobile: "call me"))
            }
        }
    }

    @Test func `another code is mailed once a minute, and the answer is the same for an unknown address`()
        async throws
    {
        try await AuthWorld.use { world in
            try await world.registrations.register(input())
            for address in [Self.email, "nobody@example.org"] {
                try await world.registrations.resend(to: address)
                await #expect(throws: RegistrationError.tooManyMails(retryAfter: .minutes(1))) {
                    try await world.registrations.resend(to: address)
                }
            }
            #expect(try await world.mails(to: Self.email).count == 2)
            #expect(try await world.mails(to: "nobody@example.org").isEmpty)
            #expect(RegistrationError.tooManyMails(retryAfter: .minutes(1)).code.status == 429)
        }
    }

    @Test func `nobody fills a mailbox by registering its address`() async throws {
        try await AuthWorld.use { world in
            for _ in 0..<10 { try await world.registrations.register(input()) }
            await #expect(throws: RegistrationError.tooManyMails(retryAfter: .hours(1))) {
                try await world.registrations.register(input())
            }
            try await world.registrations.register(input("else@example.org"))
        }
    }

    @Test func `nobody has many strangers mailed from one place`() async throws {
        try await AuthWorld.use { world in
            let (here, there) = (Place(IPAddress("192.0.2.1")), Place(IPAddress("192.0.2.2")))
            for number in 0..<100 { try await world.links.forgot("stranger\(number)@example.org", from: here) }
            let refusal = RegistrationError.tooManyMails(retryAfter: .hours(1))
            await #expect(throws: refusal) { try await world.registrations.register(input(), from: here) }
            await #expect(throws: refusal) { try await world.registrations.resend(to: Self.email, from: here) }
            await #expect(throws: PasswordError.tooManyMails(retryAfter: .hours(1))) {
                try await world.links.forgot("another@example.org", from: here)
            }
            try await world.registrations.register(input(), from: there)
            #expect(try await world.mails(to: Self.email).count == 1)
        }
    }
}
