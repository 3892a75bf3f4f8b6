import Postgres
import ServiceKit
import SharedModels

extension CheckoutStore {
    /// Adds a payment that has come to its contract already, unless there is one with its id, its contract or its payment.
    ///
    /// - Returns: Whether it was added.
    func insertIfAbsent(whole checkout: Checkout, in tx: Transaction) async throws -> Bool {
        let (payment, deal, division) = (checkout.payment, checkout.deal, checkout.division)
        return try await tx.execute(
            """
            INSERT INTO checkouts (
                id, job_id, client_id, freelancer_id, quoted_contract_id, title, amount_minor, amount_currency, state,
                session_id, payment_intent_id, paid_minor, paid_currency, contract_id, contract_number, job_title,
                fee_minor, client_minor, freelancer_minor, funded_at, divided_at, version, created_at, updated_at)
            VALUES (
                \(checkout.id), \(checkout.jobID), \(checkout.clientID), \(checkout.freelancerID),
                \(checkout.quotedContractID), \(checkout.title), \(checkout.amount.minorUnits),
                \(checkout.amount.currency), \(checkout.state), \(checkout.sessionID), \(payment?.intentID),
                \(payment?.amount.minorUnits), \(payment?.amount.currency), \(deal?.contractID), \(deal?.number),
                \(deal?.jobTitle), \(division?.shares.fee.minorUnits), \(division?.shares.client.minorUnits),
                \(division?.shares.freelancer.minorUnits), \(deal?.fundedAt), \(division?.at), \(checkout.version),
                \(checkout.createdAt), \(checkout.updatedAt))
            ON CONFLICT DO NOTHING
            """) == 1
    }
}

extension Checkout {
    init(_ imported: ImportedEscrow) {
        let paid = Money.inr(paise: imported.paid)
        // No page of ours led to it.
        let elsewhere = "\(Payment.importedPrefix)\(imported.id)"
        let division = imported.division.map { division in
            Division(
                shares: CheckoutShares(
                    fee: Money.inr(paise: division.fee),
                    client: Money.inr(paise: division.client),
                    freelancer: Money.inr(paise: division.freelancer)), at: division.at)
        }
        self.init(
            id: imported.id, jobID: imported.jobID, clientID: imported.clientID, freelancerID: imported.freelancerID,
            quotedContractID: imported.contractID, title: imported.jobTitle, amount: paid,
            state: imported.division.map { $0.isRefund ? .refunded : .released } ?? .funded, moving: nil,
            sessionID: elsewhere,
            payment: Payment(
                intentID: imported.paymentIntentID ?? elsewhere, amount: paid, returned: .zero(.inr)),
            deal: Deal(
                contractID: imported.contractID, number: imported.contractNumber, jobTitle: imported.jobTitle,
                fundedAt: imported.fundedAt), division: division, cancellation: nil, isFrozen: false, version: 1,
            createdAt: imported.fundedAt, updatedAt: division?.at ?? imported.fundedAt)
    }
}
