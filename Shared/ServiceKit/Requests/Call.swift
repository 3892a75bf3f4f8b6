import HTTPTypes
import Logging
import OutboundHTTP
import SharedModels
import Synchronization

/// One request in the form a handler sees: authenticated, checked and parsed.
@usableFromInline
package struct Call: Sendable {
    package let trace: RequestTrace
    package let operation: Operation
    /// The time of arrival on the injected clock.
    package let now: Timestamp
    package let logger: Logger
    /// The caller, for endpoints that require an account.
    package let principal: Principal?
    /// The calling service, for internal endpoints.
    package let peer: ServiceName?
    /// Handlers that wait end their wait with it.
    package let departure: Departure
    let head: RequestHead
    let reply: ReplyHead

    package var id: String { trace.requestID }

    /// The caller. Only for endpoints that require an account: the pipeline has refused everybody else.
    package var caller: Principal {
        guard let principal else { preconditionFailure("\(operation.id) does not ask for an account") }
        return principal
    }

    /// The calling service. Only for internal endpoints.
    package var service: ServiceName {
        guard let peer else { preconditionFailure("\(operation.id) is not internal") }
        return peer
    }

    /// An id in the path. A text that is not an id names nothing, so it is a 404; on Skillhouse it is a 400.
    package func path<Kind>(_ name: String) throws -> Identifier<Kind> {
        if let id = Identifier<Kind>(pathText(name)) { return id }
        guard operation.surface == .skillhouse else { throw Refusal.notFound("resource") }
        let problem = "must be an id of 24 hexadecimal digits"
        throw Refusal(.badRequest, "\(name) \(problem).", issues: [InputIssue(path: name, message: problem)])
    }

    package func pathText(_ name: String) -> String { head.pathParameters.first { $0.name == name }?.value ?? "" }

    /// A declared query parameter; its text was checked before the handler ran.
    @inlinable
    package func query<Value>(_ parameter: Parameter<Value>) throws -> Value {
        try parameter.value(of: parameter.isList ? listText(parameter) : queryText(parameter.name))
    }

    /// What is wrong with a parameter, for an endpoint that answers a bad query itself.
    package func problem(with parameter: some AnyParameter) -> InputIssue? {
        do {
            try head.check(parameter)
            return nil
        } catch {
            return ErrorMapping.refusal(for: error).error.issues.first
        }
    }

    /// Whether the query names `parameter`.
    package func hasQuery(_ parameter: some AnyParameter) -> Bool {
        head.query.contains { parameter.isNamed($0.name) }
    }

    @usableFromInline
    func queryText(_ name: String) -> String? { head.query(name) }

    @usableFromInline
    func listText(_ parameter: some AnyParameter) -> String? { head.list(parameter) }

    package func header(_ name: String) -> String? { HTTPField.Name(name).flatMap(head.header) }

    /// The address that the gateway received the request from; `nil` when the request came past the gateway.
    package var sourceAddress: IPAddress? { head.sourceAddress }

    /// Who waits, for a ``Turnstile``: the account, or for somebody without one the address, if it is known.
    package var owner: Turnstile.Owner? {
        if let principal { return .account(principal.accountID) }
        return sourceAddress.map { .address($0.subscriber) }
    }

    package func cookie(_ name: String) -> String? { head.cookie(name) }

    /// The names of cookies that begin with `prefix`, the oldest first.
    package func cookies(beginningWith prefix: String) -> [String] {
        Cookies.names(beginningWith: prefix, in: head.headers[values: .cookie])
    }

    /// The text of the session cookie, whether or not the session is valid.
    package func sessionText(_ cookie: SessionCookie) -> String? { cookie.text(in: head.headers) }

    /// Sets `ETag`, so that the caller can make a later change conditional on this version.
    package func tag(version: Int64) { tag("v\(version)") }

    /// Sets `ETag` for an answer that also depends on the day, such as one with links that expire.
    package func tag(version: Int64, on day: CalendarDay) {
        tag("v\(version)-\(day.daysSince1970)")
    }

    private func tag(_ version: String) {
        assert(operation.tellsVersion, "\(operation.id) does not say that it tells a version")
        reply.set(.eTag, "\"\(version)\"")
    }

    /// - Throws: 412 when `If-Match` names other versions than `version` (RFC 9110, section 13.1.1).
    package func check(version: Int64) throws {
        guard let condition = TagCondition(head.headers[.ifMatch]), !condition.names(version: version) else { return }
        throw Refusal(.preconditionFailed, "The resource has changed since; read it again (If-Match).")
    }

    /// The check that `If-Match` asks for; `nil` without that header.
    package var versionCheck: VersionCheck? {
        guard head.headers.contains(.ifMatch) else { return nil }
        return { try check(version: $0) }
    }

    /// Whether the reader already has this version, according to `If-None-Match` (RFC 9110, section 13.1.2).
    var isUnchanged: Bool {
        guard
            operation.method == .get, reply.current.status ?? operation.success == 200,
            let condition = TagCondition(head.headers[.ifNoneMatch]), let tag = reply.current.headers[.eTag]
        else { return false }
        return condition.names(tag)
    }

    /// Answers with another one of the declared statuses.
    package func answer(status: Int) {
        precondition(operation.success == status || operation.alsoAnswers.contains(status), "\(status) is not declared")
        reply.set(status: status)
    }

    package func redirect(to url: String) { reply.set(.location, url) }
    package func setCookie(_ cookie: String) { reply.add(.setCookie, cookie) }
    package func setHeader(_ name: String, _ value: String) {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is not the name of a header") }
        reply.set(name, value)
    }
}

