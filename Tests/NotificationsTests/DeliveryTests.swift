import Crypto
import Foundation
import OutboundHTTP
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import NotificationsService
@testable import SharedModels

/// The promise under test: every event reaches all its subscribers, in spite of faults on the way.
@Suite struct DeliveryTests {
    private let owner = AccountID.make(at: Timestamp(seconds: 0))

    @Test func `a webhook gets the stored bytes, signed, and is tried again after a second`() async throws {
        try await Receiver.use { number, _ in
            .init(status: number == 0 ? 500 : 200, text: number == 0 ? "oops" : "")
        } _: { receiver in
            try await World.use { world in
                let (_, secret) = try await world.register(WebhookInput(url: receiver.url + "/hook"), by: owner)
                let event = try await world.happen(to: owner)[0]
                try await eventually("the first attempt is stored") { try await world.attempts.count == 1 }
                #expect(try await world.states == ["pending"])
                world.clock.advance(by: .milliseconds(999))
                #expect(receiver.all.count == 1)
                world.clock.advance(by: .milliseconds(1))
                try await eventually("it is delivered") { try await world.states == ["delivered"] }

                #expect(receiver.all.map(\.body) == [receiver.all[0].body, receiver.all[0].body])
                #expect(
                    receiver.all[0].text
                        == #"{"id":"\#(event.id)","event":"gig.updated","data":{"title":"Paint a fence","rate_cents":1234,"#
                        + #""status":"active"},"timestamp":"2026-01-01T00:00:00Z","sequence":1}"#)
                let headers = receiver.all[1].headers
                let stamp = try #require(headers["webhook-timestamp"].flatMap { Int64($0) })
                let expected = WebhookSignature.headers(
                    id: event.id, body: receiver.all[1].body, secret: secret, at: Timestamp(seconds: stamp))
                for (name, value) in expected { #expect(headers[name.lowercased()] == value) }
                // The marketplace's clock stands in the past here; receivers compare with their own.
                #expect(abs(stamp - SystemClock().now.seconds) < 300)
                #expect(headers["user-agent"] == "Guildhall-Webhooks/1")
                #expect(headers["x-request-id"] == "req-7")
                #expect(headers["content-type"] == "application/json")
                #expect(
                    try await world.attempts.map { [$0.status.map(String.init), $0.body, $0.error] } == [
                        ["500", "oops", "the receiver answered 500"], ["200", "", nil],
                    ])
            }
        }
    }

    @Test func `a receiver hears of one thing's changes in order, and a failure holds up none of them`() async throws {
        try await Receiver.use { number, _ in
            .init(status: number == 2 ? 500 : 200)
        } _: { receiver in
            try await World.use { world in
                try await world.register(WebhookInput(url: receiver.url + "/hook"), by: owner)
                try await world.happen(to: owner, times: 8, of: .make(at: world.clock.now))
                try await eventually("all were tried") { try await world.attempts.count == 8 }
                let sequences = try receiver.all.map { try JSONValue.parse($0.body)["sequence"]?.integer }
                #expect(sequences == (1...8).map { Int64($0) })
                world.clock.advance(by: .seconds(1))
                try await eventually("the failed one came too") { try await !world.states.contains("pending") }
                #expect(receiver.all.count == 9)
            }
        }
    }

    @Test func `after six attempts it has failed`() async throws {
        try await Receiver.use { _, _ in
            .init(status: 503)
        } _: { receiver in
            try await World.use { world in
                try await world.register(WebhookInput(url: receiver.url + "/hook"), by: owner)
                let start = world.clock.now
                try await world.happen(to: owner)
                for (number, wait) in [1, 2, 4, 8, 16].enumerated() {
                    try await eventually("attempt \(number + 1)") { try await world.attempts.count == number + 1 }
                    world.clock.advance(by: .seconds(wait))
                }
                try await eventually("it has failed") { try await world.states == ["failed"] }
                #expect(try await world.attempts.map { $0.at - start } == [0, 1, 3, 7, 15, 31].map { .seconds($0) })
            }
        }
    }

    @Test func `Retry-After is obeyed`() async throws {
        try await Receiver.use { number, _ in
            number == 0 ? .init(status: 429, headers: ["Retry-After": "30"]) : .init()
        } _: { receiver in
            try await World.use { world in
                try await world.register(WebhookInput(url: receiver.url + "/hook"), by: owner)
                try await world.happen(to: owner)
                try await eventually("its line is paused") {
                    guard try await world.attempts.count == 1 else { return false }
                    let due = try? await world.nextDue
                    return due == world.clock.now + .seconds(30)
                }
                try await world.happen(to: owner)
                world.clock.advance(by: .seconds(29))
                #expect(try await world.nextDue == world.clock.now + .seconds(1))
                #expect(receiver.all.count == 1)
                world.clock.advance(by: .seconds(1))
                try await eventually("both are delivered") { try await world.states == ["delivered", "delivered"] }
            }
        }
    }

