import Postgres
import SharedModels

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a payment is for, and what its actions and withdrawals are about.
enum MoneySubject: Sendable, Hashable {
    /// Of the flow `milestone_capture`.
    case milestone(MilestoneID)
    /// Of the flow `escrow_checkout`.
    case checkout(CheckoutID)

    var milestoneID: MilestoneID? { if case .milestone(let id) = self { id } else { nil } }
    var checkoutID: CheckoutID? { if case .checkout(let id) = self { id } else { nil } }

    var uuid: UUID {
        switch self {
        case .milestone(let id): id.uuid
        case .checkout(let id): id.uuid
        }
    }

    /// Its id, as it is written.
    var id: String {
        switch self {
        case .milestone(let id): "\(id)"
        case .checkout(let id): "\(id)"
        }
    }

    /// The condition that a row is about it.
    var condition: SQL {
        switch self {
        case .milestone(let id): "milestone_id = \(id)"
        case .checkout(let id): "checkout_id = \(id)"
        }
    }

    /// - Throws: ``PostgresError`` when the row is about nothing.
    init(row: Row) throws {
        if let id: MilestoneID = try row.decodeIfPresent("milestone_id") {
            self = .milestone(id)
        } else {
            self = .checkout(try row.decode("checkout_id"))
        }
    }
}

extension MoneySubject: CustomStringConvertible {
    /// How keys at the provider begin.
    var description: String {
        switch self {
        case .milestone: "milestone:\(id)"
        case .checkout: "checkout:\(id)"
        }
    }
}
