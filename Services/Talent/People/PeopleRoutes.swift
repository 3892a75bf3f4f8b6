import ServiceKit
import SharedModels

/// Other services' questions about who people are.
struct PeopleRoutes: Sendable {
    /// Of profiles in one answer, but for a single one: other services take 8 MiB.
    private static let mostBytes = 4 << 20

    let workflow: PeopleWorkflow
    let workProfiles: WorkProfileWorkflow
    let links: ProfileLinks

    func register(on routes: Routes) {
        routes.handle(Endpoints.people.people, people)
        routes.handle(Endpoints.people.freelancers, freelancers)
        routes.handle(Endpoints.people.named, named)
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

    private func named(_ input: NameQuery, _ call: Call) async throws -> NamedPeople {
        NamedPeople(userIDs: try await workflow.named(input.name, input.userType))
    }

    private func freelancers(_ input: PeopleQuery, _ call: Call) async throws -> FreelancerBatch {
        let known = try await workProfiles.freelancers(input.userIDs, at: call.now)
        var (views, bytes) = ([JSONValue](), 0)
        for freelancer in known {
            let view = try JSONValue(
                encoding: freelancer.view(links, at: call.now), in: Surface.skillhouse.keyStyle)
            bytes += view.bytes.count
            guard views.isEmpty || bytes <= Self.mostBytes else { break }
            views.append(view)
        }
        return FreelancerBatch(freelancers: views, rest: known.dropFirst(views.count).map(\.profile.userID))
    }
}
