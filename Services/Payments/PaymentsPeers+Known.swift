import Logging
import ServiceKit
import SharedModels

/// What other services know of the things that an answer shows.
extension PaymentsPeers {
    func people(knownOf ids: [AccountID], _ logger: Logger) async -> [AccountID: Person] {
        await Lookup(at: .talent, logger: logger).find(ids, by: \.userID) { try await people($0) }
    }

    func contracts(knownOf ids: [ContractID], _ logger: Logger) async -> [ContractID: CheckoutContract] {
        await Lookup(at: .contracts, logger: logger).find(ids, by: \.contractID) { try await contracts($0) }
    }
}
