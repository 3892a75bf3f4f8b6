import ServiceKit
import SharedModels

/// `/api/freelancer/contract`.
struct FreelancerHireRoutes: Sendable {
    let workflow: HireWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.freelancerContracts.approve, approve)
        routes.handle(Endpoints.freelancerContracts.list, list)
        routes.handle(Endpoints.freelancerContracts.get, get)
        routes.handle(Endpoints.freelancerContracts.setStatus, setStatus)
        routes.handle(Endpoints.freelancerContracts.completed, completed)
    }

    private func approve(_: NoInput, _ call: Call) async throws -> HireAnswer {
        let id: ContractID = try call.path("contractId")
        let hire = try await workflow.approve(
            id, by: call.ownID("freelancerId"), expecting: call.check(version:))
        call.tag(version: hire.version)
        return HireAnswer(message: "The contract was approved.", contract: hire.view)
    }

    private func list(_: NoInput, _ call: Call) async throws -> FreelancerHires {
        let list = try await workflow.list(.ofFreelancer(call.ownID("freelancerId")), from: call.place)
        let contracts = list.page.map { hire in
            hire.document(
                list.surroundings.job(of: hire), list.surroundings.party(hire.parties.client), hire.freelancer)
        }
        return FreelancerHires(count: list.count, contracts: contracts.items, nextCursor: contracts.nextCursor)
    }

    private func get(_: NoInput, _ call: Call) async throws -> WholeHire {
        let (hire, surroundings) = try await workflow.get(call.path("contractId"), by: call.caller)
        call.tag(version: hire.version)
        return WholeHire(
            contract: hire.document(
                surroundings.job(of: hire), surroundings.party(hire.parties.client),
                surroundings.party(hire.parties.worker)))
    }

    private func setStatus(_ input: HireStatusInput, _ call: Call) async throws -> HireAnswer {
        let hire = try await workflow.set(
            input.status, of: call.path("contractId"), by: call.caller.accountID, expecting: call.check(version:))
        call.tag(version: hire.version)
        return HireAnswer(message: "The contract is \(hire.status.rawValue).", contract: hire.view)
    }

    private func completed(_: NoInput, _ call: Call) async throws -> CompletedWorks {
        let list = try await workflow.list(.completed(call.path("freelancerId")), from: call.place)
        let contracts = list.page.map { hire in
            hire.document(
                list.surroundings.job(of: hire), list.surroundings.publicParty(hire.parties.client), hire.freelancer,
                showsActions: false)
        }
        return CompletedWorks(count: list.count, contracts: contracts.items, nextCursor: contracts.nextCursor)
    }
}
