import ServiceKit
import SharedModels

/// Other services' questions about who people are.
struct PeopleRoutes: Sendable {
    let workflow: PeopleWorkflow
    let links: ProfileLinks

    func register(on routes: Routes) {
        routes.handle(Endpoints.people.people, people)
    }

    private func people(_ input: PeopleQuery, _ call: Call) async throws -> PeopleBatch {
        let known = try await workflow.people(input.userIDs, at: call.now)
        return PeopleBatch(
            people: known.map { person in
                Person(
                    userID: person.profile.userID, userType: person.account.userType,
                    name: person.profile.displayName, email: person.account.email,
                    picture: links.picture(of: person.profile, at: call.now))
            })
    }
}
