import Foundation
import JWTKit
import OutboundHTTP
import ServiceKit
import SharedModels

/// Google's public keys (RFC 7517), fetched when they are needed and then remembered.
actor GoogleKeys {
    /// Google replaces a key days before the old one ends.
    private static let lifetime = Duration.hours(1)
    /// How long after a fetch a key that is not among them is not looked for again.
    private static let patience = Duration.seconds(30)
    /// A person waits.
    private static let deadline = Duration.seconds(8)

    private let url: String
    private let http: OutboundHTTP
    private let clock: any DomainClock
    private var keys: [String: JWK] = [:]
    private var fetchedAt: Timestamp?
    private var fetching: Task<[String: JWK], any Error>?

    init(url: String, http: OutboundHTTP, clock: any DomainClock) {
        self.url = url
        self.http = http
        self.clock = clock
    }

    /// - Returns: `nil` when Google has no key of that name.
    /// - Throws: ``SignInError/unavailable(_:reason:)``
    func key(_ name: String) async throws -> JWK? {
        let age = fetchedAt.map { clock.now - $0 }
        if let age, age < Self.lifetime, let key = keys[name] { return key }
        if let age, age < Self.patience { return nil }
        do {
            try await refresh()
        } catch {
            // A key that Google had an hour ago is better than nobody signing in.
            guard let key = keys[name] else { throw error }
            return key
        }
        return keys[name]
    }

    /// Fetches the keys, once for all who wait.
    private func refresh() async throws {
        if fetching == nil {
            fetching = Task { [url, http] in try await Self.fetch(url, http) }
        }
        guard let fetching else { return }
        do {
            keys = try await fetching.value
            fetchedAt = clock.now
            self.fetching = nil
        } catch {
            self.fetching = nil
            throw error
        }
    }

    private static func fetch(_ url: String, _ http: OutboundHTTP) async throws -> [String: JWK] {
        var request = OutboundRequest(.get, url, headers: [("Accept", "application/json")])
        request.deadline = deadline
        request.maximumResponseBytes = 256 * 1024
        do {
            let response = try await http.send(request, .provider)
            guard response.status == 200 else {
                throw SignInError.unavailable(.google, reason: "the keys' address answered \(response.status)")
            }
            let set = try JSONDecoder().decode(JWKS.self, from: Data(response.body))
            return Dictionary(set.keys.compactMap { key in key.keyIdentifier.map { ($0.string, key) } }) { $1 }
        } catch let error as OutboundError {
            throw SignInError.unavailable(.google, reason: "\(error)")
        } catch let error as DecodingError {
            throw SignInError.unavailable(.google, reason: "the keys cannot be read: \(error)")
        }
    }
}
