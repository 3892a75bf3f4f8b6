import Foundation
import Logging
import Mails
import OutboundHTTP
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promise under test: a mail is sent until the mail server has it or it is of no use any more.
@Suite struct MailTests {
    private static let seal = Seal(.waitingMails, of: AuthWorld.secret)
    private let mail = Mail(
        address: "ada@example.org", subject: "Hello", text: "Your code is 123456.", usefulUntil: .start + .minutes(5))

    /// Runs `body` with a workflow whose Resend answers with `status`, and with what Resend was asked.
    private func use(
        answering status: Int, _ body: (MailWorkflow, TestClock, Shared<[LocalServer.Asked]>) async throws -> Void
    ) async throws {
        let asked = Shared<[LocalServer.Asked]>([])
        try await LocalServer.serve { request in
            asked.change { $0.append(request) }
            return .json(status, #"{"id":"x"}"#)
        } _: { url in
            try await TestKit.use(of: .auth) { kit in
                let settings = try MailSettings(
                    SettingsReader(
                        .auth,
                        [
                            "GUILDHALL_ENVIRONMENT": "development", "RESEND_API_BASE": url,
                            "RESEND_API_KEY": "re_test",
                        ]))
                let workflow = MailWorkflow(
                    clock: kit.clock, scheduler: kit.scheduler, sender: MailSender(settings, http: kit.http),
                    seal: Self.seal, templates: try MailTemplates(folder: nil), home: "https://client.example",
                    logger: .quiet)
                try await body(workflow, kit.clock, asked)
            }
        }
    }

    private func work() throws -> SendMail { try SendMail(mail, id: .make(at: .start), with: Self.seal) }

    @Test func `a mail is sent as it was written, under its own key`() async throws {
        try await use(answering: 200) { mails, _, asked in
            let work = try work()
            #expect(try await mails.send(work) == .done)
            let request = try #require(asked.value.first)
            let json = try JSONValue.parse(request.body)
            #expect(request.path == "/emails" && request.headers["authorization"] == "Bearer re_test")
            #expect(request.headers["idempotency-key"] == work.key)
            #expect(json["to"] == ["ada@example.org"] && json["subject"] == "Hello")
            #expect(json["text"] == "Your code is 123456.")
        }
    }

    @Test func `codes and links have an operator's templates, in the reader's language`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "templates-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in [
            ("registration-code.html.mustache", "<h1>{{code}}</h1>{{home}}"),
            ("registration-code.de.txt.mustache", "Hallo! {{text}}"),
            ("password-link.txt.mustache", "{{subject}}: {{link}}"), ("notice.txt.mustache", "{{unsubscribe}}"),
        ] { try Data(text.utf8).write(to: folder.appending(path: name)) }
        let templates = try MailTemplates(folder: folder.path)
        let code = OneTimeCode.make()
        func dressed(_ mail: Mail) -> Mail { mail.dressed(by: templates, home: "https://client.example") }
        let english = dressed(.code(code, to: "ada@example.org", in: .english, until: .start + .minutes(5)))
        #expect(english.text == Mail.code(code, to: "", in: .english, until: .start).text)
        #expect(english.html == "<h1>\(code.text)</h1>https://client.example")
        let german = dressed(.code(code, to: "ada@example.org", in: .german, until: .start + .minutes(5)))
        #expect(german.text.hasPrefix("Hallo! Dein Code ist \(code.text)."))
        let link = dressed(.passwordLink("https://x.example/?a=1&b=2", to: "", in: .english, until: .start))
        #expect(link.text == "A new password for Guildhall: https://x.example/?a=1&b=2" && link.html == nil)
        try await use(answering: 200) { mails, _, asked in
            let work = try SendMail(english, id: .make(at: .start), with: Self.seal)
            #expect(try await mails.send(work) == .done)
            let json = try JSONValue.parse(try #require(asked.value.first).body)
            #expect(json["html"]?.string == english.html && json["text"]?.string == english.text)
        }
    }

    @Test(arguments: [429, 500, 503]) func `what may pass is tried again`(status: Int) async throws {
        try await use(answering: status) { mails, clock, _ in
            let work = try work()
            #expect(try await mails.send(work) == .again(at: clock.now + .seconds(5)))
        }
    }

    @Test(arguments: [400, 403, 422]) func `a mail that is refused for good is given up`(status: Int) async throws {
        try await use(answering: status) { mails, _, asked in
            let work = try work()
            #expect(try await mails.send(work) == .done)
            #expect(asked.value.count == 1)
        }
    }

    @Test func `a mail that came to be of no use is not sent`() async throws {
        try await use(answering: 200) { mails, clock, asked in
            clock.advance(by: .minutes(5))
            let work = try work()
            #expect(try await mails.send(work) == .done)
            #expect(asked.value.isEmpty)
        }
    }

    @Test func `a waiting mail reveals nothing, and opens in its own row alone`() async throws {
        let work = try work()
        #expect(!"\(work.payload)".contains("123456") && !String(decoding: work.sealed, as: UTF8.self).contains("ada"))
        #expect(try work.mail(with: Self.seal) == mail)
        let moved = try SendMail(key: "\(MailID.make(at: .start))", payload: work.payload)
        #expect(throws: UnreadableWork.self) { try moved.mail(with: Self.seal) }
    }
}
