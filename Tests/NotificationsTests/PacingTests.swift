import OutboundHTTP
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import NotificationsService
@testable import SharedModels

/// The promise under test: each provider gets messages as it wants them, and nobody waits for another's chat.
@Suite struct PacingTests {
    private let owner = AccountID.make(at: .start)
    private let now = Timestamp.start
    private let providers = Pacing.providers(mailsPerSecond: 2)

    /// Sends to `targets` in turn for `span` of time, each as early as it may.
    ///
    /// - Returns: When each message went.
    private func times(_ targets: [ChannelTarget], for span: Duration) -> [ChannelType: [Timestamp]] {
        var pacing = Pacing(providers)
        var (sent, asking): ([ChannelType: [Timestamp]], [Timestamp]) = ([:], targets.map { _ in now })
        for step in 0..<Int(span.wholeMilliseconds / 10) {
            let moment = now + .milliseconds(10 * step)
            for (index, target) in targets.enumerated() where asking[index] <= moment {
                if let later = pacing.take(target, at: moment) {
                    #expect(later > moment)
                    asking[index] = later
                } else {
                    sent[target.type, default: []].append(moment)
                }
            }
        }
        return sent
    }

    private func most(_ times: [Timestamp], in span: Duration) -> Int {
        times.indices.map { start in times[start...].prefix { $0 < times[start] + span }.count }.max() ?? 0
    }

    @Test func `a chat and a webhook get a short burst, then one a second`() {
        for target in [ChannelTarget.telegram(chatID: "42"), .slack(webhookURL: "https://hooks.slack.com/x")] {
            let times = times([target], for: .seconds(30))[target.type] ?? []
            #expect(times.count == 30 && most(times, in: .seconds(3)) == 3)
        }
    }

    @Test func `Discord gets five in two seconds to a webhook, mail what its server takes`() {
        let discord = times([.discord(webhookURL: "https://discord.com/api/webhooks/1/x")], for: .seconds(20))
        #expect(discord[.discord]?.count == 50 && most(discord[.discord] ?? [], in: .seconds(2)) == 5)
        let mails = times((0..<10).map { .email(address: "\($0)@example.org") }, for: .seconds(10))
        #expect((18...20).contains(mails[.email]?.count ?? 0) && most(mails[.email] ?? [], in: .seconds(1)) == 2)
    }

    @Test func `a thousand chats share thirty messages a second, and others do not wait for them`() {
        let chats = (0..<1000).map { ChannelTarget.telegram(chatID: "\($0)") }
        let sent = times(chats + [.slack(webhookURL: "https://hooks.slack.com/x")], for: .seconds(10))
        let telegram = sent[.telegram] ?? []
        #expect(most(telegram, in: .seconds(1)) <= 30 && telegram.count > 270)
        // Bursts of three, at 0, 3, 6 and 9 s.
        #expect(sent[.slack]?.count == 12)
    }

    @Test(arguments: [2, 3, 7, 40]) func `replicas share what a provider takes in all`(replicas: Int) {
        var pacings = (0..<replicas).map { _ in Pacing(providers) }
        var sent: [Timestamp] = []
        for index in pacings.indices { pacings[index].senders = replicas }
        for step in 0..<1000 {
            let moment = now + .milliseconds(10 * step)
            for index in pacings.indices {
                // Each to its own chat that has just had nothing.
                let chat = ChannelTarget.telegram(chatID: "\(index) \(step)")
                if pacings[index].take(chat, at: moment) == nil { sent.append(moment) }
            }
        }
        #expect(most(sent, in: .milliseconds(990)) <= max(30, replicas))
        #expect(sent.count <= 300 + replicas && sent.count > 200)
    }

    @Test func `a share grows again when the others have gone`() {
        var pacing = Pacing(providers)
        func take(_ range: Range<Int>, at moment: Timestamp) -> Int {
            range.count { pacing.take(.telegram(chatID: "\($0)"), at: moment) == nil }
        }
        pacing.senders = 3
        #expect(take(0..<100, at: now) == 10)
        pacing.senders = 1
        #expect(take(100..<200, at: now) == 20)
        #expect(take(200..<300, at: now + .seconds(1)) == 30)
    }

    @Test func `a sender knows how many are alive`() async throws {
        try await TestDatabase.use(of: .notifications) { database in
            let (first, second) = (ClaimID.make(at: now), ClaimID.make(at: now))
            let store = LineStore()
            #expect(try await store.keepAlive(first, for: .seconds(60), in: database) == 1)
            #expect(try await store.keepAlive(second, for: .seconds(60), in: database) == 2)
            #expect(try await store.keepAlive(first, for: .seconds(60), in: database) == 2)
            try await store.end(second, in: database)
            #expect(try await store.keepAlive(first, for: .seconds(60), in: database) == 1)
        }
    }

    @Test func `messages wait for their pace without an attempt, and another channel's do not`() async throws {
        try await Receiver.use { receiver in
            try await World.use(sandboxURL: receiver.url, pacing: Pacing(providers)) { world in
                let other = AccountID.make(at: .start)
                for (account, path) in [(owner, "/slack/slow"), (other, "/slack/other")] {
                    let config = ChannelConfig(webhookURL: receiver.url + path)
                    try await world.add(ChannelInput(channelType: .slack, config: config), by: account)
                }
                let told = try await world.happen(to: owner, times: 7, of: .make(at: now))
                try await eventually("a burst is delivered") { receiver.all.count == 3 }
                try await world.happen(to: other)
                try await eventually("the other is told") { receiver.all.count == 4 }
                #expect(receiver.all.count { $0.path == "/slack/slow" } == 3)
                for count in [7, 8] {
                    world.clock.advance(by: .seconds(3))
                    try await eventually("\(count) are delivered") { receiver.all.count == count }
                }
                #expect(receiver.all.count { $0.path == "/slack/slow" } == told.count)
                #expect(try await world.attempts.allSatisfy { $0.number == 1 && $0.status == 200 })
            }
        }
    }

    @Test func `a provider's 429 postpones a message, and is no attempt`() async throws {
        try await Receiver.use { number, _ in
            number < 3 ? .init(status: 429, headers: ["Retry-After": "5"]) : .init()
        } _: { receiver in
            try await World.use(sandboxURL: receiver.url) { world in
                let config = ChannelConfig(webhookURL: receiver.url + "/slack/x")
                try await world.add(ChannelInput(channelType: .slack, config: config), by: owner)
                try await world.happen(to: owner)
                for count in 1...3 {
                    try await eventually("it was asked \(count) times") { receiver.all.count == count }
                    try await eventually("the line rests") {
                        let due: Timestamp?? = try await world.database.first(
                            "SELECT due_at FROM lines WHERE holder IS NULL"
                        ) { try $0.decode("due_at") }
                        return due == world.clock.now + .seconds(5)
                    }
                    world.clock.advance(by: .seconds(5))
                }
                try await eventually("it is delivered") { try await world.states == ["delivered"] }
                #expect(try await world.attempts.map(\.number) == [1])
            }
        }
    }

    @Test func `a mailbox that does not exist disables its channel, which is told elsewhere`() async throws {
        #expect(AttemptResult(OutboundError.mailboxRefused(status: 550)).verdict == .gone)
        #expect(AttemptResult(OutboundError.mailRefused(status: 554)).verdict == .hopeless)
        #expect(AttemptResult(OutboundError.mailRefused(status: 450)).verdict == .failed(retryAfter: nil))
    }
}
