import OutboundHTTP
import ServiceKit
import SharedModels

/// What is only shown: while the service that knows it is away, it is missing, and the rest of the answer is not.
extension PaymentsPeers {
    /// What one question may ask for.
    private static var most: Int { 100 }

    func people(knownOf ids: [AccountID]) async -> [AccountID: Person] {
        await known(ids) {
            try await people($0)
        } id: {
            $0.userID
        }
    }

    func contracts(knownOf ids: [ContractID]) async -> [ContractID: CheckoutContract] {
        await known(ids) {
            try await contracts($0)
        } id: {
            $0.contractID
        }
    }

    private func known<ID: Hashable, Thing>(
        _ ids: [ID], _ ask: ([ID]) async throws -> [Thing], id: (Thing) -> ID
    ) async -> [ID: Thing] {
        var rest = ArraySlice(Set(ids))
        var known: [ID: Thing] = [:]
        while !rest.isEmpty {
            // A question without an answer leaves names empty, nothing else.
            for thing in (try? await ask(Array(rest.prefix(Self.most)))) ?? [] { known[id(thing)] = thing }
            rest = rest.dropFirst(Self.most)
        }
        return known
    }
}
