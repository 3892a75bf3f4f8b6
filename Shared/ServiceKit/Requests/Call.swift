import HTTPTypes
import Logging
import SharedModels
import Synchronization

/// One request, as a handler sees it: already authenticated, checked and parsed.
package struct Call: Sendable {
    package let trace: RequestTrace
    package let operation: Operation
    /// The injected clock's time at arrival.
    package let now: Timestamp
    package let logger: Logger
    package let rawBody: [UInt8]
    /// Who calls an endpoint that asks for an account.
    package let principal: Principal?
    /// Which of our services calls an internal endpoint.
    package let peer: ServiceName?
    let head: RequestHead
    let reply: ReplyHead

    package var id: String { trace.requestID }

    /// Who calls. Only for endpoints whose access is an account: the pipeline has let nobody else through.
    package var caller: Principal {
        guard let principal else { preconditionFailure("\(operation.id) does not ask for an account") }
        return principal
    }

    /// Which service calls. Only for internal endpoints.
    package var service: ServiceName {
        guard let peer else { preconditionFailure("\(operation.id) is not internal") }
        return peer
    }

    /// An id in the path. One that is not an id names nothing: 404.
    package func path<Kind>(_ name: String) throws -> Identifier<Kind> {
        guard let id = Identifier<Kind>(pathText(name)) else { throw Refusal.notFound("resource") }
        return id
    }

    package func pathText(_ name: String) -> String { head.pathParameters.first { $0.name == name }?.value ?? "" }

    /// A declared query parameter; its text was checked before the handler ran.
    package func query<Value>(_ parameter: Parameter<Value>) throws -> Value {
        try parameter.value(of: head.query(parameter.name))
    }

    package func header(_ name: String) -> String? { HTTPField.Name(name).flatMap(head.header) }

    package func cookie(_ name: String) -> String? { head.cookie(name) }

    /// The caller's address as the gateway or the socket has it.
    package var remoteAddress: String { head.header(.forwardedFor) ?? head.remoteAddress }

    /// Sets `ETag`, so that a later change can be made conditional on this version.
    package func tag(version: Int64) { reply.set(.eTag, "\"v\(version)\"") }

    /// - Throws: 412 when `If-Match` names other versions than `version` (RFC 9110, section 13.1.1).
    package func check(version: Int64) throws {
        guard let condition = head.header(.ifMatch), condition != "*" else { return }
        // A gateway that compresses marks our tags as weak; they name the same versions.
        let accepted = condition.split(separator: ",").map { tag -> String in
            let tag = tag.trimming(" ")
            return tag.hasPrefix("W/") ? String(tag.dropFirst(2)) : tag
        }
        guard accepted.contains("\"v\(version)\"") else {
            throw Refusal(.preconditionFailed, "The resource has changed since; read it again (If-Match).")
        }
    }

    /// Answers with another of the declared statuses.
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

/// The parts of a request that were read once.
struct RequestHead: Sendable {
    let method: String
    let path: String
    /// Lists, as there are so few that making a dictionary takes longer than looking through them.
    let pathParameters: [(name: String, value: String)]
    let query: [(name: String, value: String)]
    let headers: HTTPFields
    let remoteAddress: String

    /// The first value of a header.
    func header(_ name: HTTPField.Name) -> String? { headers.first { $0.name == name }?.value }

    /// The first value of a query parameter.
    func query(_ name: String) -> String? { query.first { $0.name == name }?.value }

    func cookie(_ name: String) -> String? {
        PresentedCredential.cookie(named: name, in: headers[values: .cookie])
    }
}

/// The status and headers a handler adds to its answer. Guarded by a mutex, as a handler may use child tasks.
final class ReplyHead: Sendable {
    private let state = Mutex((status: Int?.none, headers: HTTPFields()))

    func set(status: Int) { state.withLock { $0.status = status } }

    func set(_ name: HTTPField.Name, _ value: String) { state.withLock { $0.headers[name] = value } }

    func add(_ name: HTTPField.Name, _ value: String) {
        state.withLock { $0.headers.append(HTTPField(name: name, value: value)) }
    }

    var current: (status: Int?, headers: HTTPFields) { state.withLock { $0 } }
}
