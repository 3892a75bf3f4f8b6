import OutboundHTTP
import ServiceKit
import SharedModels

/// How every call is made, and what its answer means.
extension StripeClient {
    /// How many pages of a list are looked through, of a hundred objects each.
    private static let longestList = 20
    /// How many keys one call takes that are spent.
    private static let mostKeys = 5

    /// The outcome of ``once(find:make:)``.
    enum Made<Object: Sendable>: Sendable {
        /// It exists, from this call or from an earlier one.
        case object(Object)
        /// Stripe refused, and nothing exists.
        case refused(reason: String)
        /// Nothing exists, and this idempotency key will not make it: the next attempt needs another one.
        case failed(reason: String)
    }

    /// Makes an object that must exist once: looks for it, makes it if it does not exist, and looks again when the answer
    /// tells nothing. So neither a forgotten key nor a restored backup of ours makes a second one.
    func once<Object: Sendable>(
        find: () async throws(ProviderError) -> Object?, make: () async throws(ProviderError) -> Object
    ) async throws(ProviderError) -> Made<Object> {
        if let known = try await find() { return .object(known) }
        do {
            return .object(try await make())
        } catch .refused(let reason) {
            return .refused(reason: reason)
        } catch .spent(let reason) {
            if let made = try await find() { return .object(made) }
            return .failed(reason: reason)
        }
    }

    /// Like ``once(find:make:)``, for what is no action with its own number: when a key is spent, the next one is taken.
    /// They follow each other in one order, so that two processes make the object once.
    ///
    /// - Throws: ``ProviderError/unavailable(reason:)`` when all keys are spent. Some day they are not.
    func once<Object: Sendable>(
        under key: String, find: () async throws(ProviderError) -> Object?,
        make: (_ idempotencyKey: String) async throws(ProviderError) -> Object
    ) async throws(ProviderError) -> Object {
        var latest = ""
        for number in 1...Self.mostKeys {
            let made = try await once(find: find) { () async throws(ProviderError) in
                try await make(number == 1 ? key : "\(key):\(number)")
            }
            switch made {
            case .object(let object): return object
            case .refused(let reason): throw .refused(reason: reason)
            case .failed(let reason): latest = reason
            }
        }
        throw .unavailable(reason: latest)
    }

    /// Makes an object of which a second one does no harm. When the key is spent, another one is taken.
    func harmlessly<Object: Sendable>(
        _ idempotencyKey: String, at now: Timestamp, make: (String) async throws(ProviderError) -> Object
    ) async throws(ProviderError) -> Object {
        do {
            return try await make(idempotencyKey)
        } catch .spent {
            return try await make("\(idempotencyKey):\(ClaimID.make(at: now))")
        }
    }

    func get<Object: StripeObject>(_ path: String) async throws(ProviderError) -> Object {
        try await answer(to: OutboundRequest(.get, base + path, headers: headers))
    }

    func post<Object: StripeObject>(
        _ path: String, _ form: [(String, String)], _ idempotencyKey: String
    ) async throws(ProviderError) -> Object {
        try await answer(
            to: .form(.post, base + path, headers: headers, form: form, idempotencyKey: idempotencyKey))
    }

    func delete<Object: StripeObject>(_ path: String, _ idempotencyKey: String) async throws(ProviderError) -> Object {
        try await answer(
            to: OutboundRequest(.delete, base + path, headers: headers, idempotencyKey: idempotencyKey))
    }

    /// The pages of a list, newest first, until `isEnough` says so or the list ends, however long that takes.
    ///
    /// - Parameter path: With a query.
    func pages<Element: StripeObject>(
        of path: String, until isEnough: ([Element]) async throws -> Bool
    ) async throws {
        var cursor = ""
        while true {
            let page: StripeList<Element> = try await get(path + cursor)
            if try await isEnough(page.elements) { return }
            guard page.hasMore, let last = page.lastID else { return }
            cursor = "&starting_after=\(try Self.segment(last))"
        }
    }

    /// The newest object of a list that is wanted.
    func first<Element: StripeObject>(
        of path: String, where isWanted: (Element) -> Bool
    ) async throws(ProviderError) -> Element? {
        var cursor = ""
        for _ in 0..<Self.longestList {
            let page: StripeList<Element> = try await get(path + cursor)
            if let found = page.elements.first(where: isWanted) { return found }
            guard page.hasMore, let last = page.lastID else { return nil }
            cursor = "&starting_after=\(try Self.segment(last))"
        }
        // Not looking further could make it twice.
        throw .unexpected(reason: "\(path) has too many objects to look through")
    }

    /// Whether the reason of a refusal is that an object does not exist.
    static func isMissing(_ reason: String) -> Bool { reason.hasPrefix("resource_missing:") }

    /// Whether the reason of a refusal is that our money at Stripe is not there yet.
    static func isShortOfMoney(_ reason: String) -> Bool { reason.hasPrefix("balance_insufficient:") }

    /// An id as part of a path.
    static func segment(_ id: String) throws(ProviderError) -> String {
        let isPlain = id.utf8.allSatisfy { $0.isASCIIAlphanumeric || "_-".utf8.contains($0) }
        guard isPlain, !id.isEmpty else { throw .unexpected(reason: "an invalid id") }
        return id
    }

    private var headers: [(name: String, value: String)] {
        [Authorization.showing(key.reveal()), ("Stripe-Version", Self.version)]
    }

    private func answer<Object: StripeObject>(to request: OutboundRequest) async throws(ProviderError) -> Object {
        var request = request
        request.deadline = Self.deadline
        let response: OutboundResponse
        do {
            response = try await http.send(request, .provider)
        } catch {
            throw .unavailable(reason: "\(error)")
        }
        // A body that is not JSON is judged by its status alone.
        let body = (try? JSONValue.parse(response.body, leniently: true)) ?? .null
        // Our key is good, but the account that the call is about has ended its connection with us.
        let isAbroad = body["error"]?["code"]?.string == "account_invalid"
        standing.note(status: isAbroad ? 200 : response.status)
        guard (200...299).contains(response.status) else {
            throw Self.failure(response, error: body["error"], isRead: request.method == .get)
        }
        guard let object = Object(body) else { throw .unexpected(reason: "\(Object.self) could not be read") }
        return object
    }

    /// What an answer means that is not a success.
    private static func failure(_ response: OutboundResponse, error: JSONValue?, isRead: Bool) -> ProviderError {
        let status = response.status
        let isRepeated = response.header("idempotent-replayed") == "true"
        guard let type = error?["type"]?.string else {
            // The answer did not come from Stripe.
            return .unavailable(reason: "status \(status)")
        }
        let reason = "\(error?["code"]?.string ?? type): \(error?["message"]?.string ?? "")"
        switch status {
        // An account that has ended its connection with us.
        case 403 where error?["code"]?.string == "account_invalid":
            return isRead ? .missing(reason: reason) : .refused(reason: reason)
        // The key was used for another request, which may have been carried out.
        case 400 where type == "idempotency_error": return .spent(reason: reason)
        case 400, 402, 404, 422:
            if isRead { return isMissing(reason) ? .missing(reason: reason) : .unavailable(reason: reason) }
            guard !response.followsUncertainAttempt || isRepeated else {
                return .unavailable(reason: "\(reason), after an attempt that may have been carried out")
            }
            return .refused(reason: reason)
        // Stripe stores the faults of calls that it had begun.
        case 500... where isRepeated: return .spent(reason: "status \(status), stored")
        // 401 and 403 concern our own key, 409 is a repeat still at work, 429 is too many requests.
        default: return .unavailable(reason: "status \(status)")
        }
    }
}
