import ServiceKit
import SharedModels

/// What people and banks do to the money.
extension StripeControl {
    private static let amounts = 1...Currencies.largestPayment

    /// The customer's bank takes a payment back.
    func openDispute(_ command: Command) async throws -> JSONValue {
        let input = try command.input(["charge", "payment_intent", "amount", "reason"])
        let charge = try await charge(input, command.work)
        return try await parts.disputes.open(
            charge, amount: input.optionalInteger("amount", Self.amounts),
            reason: input.choice("reason") ?? .fraudulent, command.work
        ).dispute.body
    }

    func closeDispute(_ command: Command) async throws -> JSONValue {
        let outcome = try command.input(["outcome"]).required("outcome", of: Disputes.Outcome.self)
        let dispute = try await locked(command.id, .dispute, command.work)
        return try await parts.disputes.close(dispute, outcome, command.work).body
    }

    /// Somebody refunds a payment in the dashboard.
    func refund(_ command: Command) async throws -> JSONValue {
        let input = try command.input(["charge", "payment_intent", "amount", "status"])
        let charge = try await charge(input, command.work)
        return try await parts.refunds.make(
            of: charge, amount: input.optionalInteger("amount", Self.amounts), status: input.choice("status"),
            command.work
        ).body
    }

    /// A pending refund arrives, or a refund comes back.
    func settleRefund(_ command: Command) async throws -> JSONValue {
        let status = try command.input(["status"]).required("status", of: RefundEnd.self)
        let refund = try await locked(command.id, .refund, command.work)
        return try await parts.refunds.settle(refund, hasArrived: status == .succeeded, command.work).body
    }

    /// Somebody captures a hold in the dashboard, or a part of it.
    func capture(_ command: Command) async throws -> JSONValue {
        let input = try command.input(["payment_intent", "amount"])
        let intent = try await locked(input.required("payment_intent"), .paymentIntent, command.work)
        return try await parts.intents.capture(
            intent, amount: input.optionalInteger("amount", Self.amounts), command.work
        ).body
    }

    /// Somebody cancels a payment in the dashboard.
    func cancel(_ command: Command) async throws -> JSONValue {
        let id = try command.input(["payment_intent"]).required("payment_intent")
        let intent = try await locked(id, .paymentIntent, command.work)
        return try await parts.intents.cancel(intent, reason: "requested_by_customer", command.work).body
    }

    /// Somebody takes a transfer back in the dashboard.
    func reverse(_ command: Command) async throws -> JSONValue {
        let input = try command.input(["transfer", "amount"])
        let transfer = try await locked(input.required("transfer"), .transfer, command.work)
        return try await parts.transfers.reverse(
            transfer, amount: input.optionalInteger("amount", Self.amounts), command.work
        ).body
    }

    /// All that is available goes to the bank account of the platform, or of a connected account.
    func payOut(_ command: Command) async throws -> JSONValue {
        let id = try command.input(["account"]).text("account", 1...255)
        let made: [StripeObject]
        if let id {
            made = try await parts.payouts.payOut(locked(id, .account, command.work), command.work)
        } else {
            made = try await parts.payouts.payOutPlatform(command.work)
        }
        return .array(made.map(\.body))
    }

    /// A bank sends a payout of the platform back.
    func failPayout(_ command: Command) async throws -> JSONValue {
        _ = try command.input(["status"]).required("status", of: PayoutEnd.self)
        return try await parts.payouts.fail(locked(command.id, .payout, command.work), command.work).body
    }

    func changeAccount(_ command: Command) async throws -> JSONValue {
        let state = try command.input(["state"]).required("state", of: AccountState.self)
        let account = try await locked(command.id, .account, command.work)
        return try await parts.accounts.change(account, to: state, command.work).body
    }

    /// The bank decides about a payment that is `processing`, or the customer about one that is `requires_action`.
    func answer(_ command: Command) async throws -> JSONValue {
        let answer = try command.input(["bank"]).required("bank", of: BankAnswer.self)
        let intent = try await locked(command.id, .paymentIntent, command.work)
        let answered = try await parts.intents.answer(intent, isYes: answer == .accepts, command.work).intent
        try await parts.sessions.settle(answered, command.work)
        return answered.body
    }

    private func charge(_ input: ControlInput, _ work: StripeWork) async throws -> StripeObject {
        try await parts.refunds.charge(
            input.text("charge", 1...255), ofIntent: input.text("payment_intent", 1...255), work)
    }
}

/// How a payout ends that had arrived.
enum PayoutEnd: String, CaseIterable, Sendable {
    case failed
}

/// How a refund ends.
enum RefundEnd: String, CaseIterable, Sendable {
    case succeeded, failed
}

/// What a bank says at last.
enum BankAnswer: String, CaseIterable, Sendable {
    case accepts, declines
}
