import SharedModels

/// A statement and its bound parameters.
///
///     let gig: SQL = "SELECT title FROM gigs WHERE id = \(id)"
///
/// `\(value)` is always a parameter (`$1`, `$2`, …) and never text, so a value cannot change what the statement means.
/// Statements are prepared once per connection and text: pass everything that varies between calls as a parameter.
/// `\(fragment:)` inserts another statement's text and parameters, for optional filters. `\(identifier:)` writes a
/// quoted name.
package struct SQL: Sendable {
    /// The text for PostgreSQL, with `$n` for each parameter.
    package private(set) var text: String
    private(set) var parameters: Parameters
    private var isDeclaredReadOnly = false
    /// Whether it may commit together with others: see ``sharingCommit()``.
    private(set) var sharesCommit = false

    /// An empty fragment, for a filter that was not asked for.
    package static let empty: SQL = ""

    /// Marks the statement as read-only. For `WITH … SELECT`, which could also write.
    package func readOnly() -> SQL {
        var copy = self
        copy.isDeclaredReadOnly = true
        return copy
    }

    /// Lets the statement commit together with others that wait at the same moment (decision 0045). For a frequent write
    /// that is all that its caller changes.
    ///
    /// Those of one commit are run in the order of their first parameter, so that what two commits lock they lock in one
    /// order: let it be the key of what the statement locks. When one fails, all are undone and each is run again, alone.
    package func sharingCommit() -> SQL {
        var copy = self
        copy.sharesCommit = true
        return copy
    }

    /// Whether the statement changes nothing, so that it may be sent again when its connection was lost.
    ///
    /// True after ``readOnly()``, and for a `SELECT`, `VALUES` or `SHOW` without any word that hints at an effect. The
    /// test errs towards "no": a locking clause, `INTO` and PostgreSQL's own functions with effects make it false.
    /// Never call a function of ours that has effects from a bare `SELECT`.
    package var isReadOnly: Bool {
        if isDeclaredReadOnly { return true }
        var isFirst = true
        for word in text.utf8.lazy.split(whereSeparator: { !$0.isWordCharacter }) {
            let word = String(decoding: word, as: UTF8.self).lowercased()
            if isFirst {
                guard ["select", "values", "show"].contains(word) else { return false }
                isFirst = false
            } else if Self.effectiveWords.contains(word) || word.hasPrefix("pg_") {
                return false
            }
        }
        return !isFirst
    }

    /// Whether it begins like a query. That is enough to choose a connection.
    var looksLikeQuery: Bool {
        isDeclaredReadOnly || text.utf8.drop { !$0.isWordCharacter }.starts(with: "SELECT".utf8)
    }

    private static let effectiveWords: Set<String> = [
        "update", "share", "into", "insert", "delete", "nextval", "setval", "set_config",
    ]
}

extension SQL: ExpressibleByStringInterpolation {
    package init(stringLiteral text: String) {
        self.text = text
        parameters = Parameters(capacity: 0)
    }

    package init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
        parameters = stringInterpolation.parameters
    }

    package struct StringInterpolation: StringInterpolationProtocol, Sendable {
        fileprivate var text = ""
        fileprivate var parameters: Parameters

        package init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + 3 * interpolationCount)
            parameters = Parameters(capacity: interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) {
            text.append(literal)
        }

        /// Binds `value`.
        package mutating func appendInterpolation(_ value: some PostgresCodable) {
            appendPlaceholder(parameters.count + 1)
            parameters.append(value, endingAt: text.utf8.count)
        }

        /// Binds `value`, or `NULL`. A separate overload, so that the compiler does not warn about interpolating an
        /// optional.
        package mutating func appendInterpolation<Value: PostgresCodable>(_ value: Value?) {
            appendPlaceholder(parameters.count + 1)
            parameters.append(value, endingAt: text.utf8.count)
        }

        /// Inserts `fragment` here and appends its parameters to those already bound.
        package mutating func appendInterpolation(fragment: SQL) {
            var rest = fragment.text.utf8[...]
            var position = 0
            for (index, slot) in fragment.parameters.slots.enumerated() {
                let placeholder = "$\(index + 1)".utf8.count
                text.append(contentsOf: Substring(rest.prefix(slot.textEnd - placeholder - position)))
                appendPlaceholder(parameters.count + 1)
                parameters.append(slot, of: fragment.parameters, index: index, endingAt: text.utf8.count)
                rest = rest.dropFirst(slot.textEnd - position)
                position = slot.textEnd
            }
            text.append(contentsOf: Substring(rest))
            parameters.adoptFailure(of: fragment.parameters)
        }

        /// Writes the name of a table, a channel or the like, quoted (PostgreSQL manual, section 4.1.1). Names are the
        /// one thing that cannot be a parameter.
        package mutating func appendInterpolation(identifier: String) {
            if identifier.utf8.contains(0) { parameters.refuse(.invalidText) }
            text.append("\"\(identifier.replacing("\"", with: "\"\""))\"")
        }

        private mutating func appendPlaceholder(_ number: Int) {
            text.append("$")
            text.append(String(number))
        }
    }
}

extension UInt8 {
    fileprivate var isWordCharacter: Bool {
        isASCIIAlphanumeric || self == UInt8(ascii: "_") || self >= 0x80
    }
}
