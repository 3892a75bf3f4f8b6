/// A five-character PostgreSQL error code (PostgreSQL manual, appendix A).
package struct SQLState: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package var description: String { rawValue }

    package static let foreignKeyViolation = Self(rawValue: "23503")
    package static let uniqueViolation = Self(rawValue: "23505")
    package static let checkViolation = Self(rawValue: "23514")
    package static let readOnlyTransaction = Self(rawValue: "25006")
    package static let serializationFailure = Self(rawValue: "40001")
    package static let deadlockDetected = Self(rawValue: "40P01")
    package static let syntaxError = Self(rawValue: "42601")
    package static let undefinedTable = Self(rawValue: "42P01")
    /// Also what `statement_timeout` raises.
    package static let queryCancelled = Self(rawValue: "57014")

    /// The server does not know the prepared statement any more.
    static let undefinedStatement = Self(rawValue: "26000")
}
