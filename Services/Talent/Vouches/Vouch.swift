import SharedModels

/// One account's word for another.
struct Vouch: Sendable, Equatable {
    let voucherID: AccountID
    let vouchedID: AccountID
    let createdAt: Timestamp

    var view: VouchView { VouchView(voucherUserID: voucherID, vouchedUserID: vouchedID, createdAt: createdAt) }
}
