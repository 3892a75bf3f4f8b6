import Foundation
import Mustache
import ServiceKit
import SharedModels

/// What mails look like: for each kind a template of its text, and one of its HTML. An operator may replace either, for all
/// languages or for one.
package struct MailTemplates: Sendable {
    /// All mails of all services: they share a folder.
    package enum Kind: String, CaseIterable, Sendable {
        case notice
        /// The code that confirms an address as a channel of notices.
        case channelCode = "channel-code"
        /// The code that opens an account.
        case registrationCode = "registration-code"
        case passwordLink = "password-link"

        /// The value without which such a mail is of no use.
        fileprivate var needed: (name: String, sample: String) {
            switch self {
            case .notice: ("unsubscribe", "https://guildhall.example/unsubscribe?channel=1&token=2")
            case .channelCode, .registrationCode: ("code", "271828")
            case .passwordLink: ("link", "https://guildhall.example/reset-password?mail=1&token=2")
            }
        }
    }

    /// The same mail in both forms.
    package enum Form: String, CaseIterable, Sendable {
        case text = "txt"
        case html
    }

    /// What a template can show.
    package struct Values: Sendable, Equatable {
        package let subject: String
        package let text: String
        package let language: Language
        /// By their names in templates.
        package let more: [String: String]

        package init(subject: String, text: String, in language: Language, _ more: [String: String]) {
            (self.subject, self.text, self.language, self.more) = (subject, text, language, more)
        }

        fileprivate var all: [String: Any] {
            var all: [String: Any] = more
            all["subject"] = subject
            all["text"] = text
            all["lines"] = text.split(separator: "\n").map(String.init)
            all["language"] = language.rawValue
            return all
        }
    }

    /// In bytes. Larger mails are cut by their readers' programs.
    private static let largest = 100 << 10

    /// What mails have besides what they need.
    private static let optional = ["link", "home", "say_open", "say_go_on", "say_why", "say_end", "say_unsubscribe"]

    private let templates: [String: MustacheTemplate]

    /// - Parameters:
    ///   - folder: Has `notice.txt.mustache`, `notice.html.mustache`, or either for one language, such as
    ///     `notice.de.html.mustache`; and so for the other kinds.
    ///   - builtIn: What is used for what is not there.
    /// - Throws: A ``BadSetting`` that names the file which cannot be used.
    package init(folder: String?, builtIn: [Kind: [Form: String]] = [:]) throws(BadSetting) {
        Self.registerMarkup
        var templates: [String: MustacheTemplate] = [:]
        for (kind, forms) in builtIn {
            for (form, text) in forms {
                templates[Self.name(kind, form)] = try Self.parse(text, kind, form, in: "the built-in template")
            }
        }
        if let folder {
            for (name, kind, form) in try Self.files(in: folder) {
                let place = "\(folder)/\(name)"
                // The rule for the reader is in the refusal.
                guard let bytes = FileManager.default.contents(atPath: place), bytes.count <= Self.largest,
                    let text = String(validating: bytes, as: UTF8.self)
                else { throw Self.bad("\(place) cannot be read as UTF-8 text of at most \(Self.largest) bytes") }
                templates[name] = try Self.parse(text, kind, form, in: place)
            }
        }
        self.templates = templates
    }

    /// - Returns: `nil` when neither the operator nor we have such a template.
    package func render(_ kind: Kind, _ form: Form, _ values: Values) -> String? {
        let template = templates[Self.name(kind, form, values.language)] ?? templates[Self.name(kind, form)]
        return template?.render(values.all)
    }

    // MARK: - Files

    private static func name(_ kind: Kind, _ form: Form, _ language: Language? = nil) -> String {
        "\(kind.rawValue).\(language.map { "\($0.rawValue)." } ?? "")\(form.rawValue).mustache"
    }

    private static func files(in folder: String) throws(BadSetting) -> [(name: String, kind: Kind, form: Form)] {
        let found: [String]
        do {
            found = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw bad("\(folder) is not a folder that can be read")
        }
        let known = Kind.allCases.flatMap { kind in
            Form.allCases.flatMap { form in
                ([nil] + Language.allCases).map { (name: name(kind, form, $0), kind: kind, form: form) }
            }
        }
        let unknown = found.first { name in name.hasSuffix(".mustache") && !known.contains { $0.name == name } }
        if let unknown {
            throw bad("\(folder)/\(unknown) is no template's name: \(known.map(\.name).joined(separator: ", ")) are")
        }
        return known.filter { found.contains($0.name) }
    }

    /// Parses a template, and tries it: a notice that nobody can end must not be sent, nor a code's mail without the code.
    private static func parse(
        _ text: String, _ kind: Kind, _ form: Form, in place: String
    ) throws(BadSetting) -> MustacheTemplate {
        let template: MustacheTemplate
        do {
            template = try MustacheTemplate(string: "{{% CONTENT_TYPE: \(form == .html ? markup : "TEXT")}}" + text)
        } catch {
            throw bad("\(place) is no Mustache template: \(reason(error))")
        }
        let (name, sample) = kind.needed
        // All that a template may make a part of it depend on.
        var more = Dictionary(uniqueKeysWithValues: optional.map { ($0, "x") })
        more[name] = sample
        // The text of a notice has no such link; the others' say all that must be said.
        let sampleText = kind == .notice ? "Something happened." : "Here it is:\n\(sample)"
        let said = template.render(Values(subject: "A mail", text: sampleText, in: .english, more).all)
        guard said.contains(sample) || said.contains(Markup.escape(sample)) else {
            throw bad("\(place) lacks {{\(name)}}, without which the mail is of no use")
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
}
