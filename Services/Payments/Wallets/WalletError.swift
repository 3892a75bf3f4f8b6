import ServiceKit
import SharedModels

/// Refusals about wallets.
enum WalletError: Error, Equatable {
    case notYours
    case notEnough(Rupees)
    /// The reference stands for another amount.
    case otherAmount(Rupees)
    /// The payout of the reference came back, so it does not stand for another one.
    case cameBack
    case neverPaidOut
}

extension WalletError: APIError {
    var code: ErrorCode {
        switch self {
        case .notYours: .forbidden
        case .notEnough, .otherAmount, .cameBack: .conflict
        case .neverPaidOut: .notFound
        }
    }

    var publicMessage: String {
        switch self {
        case .notYours: "You can see your own wallet only; put your own id into the path."
        case .notEnough(let balance): "The wallet has \(balance.text) rupees: amount must be that or less."
        case .otherAmount(let amount):
            "This reference was used for \(amount.text) rupees; take another one for another amount."
        case .cameBack: "The payout of this reference came back; take another reference for another payout."
        case .neverPaidOut: "Nothing was paid out of this wallet under this reference."
        }
    }
}
