import Foundation
import OutboundHTTP
import ServiceKit
import TestSupport
import Testing

@testable import NotificationsService
@testable import SharedModels

/// The promise under test: mails arrive, say what happened in text and HTML, and end with one click.
@Suite struct MailTests {
    private let owner = AccountID.make(at: Timestamp(seconds: 0))

    @Test(.timeLimit(.minutes(20)))
    func `a mail server and Python's parser take our mails`() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "guildhall-mail-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        // It installs its libraries first, which takes its time.
        _ = try await Judge.notices.run("check_mail.py", ["--ready"], on: [])
        let judging = Task { try await Judge.notices.run("check_mail.py", [file.path(), "3"], on: []) }
        var port = ""
        try await eventually("the mail server listens") {
            port = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
            return !port.isEmpty
        }
        try await World.use(environment: ["SMTP_URL": "smtp://127.0.0.1:\(port)"]) { world in
            for address in ["ada@example.org", "ada@b\u{fc}cher.example"] {
                try await world.add(
                    ChannelInput(channelType: .email, config: ChannelConfig(address: address)), by: owner)
            }
            let title =
                "Zaun “streichen” <b>&</b> \u{7}\r\nBcc: eve@evil.example\u{2028}" + String(repeating: "ü😀", count: 60)
            try await world.happen(to: owner, data: ["title": .string(title), "status": "active"])
            try await eventually("both are delivered") { try await world.states == ["delivered", "delivered"] }
        }
        try await World.use(
            environment: ["SMTP_URL": "smtp://127.0.0.1:\(port)", "CHANNEL_CONFIRMATION": "on"]
        ) { world in
            try await world.add(
                ChannelInput(channelType: .email, config: ChannelConfig(address: "ada@example.org")), by: owner)
            try await eventually("the code is delivered") { try await world.states == ["delivered"] }
        }
        #expect(try await judging.value == "3 mails are as they should be\n")
    }

    @Test func `the link in a mail ends that channel's messages, and no other link does`() async throws {
        try await World.use { world in
            let add = { (address: String) in
                try await world.add(
                    ChannelInput(channelType: .email, config: ChannelConfig(address: address)), by: owner)
            }
            let (one, other) = (try await add("ada@example.org"), try await add("bob@example.org"))
            let url = world.channels.links.url(for: one.id)
            let token = try #require(url.split(separator: "=").last.map(String.init))
            #expect(url.hasPrefix("https://guildhall.example/api/notifications/unsubscribe?channel=\(one.id)&token="))
            for bad in ["", "00", String(token.dropLast(2)) + "00"] {
                await #expect(throws: ChannelError.badLink) {
                    try await world.channels.unsubscribe(one.id, token: bad, at: world.clock.now)
                }
            }
            await #expect(throws: ChannelError.badLink) {
                try await world.channels.unsubscribe(other.id, token: token, at: world.clock.now)
            }
            for _ in 0..<2 { try await world.channels.unsubscribe(one.id, token: token, at: world.clock.now) }
            let shown = try await world.channels.page(of: owner, after: nil, limit: 5).items
            #expect(shown.filter { $0.disabledAt == nil }.map(\.id) == [other.id])
        }
    }

    @Test(arguments: [
        ("example.org", "example.org"), ("B\u{fc}cher.Example", "xn--bcher-kva.example"),
        ("Bu\u{308}cher.example", "xn--bcher-kva.example"),
        ("他们为什么不说中文.example", "xn--ihqwcrb4cv8a8dqg056pqjye.example"),
        ("münchen-ost.de", "xn--mnchen-ost-9db.de"), ("faß.de", "xn--fa-hia.de"),
    ])
    func `a domain is known by its ASCII form`(domain: String, expected: String) {
        #expect(MailDomain.ascii(domain) == expected)
    }

    @Test(arguments: [
        "localhost", "example", "10.0.0.1", "-a.org", "a-.org", "a..org", ".org", "a.invalid", "a b.org", "☃.example",
        "x.onion", String(repeating: "a", count: 64) + ".org",
    ])
    func `a domain to which no mail goes is refused`(domain: String) {
        #expect(MailDomain.ascii(domain) == nil)
        let rule = ChannelRule(egress: EgressGuard(), sandboxURL: nil)
        #expect(throws: ChannelError.self) { try rule.target(.email, ChannelConfig(address: "ada@\(domain)")) }
    }

    @Test(arguments: [".ada", "ada.", "a..da", "ädä", String(repeating: "a", count: 65)])
    func `a name that no mailbox has is refused`(name: String) {
        let rule = ChannelRule(egress: EgressGuard(), sandboxURL: nil)
        #expect(throws: ChannelError.self) { try rule.target(.email, ChannelConfig(address: "\(name)@example.org")) }
    }
}
