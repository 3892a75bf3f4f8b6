import Foundation
import OutboundHTTP
import SharedModels
import Testing

/// The promise under test: a mail arrives as it was written, at its recipients only.
@Suite struct MailTests {
    private func mail(
        to: [OutboundMail.Address] = [.init("worker@example.com")],
        from: OutboundMail.Address = .init("no-reply@guildhall.example", name: "Guildhall"),
        subject: String = "Your code",
        text: String = "Your code is 123456.",
        headers: [(name: String, value: String)] = []
    ) -> OutboundMail {
        OutboundMail(
            from: from, to: to, subject: subject, text: text,
            date: Timestamp(seconds: 1_700_000_000), headers: headers
        )
    }

    @Test func `a mail is handed over as RFC 5322 text`() async throws {
        let server = FakeMailServer()
        let mail = mail(
            to: [
                .init("worker@example.com", name: "Ann \"A\" Lee"),
                .init("b@example.com", name: "Jürgen"),
            ],
            text: "Your code is 123456.\n.\n..two\nGrüße\nend \n"
                + String(repeating: "long ", count: 40),
            headers: [("Auto-Submitted", "auto-generated")]
        )
        try await withClient { try await $0.sendMail(mail, smtpURL: server.url()) }
        let lines = server.lines
        #expect(lines.contains("MAIL FROM:<no-reply@guildhall.example>"))
        #expect(
            lines.filter { $0.hasPrefix("RCPT") } == [
                "RCPT TO:<worker@example.com>", "RCPT TO:<b@example.com>",
            ])
        let message = server.message
        #expect(message.contains("Date: Tue, 14 Nov 2023 22:13:20 +0000"))
        #expect(message.contains("From: \"Guildhall\" <no-reply@guildhall.example>"))
        #expect(message.contains("To: \"Ann \\\"A\\\" Lee\" <worker@example.com>,"))
        #expect(message.contains(" =?utf-8?Q?J=C3=BCrgen?= <b@example.com>"))
        #expect(message.contains("Subject: Your code"))
        #expect(message.contains("Auto-Submitted: auto-generated"))
        let body = message.drop { !$0.isEmpty }.dropFirst()
        #expect(
            Array(body.prefix(5)) == [
                "Your code is 123456.", ".", "..two", "Gr=C3=BC=C3=9Fe", "end=20",
            ])
        #expect(message.allSatisfy { $0.utf8.count <= 76 })
    }

    @Test func `the code is the only six-digit number in the mail`() async throws {
        let server = FakeMailServer()
        try await withClient { client in
            for _ in 0..<20 { try await client.sendMail(mail(), smtpURL: server.url()) }
        }
        let runs = server.lines.flatMap { $0.split { !$0.isNumber } }.filter { $0.count == 6 }.map(
            String.init)
        #expect(runs == Array(repeating: "123456", count: 20))
    }

    @Test func `a long subject in any script is cut into encoded words`() async throws {
        let server = FakeMailServer()
        let subject = String(repeating: "Vertrag für 契約 👷🏽 ", count: 6)
        try await withClient {
            try await $0.sendMail(mail(subject: subject), smtpURL: server.url())
        }
        let start = try #require(server.message.firstIndex { $0.hasPrefix("Subject: ") })
        let words =
            [server.message[start].dropFirst(9)]
            + server.message[(start + 1)...].prefix { $0.hasPrefix(" ") }.map { $0.dropFirst() }
        var decoded: [UInt8] = []
        for word in words {
            #expect(word.hasPrefix("=?utf-8?Q?") && word.hasSuffix("?=") && word.utf8.count <= 75)
            let text = word.dropFirst(10).dropLast(2).replacing("_", with: "%20").replacing(
                "=", with: "%")
            decoded += Array((text.removingPercentEncoding ?? "").utf8)
        }
        #expect(String(decoding: decoded, as: UTF8.self) == subject)
    }

    @Test(arguments: [
        ("RCPT", "450 busy", 450), ("RCPT", "554 relay access denied", 554), ("MAIL", "550 not from you", 550),
        ("MAIL", "451 try later", 451), (".", "554 spam", 554),
    ])
    func `a refusal has the server's code`(command: String, reply: String, status: Int) async throws {
        let server = FakeMailServer(replies: [command: reply])
        try await withClient { client in
            await #expect(throws: OutboundError.mailRefused(status: status)) {
                try await client.sendMail(mail(), smtpURL: server.url())
            }
        }
    }

    @Test(arguments: [550, 551, 553, 556])
    func `a mailbox that does not exist is told from other refusals`(status: Int) async throws {
        let server = FakeMailServer(replies: ["RCPT": "\(status) 5.1.1 no such user"])
        try await withClient { client in
            await #expect(throws: OutboundError.mailboxRefused(status: status)) {
                try await client.sendMail(mail(), smtpURL: server.url())
            }
        }
    }

    @Test(arguments: [
        "a@b.example\r\nRCPT TO:<x@y.example>", "a@b.example>\r\nX", "a b@c.example", "a", "@b",
        "a@", "a@b@c", "<a@b.example>",
        "a@b.example,c@d.example", "\"a\"@b.example", "a@b.example\0", "ü@b.example", "",
    ])
    func `an address that would break the dialogue is refused`(mailbox: String) async throws {
        let server = FakeMailServer()
        for mail in [mail(to: [.init(mailbox)]), mail(from: .init(mailbox))] {
            try await withClient { client in
                await #expect(
                    throws: OutboundError.invalidMail(reason: "a mail address is not valid")
                ) {
                    try await client.sendMail(mail, smtpURL: server.url())
                }
            }
        }
        #expect(server.connectionCount == 0)
    }

    @Test func `no part of a mail can add a header`() async throws {
        let server = FakeMailServer()
        let mails = [
            mail(subject: "a\r\nBcc: x@y.example"), mail(subject: "a\nb"),
            mail(subject: "a\u{2028}b"),
            mail(to: [.init("a@b.example", name: "a\r\nBcc: x@y.example")]),
            mail(headers: [("X-A", "b\r\nc: d")]),
            mail(headers: [("X-A\r\nB", "c")]), mail(headers: [("X A", "c")]), mail(to: []),
            mail(to: Array(repeating: .init("a@b.example"), count: 51)),
        ]
        try await withClient { client in
            for mail in mails {
                await #expect { try await client.sendMail(mail, smtpURL: server.url()) } throws: {
                    error in
                    if case OutboundError.invalidMail = error { true } else { false }
                }
            }
        }
        #expect(server.connectionCount == 0)
    }

    @Test func `a password is used, and only its server's own machine may see it in the clear`()
        async throws
    {
        let server = FakeMailServer(extensions: ["AUTH PLAIN"])
        try await withClient { client in
            try await client.sendMail(mail(), smtpURL: server.url("user:secret@"))
        }
        let plain = Data("\0user\0secret".utf8).base64EncodedString()
        #expect(server.lines.contains { $0.hasPrefix("AUTH PLAIN") })
        #expect(server.lines.contains { $0.hasSuffix(plain) })
    }

    @Test(arguments: ["http://127.0.0.1:1", "file:///tmp/mail", "127.0.0.1:25", ""])
    func `what is not a mail server's URL is refused`(url: String) async throws {
        try await withClient { client in
            await #expect(throws: OutboundError.invalidURL) {
                try await client.sendMail(mail(), smtpURL: url)
            }
        }
    }

    @Test(arguments: [[:], ["RCPT": "550 no such user"], ["DATA": "451 try later"]])
    func `a server that is slow to say goodbye holds nobody else up`(
        replies: [String: String]
    ) async throws {
        let (leaving, goodbye) = (Signal(), Gate())
        let mailServer = FakeMailServer(replies: replies) {
            leaving.raise()
            goodbye.wait()
        }
        let server = RawServer.answering { _ in answer("") }
        try await withClient { client in
            let sending = Task { try await client.sendMail(mail(), smtpURL: mailServer.url()) }
            await leaving.wait()
            try await client.expect(200, from: .get(server.url()), .service)
            goodbye.open()
            let isSent = await sending.result.map { true }
            #expect((try? isSent.get()) == (replies.isEmpty ? true : nil))
        }
    }

    @Test func `a server that hangs is left at the deadline`() async throws {
        let server = RawServer { $0.untilClosed() }
        try await withClient { client in
            await #expect(throws: OutboundError.timedOut) {
                try await client.sendMail(
                    mail(), smtpURL: "smtp://127.0.0.1:\(server.port)", deadline: .milliseconds(200)
                )
            }
        }
    }
}
