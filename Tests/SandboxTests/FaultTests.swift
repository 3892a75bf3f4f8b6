import Testing

@testable import SandboxService

/// The promise under test: the next n matching calls fail, and no others.
@Suite struct FaultTests {
    @Test func `a fault is used up`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let faults = sandbox.faults
            try await faults.plant(Fault(target: .stripe, mode: .error), times: 2)
            #expect(try await faults.take(.telegram, path: "/x", isRead: false) == nil)
            #expect(try await faults.take(.stripe, path: "/x", isRead: true) == .error)
            #expect(try await faults.take(.stripe, path: "/y", isRead: false) == .error)
            #expect(try await faults.take(.stripe, path: "/z", isRead: false) == nil)
        }
    }

    @Test func `a path is any part of the request's`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let faults = sandbox.faults
            try await faults.plant(Fault(target: .stripe, mode: .rateLimit, path: "/capture"), times: 1)
            #expect(
                try await faults.take(.stripe, path: "/stripe/v1/payment_intents/pi_1/cancel", isRead: false)
                    == nil)
            #expect(
                try await faults.take(.stripe, path: "/stripe/v1/payment_intents/pi_1/capture", isRead: false)
                    == .rateLimit)
        }
    }

    @Test func `reading is not declined, and a target can be cleared`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let faults = sandbox.faults
            try await faults.plant(Fault(target: .stripe, mode: .decline), times: 5)
            #expect(try await faults.take(.stripe, path: "/x", isRead: true) == nil)
            #expect(try await faults.take(.stripe, path: "/x", isRead: false) == .decline)
            try await faults.clear(.stripe)
            #expect(try await faults.take(.stripe, path: "/x", isRead: false) == nil)
        }
    }
}
