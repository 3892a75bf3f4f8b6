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
        return PeopleBatch(people: known.map { $0.person(links, at: call.now) })
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

extension KnownPerson {
    /// A client is a company, and is called as it calls itself (SkillSync contract, section 8, item 18).
    func person(_ links: ProfileLinks, at now: Timestamp) -> Person {
        Person(
            userID: profile.userID, userType: account.userType, name: profile.displayName, email: account.email,
            picture: links.picture(of: profile, at: now),
            company: account.userType == .client ? profile.displayName : nil)
    }
}
