import CPostgres
import Glibc
import SharedModels

/// The parameters that every connection of a ``Database`` is opened with.
struct ConnectionParameters: Sendable {
    private let keywords: [(name: String, value: String)]

    /// - Throws: ``PostgresError/misuse(_:)`` when `url` is not a libpq connection string. The error does not quote it,
    ///   because it may hold a password.
    init(_ configuration: Database.Configuration) throws(PostgresError) {
        guard let options = PQconninfoParse(configuration.url, nil) else {
            throw .misuse("the database URL is not a libpq connection URL")
        }
        defer { PQconninfoFree(options) }
        var serverOptions = ""
        var option = options
        while let keyword = option.pointee.keyword {
            if String(cString: keyword) == "options", let value = option.pointee.val {
                serverOptions = String(cString: value)
            }
            option += 1
        }
        // Keywords after `dbname` override the URL; the URL overrides those before it.
        keywords = [
            ("tcp_user_timeout", "5000"),
            ("keepalives_idle", "15"),
            ("keepalives_interval", "5"),
            ("keepalives_count", "3"),
            // Otherwise each connection looks for a ticket of Kerberos first, and a process that ends meanwhile is broken
            // off by Kerberos' library.
            ("gssencmode", "disable"),
            ("fallback_application_name", configuration.applicationName),
            ("dbname", configuration.url),
            ("client_encoding", "UTF8"),
            ("options", "\(serverOptions) \(Self.sessionSettings(configuration))"),
        ]
    }

    private static func sessionSettings(_ configuration: Database.Configuration) -> String {
        [
            "timezone=UTC",
            "statement_timeout=\(configuration.statementTimeout.wholeMilliseconds)",
            // Longer than any caller waits for the connection or for a lock that such a transaction holds.
            "idle_in_transaction_session_timeout=\(2 * configuration.deadline.wholeMilliseconds)",
            // A connection keeps the plan of a statement that it made when the table was almost empty. Reading all of the
            // table was best then (decision 0041). Where there is no index, it still does.
            "enable_seqscan=off",
            // Compiling takes longer than our statements do.
            "jit=off",
        ].map { "-c \($0)" }.joined(separator: " ")
    }

    /// Begins to connect, without blocking except for name resolution.
    ///
    /// - Returns: `nil` when there is no memory for it.
    func start() -> OpaquePointer? {
        let strings = keywords.map { (strdup($0.name), strdup($0.value)) }
        defer {
            for (name, value) in strings {
                free(name)
                free(value)
            }
        }
        let names = strings.map { UnsafePointer($0.0) } + [nil]
        let values = strings.map { UnsafePointer($0.1) } + [nil]
        let handle = PQconnectStartParams(names, values, 1)
        // Notices would otherwise go to standard error.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        return handle
    }
}
