import Postgres
import SharedModels

extension CaseKind: PostgresValue {}

/// Something about money at the provider that we cannot follow by ourselves. An admin looks at it.
struct EscrowCase: Sendable, Equatable {
    let id: EscrowCaseID
    let kind: CaseKind
    /// The provider's id of what it is about.
    let subject: String
    let milestoneID: MilestoneID?
    let checkoutID: CheckoutID?
    let contractID: ContractID?
    let accountID: AccountID?
    let amount: Money?
    /// What our books say.
    let believed: String
    /// What the provider says.
    let reported: String
    let openedAt: Timestamp
    let closedAt: Timestamp?
    let note: String?
    /// The admin who asked last for something to be done about it.
    var resolver: AccountID?
}
