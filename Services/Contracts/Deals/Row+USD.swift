import Postgres
import SharedModels

/// Deals are in US dollars. Their columns are `…_cents`, as in JSON.
extension Row {
    func usd(_ column: String) throws -> Money { .usd(cents: try decode(column)) }

    func usdIfPresent(_ column: String) throws -> Money? {
        try decodeIfPresent(column, as: Int64.self).map { .usd(cents: $0) }
    }
}
