import Logging
import Postgres
import ServiceKit
import SharedModels

/// Keeps the texts of profiles and gigs, and has the provider give vectors for them, in the background. A text is asked about
/// once, after it has stayed the same for some seconds.
struct TextWorkflow: Sendable {
    /// How many texts are asked about at once.
    private static let batch = 16
    /// How many questions are asked in a row; then others have their turn. So it is at most 46,080 texts an hour.
    private static let most = 4
    private static let pace = Duration.seconds(5)
    /// How long a text must stay the same.
    static let rest = Duration.seconds(10)
    /// The wait after a first failure. It doubles with each further one.
    private static let firstDelay = Duration.seconds(30)
    private static let longestDelay = Duration.hours(1)

    let database: Database
    let clock: any DomainClock
    let embedder: any TextEmbedder
    let features: FeatureStore
    let logger: Logger
    let texts = MatchTextStore()

    func register(on scheduler: Scheduler) {
        scheduler.every(Self.pace, "talent.texts") { try await embed() }
        scheduler.every(.days(1), "talent.texts.model") {
            try await texts.renew(otherThan: embedder.model, at: clock.now, in: database)
        }
    }

    /// Takes over what profiles say.
    func follow(_ users: [AccountID], at now: Timestamp, in tx: Transaction) async throws {
        for profile in try await texts.profiles(users, in: tx) {
            try await keep(
                PlainText.cleaned(profile.text, without: [profile.name]), of: MatchTextID(profile.user.uuid),
                owner: profile.user, at: now, in: tx)
        }
    }

    /// Takes over what a gig says.
    ///
    /// - Parameter words: `nil` when it is not open.
    func follow(_ gig: GigID, of owner: AccountID, _ words: String?, at now: Timestamp, in tx: Transaction) async throws
    {
        let name = try await texts.profiles([owner], in: tx).first?.name
        try await keep(
            PlainText.cleaned(words ?? "", without: [name].compactMap(\.self)), of: MatchTextID(gig.uuid), owner: owner,
            at: now, in: tx)
    }

    private func keep(
        _ text: String, of subject: MatchTextID, owner: AccountID, at now: Timestamp, in tx: Transaction
    ) async throws {
        if text.isEmpty {
            try await texts.delete(subject, in: tx)
        } else {
            try await texts.put(text, of: subject, owner: owner, at: now + Self.rest, in: tx)
        }
    }

    /// Asks about what is due.
    func embed() async throws {
        for _ in 0..<Self.most {
            let due = try await texts.due(Self.batch, at: clock.now, in: database)
            guard !due.isEmpty, try await embed(due) else { return }
        }
    }

    /// - Returns: Whether the provider answers.
    private func embed(_ due: [MatchTextStore.Due]) async throws -> Bool {
        let vectors: [TextVector]
        do {
            vectors = try await embedder.vectors(of: due.map(\.text))
        } catch is TextRefused where due.count > 1 {
            // One of them is to blame.
            for text in due {
                guard try await embed([text]) else { return false }
            }
            return true
        } catch let refused as TextRefused {
            logger.warning("a text was refused a vector", metadata: ["status": "\(refused.status)"])
            for text in due { try await texts.postpone(text, until: nil, in: database) }
            return true
        } catch {
            logger.warning("vectors of texts are missing", metadata: ["error": "\(error)"])
            for text in due {
                let delay = min(Self.longestDelay, Self.firstDelay * (1 << min(text.tries, 10)))
                try await texts.postpone(text, until: clock.now + delay, in: database)
            }
            return false
        }
        try await database.transaction { tx in
            for (text, vector) in zip(due, vectors) {
                guard let owner = try await texts.save(vector, of: text, in: tx) else { continue }
                try await features.note(owner, in: tx)
            }
        }
        return true
    }
}
