import Foundation
import Logging
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: a service does not start unless the settings of every service are right.
@Suite struct CommonSettingsTests {
    private static let sound = [
        "DATABASE_URL": "postgresql://jobs@127.0.0.1/jobs",
        "SERVICE_SECRET": String(repeating: "s", count: 32),
        "PUBLIC_URL": "https://guildhall.example",
    ]

    private func settings(_ changes: [String: String]) throws(BadSetting) -> CommonSettings {
        try CommonSettings(SettingsReader(.jobs, Self.sound.merging(changes) { $1 }))
    }

    private func inDevelopment(_ changes: [String: String]) throws(BadSetting) -> CommonSettings {
        try settings(changes.merging(["GUILDHALL_ENVIRONMENT": "development"]) { $1 })
    }

    @Test
    func `A database, a secret and an address are enough; all else has a default`() throws {
        let settings = try settings([:])
        #expect(settings.host == "127.0.0.1")
        #expect(settings.port == 8083)
        #expect(settings.clientURL == "https://guildhall.example")
        #expect(settings.clientOrigin == "https://guildhall.example")
        #expect(settings.sandboxURL == nil)
        #expect(settings.logLevel == .info)
        #expect(settings.peers[.payments] == "http://127.0.0.1:8085")
        #expect(settings.peers[.sandbox] == nil)
    }

    @Test
    func `One port base moves all ports together, and PORT moves the service's own alone`() throws {
        let moved = try inDevelopment(["GUILDHALL_PORT": "28080", "PUBLIC_URL": ""])
        #expect(moved.port == 28083)
        #expect(moved.peers[.auth] == "http://127.0.0.1:28081")
        #expect(moved.publicURL == "http://127.0.0.1:28080")
        #expect(try settings(["PORT": "9000"]).port == 9000)
    }

    @Test(arguments: [
        ("https://App.Example:443/start/", "https://app.example"),
        ("http://localhost:3000", "http://localhost:3000"),
    ])
    func `The client's origin is what browsers send, whatever its URL adds`(url: String, origin: String) throws {
        #expect(try settings(["CLIENT_URL": url]).clientOrigin == origin)
    }

    @Test(arguments: [
        ("GUILDHALL_PORT", "http"), ("GUILDHALL_PORT", "65001"), ("GUILDHALL_PORT", "0"), ("PORT", "0"),
        ("PORT", "65536"), ("PORT", "-1"), ("DATABASE_URL", ""), ("DATABASE_URL", "jobs:open-sesame@127.0.0.1/jobs"),
        ("PUBLIC_URL", "guildhall.example"), ("PUBLIC_URL", ""),
        ("CLIENT_URL", "app.example"), ("SANDBOX_URL", "sandbox"), ("EGRESS_ALLOW", "127.0.0.0/8,everywhere"),
        ("EGRESS_ALLOW", "10.0.0.0/33"), ("EGRESS_DENY", "mine"), ("LOG_LEVEL", "loud"), ("LOG_LEVEL", "INFO"),
        ("HOST", "my host"),
        ("DATABASE_CONNECTIONS", "0"), ("DATABASE_CONNECTIONS", "65"),
        ("DATABASE_TRANSACTIONS", "none"), ("DATABASE_TRANSACTIONS", "257"), ("SERVICE_SECRET", ""),
        ("SERVICE_SECRET", "too short"), ("SERVICE_SECRET", "too short,but the old one has its 32 characters"),
        ("AUTH_URL", "auth:8081"), ("PAYMENTS_URL", "http://"),
        ("MESSAGES_URL", "localhost"), ("GUILDHALL_ENVIRONMENT", "Development"),
        ("GUILDHALL_ENVIROMENT", "development"),
    ])
    func `A bad setting stops the start with one line that names it`(name: String, value: String) {
        let error = #expect(throws: BadSetting.self) { try settings([name: value]) }
        #expect(error?.name == name)
        let line = error?.description ?? ""
        #expect(line.hasPrefix("setting \(name) "))
        #expect(line.split(whereSeparator: \.isNewline).count == 1)
        if ["SERVICE_SECRET", "DATABASE_URL"].contains(name), !value.isEmpty { #expect(!line.contains(value)) }
    }

    @Test(arguments: ["DATABASE_URL", "SERVICE_SECRET", "PUBLIC_URL"])
    func `What must be there is missed by name, with what it must be`(name: String) {
        let error = #expect(throws: BadSetting.self) {
            try CommonSettings(SettingsReader(.jobs, Self.sound.filter { $0.key != name }))
        }
        #expect(error?.name == name)
        #expect(error?.description.hasPrefix("setting \(name) is missing; it must be ") == true)
    }

    @Test(arguments: [
        ("SANDBOX_URL", "https://sandbox.example"), ("PUBLIC_URL", "http://guildhall.example"),
        ("PUBLIC_URL", "http://127.0.0.1:8080"), ("EGRESS_ALLOW", "0.0.0.0/0"), ("EGRESS_ALLOW", "::/0"),
        ("EGRESS_ALLOW", "127.0.0.0/8"), ("EGRESS_ALLOW", "10.0.0.0/8"), ("EGRESS_ALLOW", "fd00::/8"),
        ("SERVICE_SECRET", "development-secret-that-everybody-can-read"),
        ("SERVICE_SECRET", "a-secret-of-our-own-with-32-characters,development-secret-that-everybody-can-read"),
        ("DATABASE_URL", "postgresql://guildhall_jobs:development-jobs@postgres/guildhall_jobs"),
    ])
    func `What makes development easy stops every other start, by name`(name: String, value: String) throws {
        for environment in ["production", "staging", ""] {
            let error = #expect(throws: BadSetting.self) {
                try settings([name: value, "GUILDHALL_ENVIRONMENT": environment])
            }
            #expect(error?.name == name)
        }
        #expect(throws: Never.self) { try inDevelopment([name: value]) }
    }

    @Test
    func `A database URL that libpq does not take stops the start by name, without its password`() async throws {
        let settings = try settings(["DATABASE_URL": "postgresql://jobs:open-sesame@127.0.0.1:port/jobs?no=such"])
        let error = await #expect(throws: BadSetting.self) {
            try await Microservice.openDatabase(settings, .main, .quiet)
        }
        #expect(error?.name == "DATABASE_URL")
        #expect(error?.description.contains("open-sesame") == false)
    }

    @Test
    func `A secret is replaced by a list: the new one, then the one before, however short`() throws {
        let new = String(repeating: "n", count: 32)
        let secret = try settings(["SERVICE_SECRET": "\(new), old"]).serviceSecret
        #expect(secret == RotatingSecret(Secret(new), earlier: [Secret("old")]))
    }

    @Test
    func `Nothing that prints settings shows a secret`() throws {
        let settings = try settings([
            "SERVICE_SECRET": String(repeating: "open-sesame ", count: 4) + "!",
            "DATABASE_URL": "postgresql://jobs:open-sesame@127.0.0.1/jobs",
        ])
        let secret = settings.serviceSecret
        var dumped = ""
        dump(settings, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), "\([secret])", "\(settings)", dumped] {
            #expect(text.contains("***"))
            #expect(!text.contains("sesame"))
        }
    }
}
