import ServiceKit
import SharedModels

/// Every way payments refuses.
enum PaymentsError: Error, Equatable {
    case escrowNotFound(MilestoneID)
    case feeNotFound(DisputeID)
    case illegalMove(IllegalEscrowMove)
    /// The funding call names another amount than the one that is captured already.
    case amountIsSettled(MilestoneID)
    /// Another action moves the same money and has not ended in time.
    case busy(MilestoneID)
    /// The provider said no; its words are for the log.
    case refusedByProvider(reason: String)
    /// The provider could not be reached, or not in a state to answer. What was begun is resumed.
    case providerUnavailable(reason: String)
    /// The provider answered something that cannot be.
    case providerAnswer(reason: String)
    /// The worker has not finished onboarding; the payout waits.
    case payeeNotOnboarded(AccountID)
    case alreadyOnboarded(AccountID)
    case notEnoughCredits(balance: Int64)
    case accountNotFound(AccountID)
    case badSignature(StripeSignature.Flaw)
    case badEvent
}

extension PaymentsError: APIError {
    var code: ErrorCode {
        switch self {
        case .escrowNotFound, .feeNotFound, .accountNotFound: .notFound
        case .illegalMove, .amountIsSettled, .refusedByProvider, .payeeNotOnboarded, .alreadyOnboarded,
            .notEnoughCredits:
            .conflict
        case .busy, .providerUnavailable: .serviceUnavailable
        case .providerAnswer: .badGateway
        case .badSignature, .badEvent: .badRequest
        }
    }

    var publicMessage: String {
        switch self {
        case .escrowNotFound: "This milestone has no escrow."
        case .feeNotFound: "Nobody was charged for this dispute."
        case .illegalMove(let move):
            "The money is \(move.state.rawValue); it cannot \(move.event.rawValue) now."
        case .amountIsSettled: "The money was captured already; its amount stays."
        case .busy: "The money is being moved; try again shortly."
        case .refusedByProvider: "The payment provider refused."
        case .providerUnavailable:
            "The payment provider cannot be reached; what was begun finishes by itself."
        case .providerAnswer: "The payment provider gave an answer that was not expected."
        case .payeeNotOnboarded: "The payee has not finished onboarding."
        case .alreadyOnboarded: "The payee has finished onboarding already."
        case .notEnoughCredits(let balance): "There are \(balance) credits; the deduction is more."
        case .accountNotFound: "There is no such account."
        case .badSignature: "The signature is not valid."
        case .badEvent: "The body is not an event."
        }
    }

    var allowed: [String]? {
        guard case .illegalMove(let move) = self else { return nil }
        return move.state.possibleEvents.map(\.rawValue)
    }

    var retryAfter: Duration? {
        switch self {
        case .busy: .seconds(2)
        // When the action is resumed for the first time.
        case .providerUnavailable: .seconds(15)
        case .escrowNotFound, .feeNotFound, .illegalMove, .amountIsSettled, .refusedByProvider, .providerAnswer,
            .payeeNotOnboarded, .alreadyOnboarded, .notEnoughCredits, .accountNotFound, .badSignature, .badEvent:
            nil
        }
    }

    var logDetail: String? {
        switch self {
        case .refusedByProvider(let reason), .providerUnavailable(let reason), .providerAnswer(let reason):
            reason
        case .badSignature(let flaw): flaw.rawValue
        case .escrowNotFound(let id), .amountIsSettled(let id), .busy(let id): "milestone \(id)"
        case .feeNotFound(let id): "dispute \(id)"
        case .payeeNotOnboarded(let id), .alreadyOnboarded(let id), .accountNotFound(let id): "account \(id)"
        case .illegalMove, .notEnoughCredits, .badEvent: nil
        }
    }
}
