import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promise under test: an admin sees how every service does, most of all when one does not answer.
@Suite struct ServiceStateTests {
    private struct Peers: ServicePeers {
        struct Away: Error {}
        let away: Set<ServiceName>

        func work(of service: ServiceName) async throws -> ServiceWork {
            if away.contains(service) { throw Away() }
            return ServiceWork(version: "9", eventsWaiting: 2, deadLetters: service == .jobs ? 3 : 0)
        }
    }

    @Test func `every service is named once, with what waits in it, and one that is away as such`() async {
        let workflow = ServiceStateWorkflow(peers: Peers(away: [.payments]), logger: .quiet)
        let states = await workflow.states().map { ServiceStateView($0.service, $0.work) }
        #expect(
            states.map(\.name) == ["auth", "talent", "jobs", "contracts", "payments", "notifications", "messages"])
        #expect(states.filter { !$0.answers }.map(\.name) == ["payments"])
        #expect(states.filter { ($0.deadLetters ?? 0) > 0 }.map(\.name) == ["jobs"])
        #expect(states.first { $0.name == "payments" }?.eventsWaiting == nil)
    }

    @Test func `all services but auth say what waits`() {
        for service in ServiceName.withCallers {
            let work = Endpoints.work(of: service)
            #expect((work == nil) == (service == .auth), "\(service)")
        }
    }
}
