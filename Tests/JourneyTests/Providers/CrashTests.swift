import SharedModels
import Testing

extension Journeys {
    @Suite(
        .enabled(if: LocalStack.isGiven, "the stack's processes are not this machine's: GUILDHALL_TEST_HOME is not set")
    )
    struct Crashes {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        @Test(arguments: [
            ServiceName.contracts, .payments,
        ])
        func `A service that is killed in the middle of a release finishes it once when it is back`(
            service: ServiceName
        ) async throws {
            let processes = try LocalStack(stack)
            let deal = try await Deal.make(.delivered, in: stack)
            try await Receiver.use(of: deal.worker) { receiver in
                try await stack.failing("stripe", path: "/capture", mode: "timeout_after_success", times: 1) {
                    // The provider takes the money but does not answer, so that the release is under way.
                    async let release = deal.client.session.ask(
                        Endpoints.contracts.release.operation, deal.milestoneIDs)
                    _ = try await eventually("the provider has taken the money") {
                        try await deal.moneyAtProvider().captured.isEmpty ? nil : true
                    }
                    try processes.crash(service)
                    #expect(try await release.status != 500)
                    try await processes.restart(service)
                }
                try await deal.reaches("completed")
                #expect(try await deal.moneyAtProvider().captured == [55_000])
                _ = try await eventually("the worker is told") {
                    receiver.messages(of: .milestoneReleased).isEmpty ? nil : true
                }
                #expect(receiver.messages(of: .milestoneReleased).count == 1)
            }
        }
    }
}
