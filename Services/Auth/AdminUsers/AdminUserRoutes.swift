import ServiceKit
import SharedModels

/// `/api/admin/users`.
struct AdminUserRoutes: Sendable {
    let workflow: AdminUserWorkflow
    let accounts: AccountWorkflow
    let people: any PeoplePeers

    func register(on routes: Routes) {
        routes.handle(Endpoints.adminUsers.clients) { _, call in try await list(.client, call) }
        routes.handle(Endpoints.adminUsers.freelancers) { _, call in try await list(.freelancer, call) }
        routes.handle(Endpoints.adminUsers.blockClient) { _, call in
            try await answer("The client is blocked.", workflow.block(call.path("clientId"), .client))
        }
        routes.handle(Endpoints.adminUsers.unblockClient) { _, call in
            try await answer("The client is unblocked.", workflow.unblock(call.path("clientId"), .client))
        }
        routes.handle(Endpoints.adminUsers.blockFreelancer) { _, call in
            try await answer("The freelancer is blocked.", workflow.block(call.path("freelancerId"), .freelancer))
        }
        routes.handle(Endpoints.adminUsers.unblockFreelancer) { _, call in
            try await answer("The freelancer is unblocked.", workflow.unblock(call.path("freelancerId"), .freelancer))
        }
        routes.handle(Endpoints.tiers.set, setTier)
    }

    private func list(_ type: UserType, _ call: Call) async throws -> UserList {
        let (page, limit) = (try call.query(Parameter<Int>.page), try call.query(Parameter<Int>.limit))
        var search: UserSearch?
        // Blank, because a field was left empty, is everybody.
        if let words = try call.query(AdminUserEndpoints.search), !words.allSatisfy(\.isWhitespace) {
            search = UserSearch(words: words, known: await people.named(words, type))
        }
        let (users, total) = try await workflow.page(of: type, fitting: search, page, limit: limit)
        let known = await people.find(users.map(\.account.id))
        return UserList(
            users.map { $0.view(known[$0.account.id]) }, total: total, page: page, limit: limit)
    }

    private func answer(_ message: String, _ user: ListedUser) async throws -> ChangedUser {
        let id = user.account.id
        return ChangedUser(message, user.view(await people.find([id])[id]))
    }

    private func setTier(_ input: TierInput, _ call: Call) async throws -> TierView {
        let id: AccountID = try call.path("id")
        let account =
            if let plan = input.subscriptionTier { try await accounts.setPlan(plan, of: id) } else {
                try await accounts.account(id)
            }
        return TierView(
            userID: account.id, displayName: account.displayName, userType: account.userType,
            subscriptionTier: account.plan)
    }
}

extension ListedUser {
    fileprivate func view(_ person: Person?) -> UserView {
        UserView(
            id: account.id, name: person?.name ?? account.displayName, email: account.email ?? "",
            mobile: account.mobile,
            role: account.role, profilePic: person?.picture ?? "", isGoogleAuth: account.googleSubject != nil,
            status: account.status, subscriptionTier: account.plan, createdAt: account.createdAt, updatedAt: updatedAt)
    }
}