    @Test func `410 ends a webhook`() async throws {
        try await Receiver.use { _, _ in
            .init(status: 410)
        } _: { receiver in
            try await World.use { world in
                let (webhook, _) = try await world.register(WebhookInput(url: receiver.url + "/hook"), by: owner)
                try await world.happen(to: owner)
                try await eventually("it is disabled") {
                    try await world.webhooks.page(of: owner, after: nil, limit: 1).items[0].disabledAt != nil
                }
                try await world.happen(to: owner)
                #expect(try await world.states == ["failed"])
                #expect(receiver.all.count == 1)
                try await world.clear(until: "nothing is scheduled") {
                    try await world.database.rows("SELECT FROM scheduled").isEmpty
                }
                await #expect(throws: Refusal.self) {
                    try await world.webhooks.delete(webhook.id, by: owner) { version in
                        if version != 1 { throw Refusal(.preconditionFailed, "changed") }
                    }
                }
            }
        }
    }

    @Test func `a receiver that does not answer is tried again`() async throws {
        let isOver = Shared(false)
        try await Receiver.use { number, _ in
            // Where it is cancelled, nobody waits any more.
            if number == 0 { try? await eventually("the attempt is over") { isOver.value } }
            return .init()
        } _: { receiver in
            try await World.use(timeout: .seconds(2)) { world in
                // On a busy machine other attempts may also exceed the short timeout, and these do not end.
                try await world.register(WebhookInput(url: receiver.url + "/hook", retryPolicy: .durable), by: owner)
                try await world.happen(to: owner)
                try await eventually("the attempt is given up") { try await world.attempts.count == 1 }
                #expect(try await world.attempts[0].error == "no answer within 10 seconds")
                #expect(try await world.attempts[0].status == nil)
                isOver.change { $0 = true }
                try await eventually("it is delivered") {
                    world.clock.advance(by: .seconds(1))
                    return try await world.states == ["delivered"]
                }
            }
        }
    }

    @Test func `nothing is sent into a private network`() async throws {
        try await Receiver.use { receiver in
            try await World.use(egress: EgressGuard()) { world in
                try await world.register(WebhookInput(url: receiver.url + "/hook"), by: owner)
                try await world.happen(to: owner)
                try await eventually("it has failed") { try await world.states == ["failed"] }
                #expect(try await world.attempts.map(\.error) == ["the address is not on the public internet"])
                #expect(receiver.all.isEmpty)
            }
        }
    }

    @Test func `a slow receiver does not hold up the others`() async throws {
        let isOver = Shared(false)
        try await Receiver.use { _, _ in
            // Where it is cancelled, nobody waits any more.
            try? await eventually("the attempt is over") { isOver.value }
            return .init()
        } _: { slow in
            try await Receiver.use { fast in
                try await World.use { world in
                    try await world.register(WebhookInput(url: slow.url + "/hook"), by: owner)
                    try await world.happen(to: owner, times: 100)
                    let other = AccountID.make(at: world.clock.now)
                    try await world.register(WebhookInput(url: fast.url + "/hook"), by: other)
                    try await world.happen(to: other, times: 20)
                    try await eventually("the other has everything") { fast.all.count == 20 }
                    #expect(slow.all.count <= Line.mostPlaces)
                    isOver.change { $0 = true }
                    try await eventually("so has the slow one") {
                        try await world.states == Array(repeating: "delivered", count: 120)
                    }
                    #expect(Set(slow.all.compactMap { $0.headers["webhook-id"] }).count == 100)
                }
            }
        }
    }

    @Test func `an event is stored once, and only told to those who asked`() async throws {
        try await Receiver.use { receiver in
            try await World.use { world in
                try await world.register(
                    WebhookInput(url: receiver.url + "/hook", events: [.gigCreated]), by: owner)
                let event = try await world.happen(.gigCreated, to: owner)[0]
                try await world.receiver.take([event.json])
                try await world.happen(.gigUpdated, to: owner)
                try await world.happen(.gigCreated, to: AccountID.make(at: world.clock.now))
                try await eventually("it is delivered") { try await world.states == ["delivered"] }
                #expect(receiver.all.count == 1)
            }
        }
    }

    @Test func `what was waiting for a removed webhook is forgotten`() async throws {
        try await Receiver.use { _, _ in
            .init(status: 500)
        } _: { receiver in
            try await World.use { world in
                let (webhook, _) = try await world.register(WebhookInput(url: receiver.url + "/hook"), by: owner)
                try await world.happen(to: owner)
                try await eventually("the first attempt") { try await world.attempts.count == 1 }
                try await world.webhooks.delete(webhook.id, by: owner) { #expect($0 == 1) }
                try await world.clear(until: "nothing is left") {
                    try await world.database.rows("SELECT FROM lines").isEmpty
                }
                #expect(try await world.states.isEmpty)
                #expect(try await world.attempts.isEmpty)
                #expect(receiver.all.count == 1)
            }
        }
    }

    @Test func `after 410 what still waits fails, in time, and keeps its attempts`() async throws {
        try await Receiver.use { number, _ in
            .init(status: number == 0 ? 500 : 410)
        } _: { receiver in
            try await World.use { world in
                try await world.register(WebhookInput(url: receiver.url + "/hook"), by: owner)
                try await world.happen(to: owner)
                try await eventually("the first attempt is stored") { try await world.attempts.count == 1 }
                try await world.happen(to: owner)
                try await eventually("one has failed") { try await world.states == ["failed", "pending"] }
                try await world.clear(until: "so has the other") { try await world.states == ["failed", "failed"] }
                #expect(try await world.attempts.count == 2)
            }
        }
    }
}
