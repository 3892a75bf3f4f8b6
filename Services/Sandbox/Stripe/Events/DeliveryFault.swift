import Postgres

/// How a webhook goes wrong on its way. Its event can be read all the same.
enum DeliveryFault: String, CaseIterable, Sendable, PostgresValue {
    case twice
    /// After others that were caused later.
    case later
    case dropped
}
