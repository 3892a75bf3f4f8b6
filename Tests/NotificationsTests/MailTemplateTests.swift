import Foundation
import Mails
import ServiceKit
import TestSupport
import Testing

@testable import NotificationsService
@testable import SharedModels

/// The promise under test: an operator's templates are used, escape what users write, and a bad one stops the start.
@Suite struct MailTemplateTests {
    private let ending = "https://guildhall.example/end?channel=1&token=2"

    private func message(_ title: String, in language: Language = .english) -> MessageText {
        let words = EventWords(
            ["title": .string(title), "status": "draft"],
            for: Reader(account: .make(at: .start), language: language))
        return MessageText(Teller(words).tell(.gigCreated), in: language, home: "https://app.example")
    }

    private func body(_ message: MessageText, _ folder: String?) throws -> MailBody {
        MailBody(message, try NoticeTemplates(folder: folder), home: "https://app.example", ending: ending)
    }

    private func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "templates-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
        try body(folder.path)
    }

    @Test func `the built-in mail says all of it twice, and escapes it in HTML`() throws {
        let hostile = "<b>&\u{301}<\u{301}script>\"'"
        let mail = try body(message(hostile), nil)
        #expect(
            mail.text.contains("Your gig “\(hostile)” was created. Its status is draft.\nPublish it when it is ready."))
        #expect(mail.text.contains("Go on at https://app.example\n") && mail.text.hasSuffix(ending))
        let html = try #require(mail.html)
        #expect(html.contains("&lt;b&gt;&amp;\u{301}&lt;\u{301}script&gt;&quot;&#39;"))
        #expect(html.contains("<p>Publish it when it is ready.</p>"))
        #expect(html.contains("<a href=\"https://guildhall.example/end?channel=1&amp;token=2\">Unsubscribe</a>"))
        let german = try body(message("A", in: .german), nil)
        #expect(german.html?.contains("<html lang=\"de\">") == true && german.html?.contains("Abbestellen") == true)
    }

    @Test func `an operator's templates win, one for a language over one for all`() throws {
        let files = [
            "notice.html.mustache": "<i>{{subject}}</i> {{link}} {{unsubscribe}}",
            "notice.de.txt.mustache": "Hallo! {{text}} {{unsubscribe}}", "README": "not a template",
        ]
        try withFolder(files) { folder in
            let english = try body(message("<A>"), folder)
            #expect(
                english.html == "<i>Your gig “&lt;A&gt;” was created</i> https://app.example "
                    + "https://guildhall.example/end?channel=1&amp;token=2")
            #expect(english.text.hasPrefix("Your gig “<A>” was created."))
            let german = try body(message("<A>", in: .german), folder)
            #expect(german.text.hasPrefix("Hallo! Dein Auftrag „<A>“ wurde angelegt.") && german.text.hasSuffix(ending))
            #expect(german.html?.hasPrefix("<i>Dein Auftrag") == true)
        }
    }

    @Test func `a code that confirms a channel has an operator's template, and none of ours`() throws {
        let message = MessageText(code: "314159", in: .english)
        func body(_ folder: String?) throws -> MailBody {
            MailBody(code: "314159", message, try NoticeTemplates(folder: folder), home: "https://app.example")
        }
        let plain = try body(nil)
        #expect(plain.text == message.text && plain.html == nil && plain.headers.isEmpty)
        try withFolder(["channel-code.html.mustache": "<h1>{{code}}</h1><a href=\"{{home}}\">{{subject}}</a>"]) {
            folder in
            let dressed = try body(folder)
            #expect(
                dressed.html == "<h1>314159</h1><a href=\"https://app.example\">\(message.subject)</a>")
            #expect(dressed.text == message.text)
        }
    }

    @Test(arguments: [
        ("notice.html.mustache", "{{#lines}} {{unsubscribe}}", "is no Mustache template: line 1"),
        ("notice.html.mustache", "<p>{{text}}</p>", "lacks {{unsubscribe}}"),
        ("notice.txt.mustache", "", "lacks {{unsubscribe}}"),
        ("notice.fr.txt.mustache", "{{unsubscribe}}", "is no template's name"),
        ("mail.html.mustache", "{{unsubscribe}}", "is no template's name"),
        ("channel-code.txt.mustache", "Hello!", "lacks {{code}}"),
        ("registration-code.de.html.mustache", "<p>{{subject}}</p>", "lacks {{code}}"),
        ("password-link.html.mustache", "<p>{{code}}</p>", "lacks {{link}}"),
        ("notice.txt.mustache", String(repeating: "x", count: 200_000), "cannot be read"),
    ])
    func `a template that cannot be used stops the start by its name`(name: String, text: String, problem: String)
        throws
    {
        try withFolder([name: text]) { folder in
            let environment = [
                "GUILDHALL_ENVIRONMENT": "development", "MAIL_TEMPLATES": folder,
            ]
            let error = #expect(throws: BadSetting.self) {
                try NotificationsSettings(SettingsReader(.notifications, environment))
            }
            #expect(error?.description.hasPrefix("setting MAIL_TEMPLATES \(folder)/\(name) ") == true)
            #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
        }
    }

    @Test func `a folder that is not there stops the start`() throws {
        #expect(throws: BadSetting("MAIL_TEMPLATES", "/nonexistent is not a folder that can be read")) {
            try MailTemplates(folder: "/nonexistent")
        }
    }
}
