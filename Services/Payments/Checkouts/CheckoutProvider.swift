import ServiceKit
import SharedModels

/// Step two of an action on a checkout: the question to Stripe or to contracts. Each may be repeated any number of times.
struct CheckoutProvider: Sendable {
    let stripe: StripeClient
    let peers: any PaymentsPeers
    /// Where clients come back to.
    let clientURL: String

    /// - Throws: ``ProviderError``, `PeerRefusal` and `OutboundError` when the outcome is uncertain. The action then
    ///   stays, and is repeated.
    func perform(_ action: Action, on checkout: Checkout) async throws -> CheckoutOutcome {
        switch action.kind {
        case .session: return try await open(action, checkout)
        case .settle: return .settled(try await peers.settle(checkout.id, checkout.offer))
        case .giveBack: return try await giveBack(action, checkout)
        case .award:
            let contract = try Self.contract(of: checkout)
            return try await answer { () async throws in
                try await peers.release(contract)
                return .approved
            }
        case .divide:
            let contract = try Self.contract(of: checkout)
            let cancellation = CheckoutCancellation(
                by: .client, reason: checkout.cancellation?.reason ?? "",
                description: checkout.cancellation?.description ?? "")
            return try await answer { () async throws in
                .canceled(try await peers.cancel(contract, cancellation).stage)
            }
        case .authorize, .capture, .release, .cancel, .refund, .transfer:
            throw ProviderError.unexpected(reason: "\(action.key) is not about a checkout")
        }
    }

    /// Anyone with the page's address may pay, and nobody has it before this action has ended. So a page that was made and
    /// forgotten does no harm, and need not be looked for.
    private func open(_ action: Action, _ checkout: Checkout) async throws(ProviderError) -> CheckoutOutcome {
        do {
            let session = try await stripe.createSession(
                for: checkout, returningTo: clientURL, idempotencyKey: action.key)
            return .opened(session.id)
        } catch .refused(let reason) {
            return .refused(.provider(reason: reason))
        } catch .spent(let reason) {
            return .failed(reason: reason)
        }
    }

    private func giveBack(_ action: Action, _ checkout: Checkout) async throws(ProviderError) -> CheckoutOutcome {
        guard let payment = checkout.payment?.intentID else {
            throw .unexpected(reason: "checkout \(checkout.id) has no payment")
        }
        let amount = action.amount ?? checkout.rest
        switch try await stripe.refundOnce(payment, amount, under: action.key) {
        case .object(let refund):
            guard refund.amount <= checkout.rest.minorUnits else {
                throw .unexpected(reason: "\(refund.id) gave back \(refund.amount)")
            }
            return .givenBack(refund)
        case .refused(let reason): return .refused(.provider(reason: reason))
        case .failed(let reason): return .failed(reason: reason)
        }
    }

    /// Contracts' answer. A refusal is certain unless contracts could not decide.
    private func answer(_ ask: () async throws -> CheckoutOutcome) async throws -> CheckoutOutcome {
        do {
            return try await ask()
        } catch let refusal as PeerRefusal where refusal.code.status < 500 && refusal.code != .rateLimitExceeded {
            return .refused(.contracts(refusal))
        }
    }

    private static func contract(of checkout: Checkout) throws(ProviderError) -> ContractID {
        guard let id = checkout.deal?.contractID else {
            throw .unexpected(reason: "checkout \(checkout.id) has no contract")
        }
        return id
    }
}
