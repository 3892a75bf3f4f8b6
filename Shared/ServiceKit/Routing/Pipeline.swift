import HTTPTypes
import Hummingbird
import Logging
import OutboundHTTP
import Postgres
import SharedModels

/// What happens to every request of a declared endpoint, in this order: trace, credential, declared checks,
/// body, query, idempotency, handler, answer.
struct Pipeline: Sendable {
    /// Largest body of an ordinary endpoint.
    static let maximumBody = 1 << 20

    let settings: CommonSettings
    let clock: any DomainClock
    let guardian: Guardian
    let idempotency: Idempotency
    let logger: Logger
    let accessLog: AccessLog

    /// Answers one request; never throws: every error becomes its surface's shape.
    func respond(_ request: Request, _ context: ServiceRequestContext, _ route: Routes.Route, _ metrics: RequestMetrics) async -> Response {
        let started = ContinuousClock.now
        let head = RequestHead(request, context)
        let trace = RequestTrace(
            accepting: head.header(.requestID), traceparent: head.header(.traceParent), at: clock.now)
        let reply = ReplyHead()
        var caller: AccountID?
        let outcome: Outcome
        do {
            outcome = try await RequestTrace.$current.withValue(trace) {
                let pass = try await guardian.admit(head, route.operation, reply)
                defer { pass.admission?.release() }
                caller = pass.principal?.accountID
                return try await serve(request, head, trace, route, pass, reply)
            }
        } catch {
            outcome = refused(error, route.operation, trace)
        }
        let response = finished(outcome, head, trace, route.operation, reply)
        let duration = ContinuousClock.now - started
        metrics.record(status: response.status.code, duration)
        accessLog.write(
            route.operation, head, trace, status: response.status.code, bytes: response.body.contentLength ?? 0, duration,
            caller: caller)
        return response
    }

    private func serve(
        _ request: Request, _ head: RequestHead, _ trace: RequestTrace, _ route: Routes.Route, _ pass: Pass, _ reply: ReplyHead
    ) async throws -> Outcome {
        let body = try await read(request)
        for parameter in route.operation.query { try parameter.check(head.query(parameter.name)) }
        let prepared = PreparedRequest(body: body, mediaType: head.header(.contentType))
        let call = Call(
            trace: trace, operation: route.operation, now: clock.now, logger: logger, rawBody: body,
            principal: pass.principal, peer: pass.peer, head: head, reply: reply)
        if let key = head.header(.idempotencyKey), let principal = pass.principal, route.operation.method != .get {
            return try await once(
                idempotency.key(key, caller: principal.accountID, head: head, target: "\(request.uri)", body: body),
                prepared, call, route)
        }
        return try await answer(prepared, call, route)
    }

    private func answer(_ prepared: PreparedRequest, _ call: Call, _ route: Routes.Route) async throws -> Outcome {
        switch try await route.handler(prepared, call) {
        case .stream(let body): return .stream(body)
        case .bytes(let answer):
            let headers = answer.mediaType.map { [(name: "Content-Type", value: $0)] } ?? []
            return .answer(
                Idempotency.Answer(
                    status: call.reply.current.status ?? route.operation.success, headers: headers, body: answer.bytes))
        }
    }

    /// Does the work under an idempotency key. The answer commits with the effect (`local`), or follows it when
    /// the effect can be resumed by itself.
    private func once(
        _ key: Idempotency.Key, _ prepared: PreparedRequest, _ call: Call, _ route: Routes.Route
    ) async throws -> Outcome {
        if var stored = try await idempotency.claim(key) {
            stored.headers.append(("Idempotent-Replayed", "true"))
            return .answer(stored)
        }
        do {
            switch route.operation.idempotency {
            case .resumable:
                let outcome = try await answer(prepared, call, route)
                if case .answer(let answer) = outcome {
                    try await idempotency.store(answer.whole(with: call.reply), for: key, in: idempotency.database)
                }
                return outcome
            case .local:
                return try await CommitScope.run(on: idempotency.database) { scope in
                    let outcome = try await answer(prepared, call, route)
                    if case .answer(let answer) = outcome {
                        let whole = answer.whole(with: call.reply)
                        try await scope.inTransaction { try await idempotency.store(whole, for: key, in: $0) }
                    }
                    return outcome
                }
            }
        } catch {
            // When even this fails the claim lapses by itself.
            try? await idempotency.release(key)
            throw error
        }
    }

