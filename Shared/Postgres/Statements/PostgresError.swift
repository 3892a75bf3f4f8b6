/// Every way in which a statement fails.
package enum PostgresError: Error, Sendable, Equatable {
    /// PostgreSQL refused the statement, which changed nothing.
    case server(ServerError)
    /// The connection was lost, or a deadline passed, while a write was under way. It may or may not be committed. To
    /// find out, ask the database, or repeat under an idempotency key.
    case unknownOutcome(reason: String)
    /// There was no connection, or it was lost; the statement changed nothing.
    case connectionLost(reason: String)
    /// No answer within ``Database/Configuration/deadline``; the statement changed nothing.
    case deadlineExceeded
    /// ``Database/Configuration/queueLimit`` statements already wait, or this one waited for longer than
    /// ``Database/Configuration/queuePatience``. It was not sent.
    case overloaded
    /// The answer is larger than ``Database/Configuration/maximumResultBytes``: ask for less, or use
    /// ``Database/stream(_:_:)``.
    case resultTooLarge
    /// ``SQLExecutor/one(_:_:)`` found nothing.
    case noRow
    /// A column is missing, is `NULL`, or has another type than the one asked for.
    case decoding(column: String, reason: String)
    /// A text parameter holds U+0000, which PostgreSQL cannot store; nothing was sent.
    case invalidText
    /// A parameter is outside what its PostgreSQL type can hold; nothing was sent.
    case invalidParameter(reason: String)
    /// `COMMIT` became a rollback, because a statement failed and the body continued after it.
    case rolledBack
    /// A bug in our use of this library.
    case misuse(String)
}

extension PostgresError {
    /// What PostgreSQL says about a refused statement. For the log only, because it can quote values of the row.
    package struct ServerError: Sendable, Equatable {
        package let sqlState: SQLState
        package let message: String
        package let detail: String?
        package let table: String?
        package let column: String?
        package let constraint: String?
    }

    /// The error code, when PostgreSQL refused the statement.
    package var sqlState: SQLState? {
        guard case .server(let error) = self else { return nil }
        return error.sqlState
    }

    /// The violated constraint or unique index.
    package var constraint: String? {
        guard case .server(let error) = self else { return nil }
        return error.constraint
    }

    package func isUniqueViolation(of constraint: String) -> Bool {
        sqlState == .uniqueViolation && self.constraint == constraint
    }

    package func isForeignKeyViolation(of constraint: String) -> Bool {
        sqlState == .foreignKeyViolation && self.constraint == constraint
    }

    package func isCheckViolation(of constraint: String) -> Bool {
        sqlState == .checkViolation && self.constraint == constraint
    }

    /// Whether the same transaction may succeed when it is run again.
    package var isSerializationConflict: Bool {
        sqlState == .serializationFailure || sqlState == .deadlockDetected
    }
}

extension PostgresError: CustomStringConvertible {
    /// One line for the log.
    package var description: String {
        switch self {
        case .server(let error):
            let detail = error.detail.map { " (\($0))" } ?? ""
            return "\(error.sqlState): \(error.message)\(detail)"
        case .unknownOutcome(let reason): return "it is unknown whether the write was committed: \(reason)"
        case .connectionLost(let reason): return "no connection to PostgreSQL: \(reason)"
        case .deadlineExceeded: return "PostgreSQL did not answer within the deadline"
        case .overloaded: return "too many statements wait for PostgreSQL"
        case .resultTooLarge: return "the result is larger than the limit"
        case .noRow: return "the statement returned no row"
        case .decoding(let column, let reason): return "column \(column): \(reason)"
        case .invalidText: return "a text parameter contains the character U+0000"
        case .invalidParameter(let reason): return "a parameter cannot be sent: \(reason)"
        case .rolledBack: return "the transaction was rolled back, because a statement in it had failed"
        case .misuse(let mistake): return "misuse of the database client: \(mistake)"
        }
    }
}
