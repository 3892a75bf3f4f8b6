import SharedModels

/// Postings that take the money of another Skillhouse over.
extension Posting {
    /// - Parameter isAtProvider: Whether the money is at the Stripe account that the books are compared with.
    private static func source(_ isAtProvider: Bool) -> LedgerAccount {
        isAtProvider ? .provider(.inr) : .opening(.inr)
    }

    /// A payment that waits for its contract, or the platform's fee of one that was divided. Where the rest of that went,
    /// wallets say.
    ///
    /// - Returns: `nil` when nothing is left of it for the books.
    static func opening(_ escrow: ImportedEscrow) -> Self? {
        let amount = escrow.division?.fee ?? escrow.paid
        guard amount > 0 else { return nil }
        let place: LedgerAccount = escrow.division == nil ? .escrow(escrow.id, .inr) : .revenue(.inr)
        return Self(
            .opening, key: "import:checkout:\(escrow.id)", of: escrow.id.uuid,
            [(source(escrow.isAtProvider), -amount), (place, amount)])
    }

    /// The key of the first movement that is imported of a wallet.
    static func firstKey(ofWalletOf owner: AccountID) -> String { "import:wallet:\(owner):0" }

    /// - Parameters:
    ///   - index: Which of the wallet's movements it is.
    ///   - checkout: The payment that it came from, if it is known here.
    static func opening(
        _ movement: ImportedMovement, _ index: Int, of checkout: CheckoutID?, in wallet: ImportedWallet
    ) -> Self {
        Self(
            checkout == nil ? .opening : .openingEarning, key: "import:wallet:\(wallet.ownerID):\(index)",
            of: checkout?.uuid ?? wallet.ownerID.uuid,
            [(source(wallet.isAtProvider), -movement.amount), (.wallet(wallet.ownerID, .inr), movement.amount)])
    }
}