/// The parts of a request that are parsed once.
struct RequestHead: Sendable {
    let method: String
    let path: String
    /// Lists, because they are so short that building a dictionary takes longer than searching.
    let pathParameters: [(name: String, value: String)]
    /// As ``QueryReading/parameters(_:)`` reads it.
    let query: [(name: String, value: String?)]
    let headers: HTTPFields

    /// The first value of a header.
    func header(_ name: HTTPField.Name) -> String? { headers.first { $0.name == name }?.value }

    /// The address that the gateway received the request from; `nil` when the request came past the gateway.
    var sourceAddress: IPAddress? { header(.realIP).flatMap { IPAddress($0) } }

    /// The first value of a query parameter.
    func query(_ name: String) -> String? { query.first { $0.name.isSpelled(name) }?.value ?? nil }

    /// All values of a list, with commas; `nil` when there are none.
    func list(_ parameter: some AnyParameter) -> String? {
        let values = query.lazy.filter { parameter.isNamed($0.name) }.compactMap(\.value)
        return values.isEmpty ? nil : values.joined(separator: ",")
    }

    /// - Throws: The errors of ``check(_:)``, and 400 by name for a parameter that the endpoint does not take: a
    ///   misspelt one would silently change the answer.
    func checkQuery(of operation: Operation) throws {
        for parameter in operation.query { try check(parameter) }
        guard !query.isEmpty, !operation.takesAnyQuery else { return }
        let unknown = query.lazy.map(\.name).filter { !operation.declares($0) && !Self.isForOthers($0) }.prefix(50)
        guard !unknown.isEmpty else { return }
        let known = operation.query.map(\.name)
        let issues = Array(unknown.map { InputIssue.unknown($0, known: known) })
        // SkillSync tells of a wrong query with another status than of a wrong body, and of one place alone.
        if operation.surface == .skillSync { throw InvalidParameter(issue: issues[0], isUnknownValue: false) }
        throw Refusal.validation(issues)
    }

    /// Parameters that libraries add against caches or that count visitors are ignored here.
    private static func isForOthers(_ name: String) -> Bool {
        name.isSpelled("_") || name.utf8.starts(with: "utm_".utf8)
    }

    /// - Throws: ``InvalidParameter`` when the value of `parameter` is not acceptable, ``Refusal`` when it cannot be
    ///   read, or when it occurs several times and the intended value is unclear.
    func check(_ parameter: some AnyParameter) throws {
        if parameter.isList { return try check(list: parameter) }
        var given = query.lazy.filter { $0.name.isSpelled(parameter.name) }.makeIterator()
        guard let first = given.next() else { return try parameter.check(nil) }
        guard given.next() == nil else { throw Self.unreadable(parameter.name, "must be there once") }
        guard let value = first.value else { throw Self.unreadable(parameter.name, "must be percent-encoded UTF-8") }
        guard CombiningMarks.areFew(in: value) else { throw Self.unreadable(parameter.name, CombiningMarks.refusal) }
        try parameter.check(value)
    }

    private func check(list parameter: some AnyParameter) throws {
        let given = query.lazy.filter { parameter.isNamed($0.name) }
        guard given.allSatisfy({ $0.value != nil }) else {
            throw Self.unreadable(parameter.name, "must be percent-encoded UTF-8")
        }
        let text = list(parameter)
        guard text.map(CombiningMarks.areFew) != false else {
            throw Self.unreadable(parameter.name, CombiningMarks.refusal)
        }
        try parameter.check(text)
    }

    private static func unreadable(_ name: String, _ problem: String) -> Refusal {
        Refusal(.badRequest, "\(name) \(problem).", issues: [InputIssue(path: name, message: problem)])
    }

    func cookie(_ name: String) -> String? {
        Cookies.value(of: name, in: headers[values: .cookie])
    }
}

/// Throws when the caller of a conditional change expects another version. Routes pass `call.check(version:)`.
package typealias VersionCheck = @Sendable (Int64) throws -> Void

/// The status and headers that a handler adds to its answer. A mutex guards them, as a handler may use child tasks.
final class ReplyHead: Sendable {
    private let state = Mutex((status: Int?.none, headers: HTTPFields()))
    private let keyID = Mutex(APIKeyID?.none)

    /// The key that asked, also when it was refused afterwards.
    var key: APIKeyID? {
        get { keyID.withLock { $0 } }
        set { keyID.withLock { $0 = newValue } }
    }

    func set(status: Int) { state.withLock { $0.status = status } }

    func set(_ name: HTTPField.Name, _ value: String) { state.withLock { $0.headers[name] = value } }

    func add(_ fields: [HTTPField]) { state.withLock { $0.headers.append(contentsOf: fields) } }

    func add(_ name: HTTPField.Name, _ value: String) {
        state.withLock { $0.headers.append(HTTPField(name: name, value: value)) }
    }

    var current: (status: Int?, headers: HTTPFields) { state.withLock { $0 } }
}