    private func read(_ request: Request) async throws -> [UInt8] {
        // Without either header there is no body (RFC 9112, section 6.3).
        guard request.headers.contains(.contentLength) || request.headers.contains(.transferEncoding) else { return [] }
        if let length = request.headers[.contentLength].flatMap(Int.init), length > Self.maximumBody {
            throw Self.tooLarge
        }
        var bytes: [UInt8] = []
        for try await part in request.body {
            guard bytes.count + part.readableBytes <= Self.maximumBody else { throw Self.tooLarge }
            bytes.append(contentsOf: part.readableBytesView)
        }
        return bytes
    }

    private static var tooLarge: Refusal {
        Refusal(.payloadTooLarge, "The body is larger than \(maximumBody) bytes.")
    }
}

/// How a request ends.
enum Outcome: Sendable {
    case answer(Idempotency.Answer)
    case stream(ResponseBody)
}

extension Pipeline {
    /// The error in its surface's shape, logged when somebody must look.
    func refused(_ error: any Error, _ operation: SharedModels.Operation?, _ trace: RequestTrace) -> Outcome {
        let (refusal, isFault) = ErrorMapping.refusal(for: error)
        if isFault || refusal.logDetail != nil {
            logger.log(
                level: isFault ? .error : .info, "request refused",
                metadata: [
                    "request_id": "\(trace.requestID)", "endpoint": "\(operation?.id ?? "none")",
                    "code": "\(refusal.code.rawValue)", "detail": "\(refusal.logDetail ?? "none")",
                ])
        }
        var headers = [(name: "Content-Type", value: "application/json; charset=utf-8")]
        if let retryAfter = refusal.retryAfter {
            headers.append(("Retry-After", String(max(1, retryAfter.components.seconds))))
        }
        if refusal.code == .unauthorized { headers.append(("WWW-Authenticate", "Bearer realm=\"guildhall\"")) }
        let surface = operation?.surface ?? .clawConnected
        return .answer(
            Idempotency.Answer(
                status: refusal.code.status, headers: headers,
                body: ErrorBody.bytes(refusal, surface: surface, requestID: trace.requestID, at: clock.now)))
    }

    /// The response with the headers that every answer carries.
    func finished(
        _ outcome: Outcome, _ head: RequestHead, _ trace: RequestTrace, _ operation: SharedModels.Operation?, _ reply: ReplyHead
    ) -> Response {
        var fields = reply.current.headers
        fields.append(HTTPField(name: .requestID, value: trace.requestID))
        fields.append(HTTPField(name: .xContentTypeOptions, value: "nosniff"))
        if !fields.contains(.cacheControl) { fields.append(HTTPField(name: .cacheControl, value: "no-store")) }
        allowOrigin(head, operation, &fields)
        switch outcome {
        case .answer(let answer):
            for (text, value) in answer.headers {
                guard let name = HTTPField.Name(text) else { continue }
                if name == .setCookie { fields.append(HTTPField(name: name, value: value)) } else { fields[name] = value }
            }
            let body = answer.status == 204 ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
            return Response(status: .init(code: answer.status), headers: fields, body: body)
        case .stream(let body):
            fields[.contentType] = "text/event-stream; charset=utf-8"
            fields[.accelBuffering] = "no"
            return Response(status: .ok, headers: fields, body: body)
        }
    }

    /// CORS for the web client's origin alone, on the two surfaces browsers use.
    private func allowOrigin(_ head: RequestHead, _ operation: SharedModels.Operation?, _ fields: inout HTTPFields) {
        let surface = operation?.surface ?? Surface(path: head.path)
        guard surface == .clawConnected || surface == .skillhouse else { return }
        fields.append(HTTPField(name: .vary, value: "Origin"))
        guard head.header(.origin) == settings.clientOrigin else { return }
        fields[.accessControlAllowOrigin] = settings.clientOrigin
        fields[.accessControlAllowCredentials] = "true"
        fields[.accessControlExposeHeaders] = "ETag, Idempotent-Replayed, Retry-After, X-Request-Id"
    }
}

extension Idempotency.Answer {
    /// With what the handler added to the head: what a repeat is answered with.
    func whole(with reply: ReplyHead) -> Self {
        var whole = self
        whole.headers = reply.current.headers.map { ($0.name.rawName, $0.value) } + headers
        return whole
    }
}
