import ServiceKit
import SharedModels

/// `/api/client/contract`.
struct ClientHireRoutes: Sendable {
    let workflow: HireWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.clientContracts.create, create)
        routes.handle(Endpoints.clientContracts.createAlias, create)
        routes.handle(Endpoints.clientContracts.cancel, cancel)
        routes.handle(Endpoints.clientContracts.isCreated, isCreated)
        routes.handle(Endpoints.clientContracts.list, list)
        routes.handle(Endpoints.clientContracts.all, all)
        routes.handle(Endpoints.clientContracts.requestRelease, requestRelease)
        routes.handle(Endpoints.clientContracts.requestReleaseAlias, requestRelease)
    }

    private func create(_ input: HireInput, _ call: Call) async throws -> HireAnswer {
        let hire = try await workflow.create(
            for: call.path("jobId"), with: input.freelancerID.id, amount: input.amount.money,
            by: call.caller.accountID)
        call.tag(version: hire.version)
        return HireAnswer(message: "The contract was created.", contract: hire.view)
    }

    private func cancel(_ input: HireCancellationInput, _ call: Call) async throws -> Acknowledgement {
        try await workflow.cancel(
            call.path("contractId"), reason: input.cancelReason ?? "",
            description: input.cancelReasonDescription ?? "", by: call.caller.accountID,
            expecting: call.check(version:))
        return Acknowledgement("The contract was canceled.")
    }

    private func isCreated(_: NoInput, _ call: Call) async throws -> HireOrNone {
        let job: GigID = try call.path("jobId")
        return HireOrNone(contract: try await workflow.find(of: job, by: call.ownID("clientId"))?.view)
    }

    private func list(_: NoInput, _ call: Call) async throws -> ClientHires {
        let list = try await workflow.list(.ofClient(call.ownID("clientId")), from: call.place)
        let data = list.page.map { hire in
            hire.document(
                list.surroundings.job(of: hire), hire.client, list.surroundings.party(hire.parties.worker))
        }
        return ClientHires(count: list.count, data: data.items, nextCursor: data.nextCursor)
    }

    private func all(_: NoInput, _ call: Call) async throws -> AllHires {
        let list = try await workflow.list(.all, from: call.place)
        let data = list.page.map { hire in
            hire.document(
                ObjectID(hire.jobID), list.surroundings.party(hire.parties.client),
                list.surroundings.party(hire.parties.worker))
        }
        return AllHires(data: data.items, nextCursor: data.nextCursor)
    }

    private func requestRelease(_: NoInput, _ call: Call) async throws -> Acknowledgement {
        try await workflow.requestRelease(
            of: call.path("contractId"), by: call.caller.accountID, expecting: call.check(version:))
        return Acknowledgement("The release of the money was requested.")
    }
}

extension Call {
    /// An account in the path, which must be the caller's own.
    func ownID(_ name: String) throws -> AccountID {
        let id: AccountID = try path(name)
        guard id == caller.accountID else { throw HireError.othersPath(name) }
        return id
    }
}
