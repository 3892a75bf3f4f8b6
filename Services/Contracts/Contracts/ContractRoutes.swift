import ServiceKit
import SharedModels

/// `/api/contracts`.
struct ContractRoutes: Sendable {
    let contracts: ContractWorkflow
    let revisions: RevisionWorkflow
    let ends: EndWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.contracts.list, list)
        routes.handle(Endpoints.contracts.get, get)
        routes.handle(Endpoints.contracts.ledger) { _, call in
            try await contracts.ledger(of: call.path("id"), by: call.caller)
        }
        routes.handle(Endpoints.contracts.approve, approve)
        routes.handle(Endpoints.contracts.connectLink, connectLink)
        routes.handle(Endpoints.contracts.revise, revise)
        routes.handle(Endpoints.contracts.end, end)
    }

    private func list(_: NoInput, _ call: Call) async throws -> ContractList {
        let caller = call.caller.accountID
        let page = try await contracts.page(
            of: caller, in: call.query(ContractEndpoints.status),
            waitingForThem: call.query(ContractEndpoints.waitingFor) == .me, after: call.query(.cursor),
            limit: call.query(.limit))
        return ContractList(
            contracts: page.items.map { $0.view(for: $0.parties.role(of: caller), at: call.now) },
            nextCursor: page.nextCursor)
    }

    private func get(_: NoInput, _ call: Call) async throws -> ContractView {
        answer(try await contracts.show(call.path("id"), to: call.caller), call)
    }

    private func approve(_: NoInput, _ call: Call) async throws -> ContractView {
        let (contract, connectURL) = try await contracts.approve(
            call.path("id"), by: call.caller.accountID, expecting: call.check(version:))
        return answer(contract, connectURL: connectURL, call)
    }

    private func connectLink(_: NoInput, _ call: Call) async throws -> ConnectLink {
        ConnectLink(url: try await contracts.connectLink(call.path("id"), by: call.caller.accountID))
    }

    private func revise(_ input: RevisionInput, _ call: Call) async throws -> ContractView {
        let contract = try await revisions.revise(
            call.path("id"), notes: input.notes, by: call.caller.accountID,
            expecting: call.check(version:))
        return answer(contract, call)
    }

    private func end(_ input: EndInput, _ call: Call) async throws -> ContractView {
        let contract = try await ends.end(
            call.path("id"), note: input.note, by: call.caller.accountID, expecting: call.check(version:))
        if contract.isMoving(for: .end) { call.answer(status: 202) }
        return answer(contract, call)
    }

    private func answer(_ contract: Contract, connectURL: String? = nil, _ call: Call) -> ContractView {
        call.tag(version: contract.version)
        return contract.view(
            for: contract.parties.role(of: call.caller.accountID), connectURL: connectURL, at: call.now)
    }
}
