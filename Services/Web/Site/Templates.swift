import Foundation
import Mustache
import SharedModels

/// What a template is filled with: texts, numbers, truths, lists of these, and ``Values`` again.
typealias Values = [String: any Sendable]

/// The templates in `Resources/templates`, read once.
///
/// What stands between two braces is escaped by ``Markup``: the library's own escaping sees characters, and misses a
/// quotation mark that a combining mark follows (decision 0025).
struct Templates: Sendable {
    private struct Escaping: MustacheContentType {
        func escapeText(_ text: String) -> String { Markup.escape(text) }
    }

    /// Every template begins with it. A partial would otherwise fall back to the library's escaping.
    private static let preamble = "{{% CONTENT_TYPE:GUILDHALL}}"

    private let library: MustacheLibrary

    init(_ folder: URL) throws {
        MustacheContentTypes.register(Escaping(), named: "GUILDHALL")
        var library = MustacheLibrary()
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            guard file.pathExtension == "mustache" else { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            do {
                try library.register(Self.preamble + text, named: file.deletingPathExtension().lastPathComponent)
            } catch {
                throw BrokenTemplate(name: file.lastPathComponent, problem: "\(error)")
            }
        }
        self.library = library
    }

    func render(_ name: String, _ values: Values) throws -> String {
        guard let text = library.render(Self.settled(values), withTemplate: name) else {
            throw BrokenTemplate(name: name, problem: "is missing")
        }
        return text
    }
}

extension Templates {
    /// An empty text. Unlike one, it hides the section that it names.
    private struct Nothing: MustacheCustomRenderable, Sendable {
        var renderText: String { "" }
        var isNull: Bool { true }
    }

    private static func settled(_ values: Values) -> Values { values.mapValues(settled) }

    private static func settled(_ value: any Sendable) -> any Sendable {
        switch value {
        case let text as String: text.utf8.isEmpty ? Nothing() : text
        case let values as Values: settled(values)
        case let list as [Values]: list.map { settled($0) as Values }
        default: value
        }
    }
}

struct BrokenTemplate: Error {
    let name: String
    let problem: String
}
