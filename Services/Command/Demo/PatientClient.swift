import Foundation
import GuildhallClient
import OutboundHTTP
import SharedModels

/// The API, asked again while it is too busy or away. A machine that does much beside may answer 503 for a while, and a
/// market must not stay half planted because of that.
struct PatientClient: Sendable {
    let api: GuildhallClient
    var patience = Patience()

    func signedIn(as credential: GuildhallClient.Credential) -> Self {
        Self(api: api.signedIn(as: credential), patience: patience)
    }

    func call<Output: Sendable>(
        _ endpoint: Endpoint<NoInput, Output>, path: [String: String] = [:], query: [String: String] = [:],
        idempotencyKey: String? = nil
    ) async throws -> Output {
        let key = key(idempotencyKey, endpoint.operation)
        return try await patience.ask {
            try await api.call(endpoint, path: path, query: query, idempotencyKey: key)
        }
    }

    func call<Input: Sendable, Output: Sendable>(
        _ endpoint: Endpoint<Input, Output>, _ body: JSONValue, path: [String: String] = [:],
        query: [String: String] = [:],
        idempotencyKey: String? = nil
    ) async throws -> Output {
        let key = key(idempotencyKey, endpoint.operation)
        return try await patience.ask {
            try await api.call(endpoint, body, path: path, query: query, idempotencyKey: key)
        }
    }

    func call<Input: Sendable, Output: Sendable>(
        _ endpoint: Endpoint<Input, Output>, _ input: Input, path: [String: String] = [:],
        idempotencyKey: String? = nil
    ) async throws -> Output {
        let key = key(idempotencyKey, endpoint.operation)
        return try await patience.ask { try await api.call(endpoint, input, path: path, idempotencyKey: key) }
    }

    /// Every attempt of a write has the same key, so that what was done already is not done again.
    private func key(_ given: String?, _ operation: SharedModels.Operation) -> String? {
        given ?? (operation.method == .get ? nil : UUID().uuidString)
    }

    func close() async { await api.close() }
}

/// How long to go on asking who has no time, and how long to wait before each time.
struct Patience: Sendable {
    /// In all, from the first attempt that had no success.
    var limit: Duration = .seconds(180)
    var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    /// Asks until there is an answer that another attempt would not change.
    ///
    /// - Parameter question: Has to be harmless when it is asked twice.
    func ask<Answer>(_ question: () async throws -> Answer) async throws -> Answer {
        var waited = Duration.zero
        for attempt in 0... {
            do {
                return try await question()
            } catch {
                guard let asked = Self.wait(after: error, attempt: attempt), waited + asked <= limit else {
                    throw error
                }
                try await sleep(asked)
                waited += asked
            }
        }
        preconditionFailure("there is no last attempt")
    }

    /// - Returns: `nil` when another attempt would end the same way.
    private static func wait(after error: any Error, attempt: Int) -> Duration? {
        let own = Duration.milliseconds(min(250 << min(attempt, 5), 5000))
        switch error {
        case let refusal as GuildhallRefusal where Busy.statuses.contains(refusal.status):
            return max(own, .seconds(refusal.retryAfter ?? 0))
        case let busy as Busy: return max(own, busy.retryAfter)
        case OutboundError.connectFailed, OutboundError.timedOut, OutboundError.transport, OutboundError.circuitOpen,
            OutboundError.overloaded:
            return own
        default: return nil
        }
    }
}

/// A part of the stack that is not asked through the API has no time.
struct Busy: Error, CustomStringConvertible {
    /// Answers that another attempt may change.
    static let statuses: Set<Int> = [429, 502, 503, 504]

    let status: Int
    let retryAfter: Duration

    /// - Returns: `nil` for an answer that stands.
    init?(_ response: OutboundResponse) {
        guard Self.statuses.contains(response.status) else { return nil }
        status = response.status
        retryAfter = .seconds(response.header("Retry-After").flatMap { Int($0) } ?? 0)
    }

    var description: String { "status \(status), again and again" }
}
