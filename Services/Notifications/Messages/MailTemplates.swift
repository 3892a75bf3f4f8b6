import Foundation
import Mustache
import ServiceKit
import SharedModels

/// What mails look like: one template for their text and one for their HTML. An operator may replace either, for all
/// languages or for one.
struct MailTemplates: Sendable {
    /// The same mail in both forms.
    private enum Form: String, CaseIterable {
        case text = "txt"
        case html
    }

    private let templates: [String: MustacheTemplate]

    /// - Parameter folder: Has `notice.txt.mustache`, `notice.html.mustache`, or either for one language, such as
    ///   `notice.de.html.mustache`. What is not there is built in.
    /// - Throws: A ``BadSetting`` that names the file which cannot be used.
    init(folder: String?) throws(BadSetting) {
        Self.registerMarkup
        var templates: [String: MustacheTemplate] = [:]
        for form in Form.allCases {
            templates[Self.name(form)] = try Self.parse(Self.builtIn(form), form, in: "the built-in template")
        }
        if let folder {
            for (name, form) in try Self.files(in: folder) {
                let place = "\(folder)/\(name)"
                // The rule for the reader is in the refusal.
                guard let bytes = FileManager.default.contents(atPath: place), bytes.count <= Self.largest,
                    let text = String(validating: bytes, as: UTF8.self)
                else { throw Self.bad("\(place) cannot be read as UTF-8 text of at most \(Self.largest) bytes") }
                templates[name] = try Self.parse(text, form, in: place)
            }
        }
        self.templates = templates
    }

    /// In bytes. Larger mails are cut by their readers' programs.
    private static let largest = 100 << 10

    func text(_ message: MessageText, home: String, ending: String) -> String {
        render(.text, message, home: home, ending: ending)
    }

    func html(_ message: MessageText, home: String, ending: String) -> String {
        render(.html, message, home: home, ending: ending)
    }

    private func render(_ form: Form, _ message: MessageText, home: String, ending: String) -> String {
        let template = templates[Self.name(form, message.language)] ?? templates[Self.name(form)]
        return template?.render(Self.values(message, home: home, ending: ending)) ?? ""
    }

    private static func values(_ message: MessageText, home: String, ending: String) -> [String: Any] {
        let own = Texts.all.own
        let (language, link) = (message.language, message.link ?? home)
        return [
            "language": language.rawValue, "subject": message.subject, "text": message.text,
            "lines": message.text.split(separator: "\n").map(String.init), "link": link, "home": home,
            "unsubscribe": ending, "say_open": own.open[language],
            "say_go_on": own.goOn.said(in: language, ["link": link]), "say_why": own.why[language],
            "say_end": own.end[language], "say_unsubscribe": own.unsubscribe[language],
        ]
    }

    // MARK: - Files

    private static func name(_ form: Form, _ language: Language? = nil) -> String {
        "notice.\(language.map { "\($0.rawValue)." } ?? "")\(form.rawValue).mustache"
    }

    private static func files(in folder: String) throws(BadSetting) -> [(name: String, form: Form)] {
        let found: [String]
        do {
            found = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw bad("\(folder) is not a folder that can be read")
        }
        let known = Form.allCases.flatMap { form in
            ([nil] + Language.allCases).map { (name: name(form, $0), form: form) }
        }
        let unknown = found.first { name in name.hasSuffix(".mustache") && !known.contains { $0.name == name } }
        if let unknown {
            throw bad("\(folder)/\(unknown) is no template's name: \(known.map(\.name).joined(separator: ", ")) are")
        }
        return known.filter { found.contains($0.name) }
    }

    /// Parses a template, and tries it: a mail that nobody can end must not be sent.
    private static func parse(_ text: String, _ form: Form, in place: String) throws(BadSetting) -> MustacheTemplate {
        let template: MustacheTemplate
        do {
            template = try MustacheTemplate(string: "{{% CONTENT_TYPE: \(form == .html ? markup : "TEXT")}}" + text)
        } catch {
            throw bad("\(place) is no Mustache template: \(reason(error))")
        }
        let (home, ending) = ("https://guildhall.example", "https://guildhall.example/unsubscribe?channel=1&token=2")
        let sample = MessageText(code: "000000", in: ReadingSettings.standard)
        let said = template.render(values(sample, home: home, ending: ending))
        guard said.contains(ending) || said.contains(Markup.escape(ending)) else {
            throw bad("\(place) lacks {{unsubscribe}}, the link that ends these mails")
        }
        return template
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? MustacheTemplate.ParserError else { return "\(error)" }
        return "line \(error.context.lineNumber): \(error.error)"
    }

    private static func bad(_ problem: String) -> BadSetting {
        BadSetting(Declared.sending.mailTemplates.name, problem)
    }

    // MARK: - Escaping

    private static let markup = "MARKUP"

    /// The library's own HTML escapes whole characters: `<` with a combining mark behind it would pass.
    private static let registerMarkup: Void = MustacheContentTypes.register(EscapedMarkup(), named: markup)

    private struct EscapedMarkup: MustacheContentType {
        func escapeText(_ text: String) -> String { Markup.escape(text) }
    }

    // MARK: - What is built in

    private static func builtIn(_ form: Form) -> String {
        switch form {
        case .text:
            """
            {{text}}

            {{say_go_on}}

            {{say_why}} {{say_end}}
            {{unsubscribe}}
            """
        case .html:
            """
            <!doctype html>
            <html lang="{{language}}"><head><meta charset="utf-8"><title>{{subject}}</title></head>
            <body style="font-family: sans-serif; max-width: 40em">
            <h1 style="font-size: 1.2em">{{subject}}</h1>
            {{#lines}}
            <p>{{.}}</p>
            {{/lines}}
            <p><a href="{{link}}">{{say_open}}</a></p>
            <p style="font-size: 0.85em">{{say_why}}
            <a href="{{unsubscribe}}">{{say_unsubscribe}}</a></p>
            </body></html>
            """
        }
    }
}
