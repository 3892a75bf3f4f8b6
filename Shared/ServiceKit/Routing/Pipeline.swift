import HTTPTypes
import Logging
import OutboundHTTP
import Postgres
import SharedModels

/// The steps of every request to a declared endpoint, in this order: trace, credential, declared checks, body, query,
/// idempotency, handler, answer.
struct Pipeline: Sendable {
    let settings: CommonSettings
    let clock: any DomainClock
    let guardian: Guardian
    let idempotency: Idempotency
    let logger: Logger
    let accessLog: AccessLog
    let keyRequests = KeyRequestLog()
    /// A file is in memory as a whole, and more than once, until it is stored. So a service reads a few at a time.
    private let files = Turnstile(width: 4, limit: 64)
    /// Uploads are not in memory. Each takes room on the disk while it comes.
    private let uploads = Turnstile(width: 16, limit: 64)
    private let uploadReading = UploadReading()

    /// - Parameter log: Receives one line per request.
    init(_ kit: Kit, resolver: CredentialResolver, tokens: ServiceTokens, log: LogOutput = .standard) {
        settings = kit.settings
        clock = kit.clock
        guardian = Guardian(
            resolver: resolver, tokens: tokens, credentials: CredentialReaders(publicURL: kit.settings.publicURL),
            origins: OriginRule(allowing: [kit.settings.publicURL, kit.settings.clientURL]))
        idempotency = Idempotency(database: kit.database, clock: kit.clock, secret: kit.settings.serviceSecret)
        logger = kit.logger
        accessLog = AccessLog(service: kit.settings.service, output: log)
    }

    /// Answers one request. It never throws: every error becomes an answer in its surface's shape.
    func respond(
        _ request: IncomingRequest, _ parameters: [(name: String, value: String)], _ route: Routes.Route,
        _ metrics: RequestMetrics
    ) async -> ServedAnswer {
        let exchange = Exchange(
            RequestHead(request, parameters), endpoint: route.operation.id, surface: route.surface,
            isForBrowsers: route.operation.isForBrowsers, anyOrigin: route.operation.anyOrigin, at: clock.now)
        var caller: AccountID?
        let reply: Reply = await RequestTrace.$current.withValue(exchange.trace) {
            do {
                let pass = try await guardian.admit(exchange.head, route.operation, exchange.reply)
                caller = pass.principal?.accountID
                return try await admitted(pass, exchange) {
                    guard route.operation.file != nil else { return try await serve(request, exchange, route, pass) }
                    let turnstile = route.operation.takesUpload ? uploads : files
                    return try await turnstile.pass(for: pass.principal.map { Turnstile.Owner.account($0.accountID) }) {
                        try await serve(request, exchange, route, pass)
                    }
                }
            } catch {
                return refused(error, exchange)
            }
        }
        let answer = finish(reply, exchange, metrics, caller: caller)
        if let key = exchange.reply.key {
            keyRequests.note(key, route.operation, exchange, status: answer.status, at: clock.now)
        }
        return answer
    }

    /// Answers one request of a raw route. It is traced, counted, logged and marked like the others, but the log shows
    /// the template instead of the path, which can hold a provider's secret.
    func respond(
        _ request: IncomingRequest, _ parameters: [(name: String, value: String)], _ route: RawRoutes.Route,
        _ metrics: RequestMetrics
    ) async -> ServedAnswer {
        let exchange = Exchange(
            RequestHead(request, parameters), endpoint: route.name, surface: .operations, path: route.path,
            at: clock.now)
        let reply: Reply = await RequestTrace.$current.withValue(exchange.trace) {
            do {
                let body = try await read(request, atMost: SharedModels.Operation.ordinaryBody)
                let raw = RawRequest(request, parameters, route.method, body: body)
                return .whole(try await route.handler(raw))
            } catch {
                return refused(error, exchange)
            }
        }
        return finish(reply, exchange, metrics)
    }

    /// Answers one request about sockets. Engine.IO has its own refusals; what every endpoint refuses is told as there.
    func respond(
        _ request: IncomingRequest, _ sockets: SocketServer, _ metrics: RequestMetrics
    ) async -> ServedAnswer {
        let exchange = Exchange(
            RequestHead(request, []), endpoint: "sockets", surface: .skillhouse, at: clock.now)
        let reply: Reply = await RequestTrace.$current.withValue(exchange.trace) {
            do {
                return try await reading(atMost: sockets.engine.limits.payload) {
                    try await sockets.reply(to: request, exchange.head)
                }
            } catch {
                return SocketServer.refusal(for: error).map { .whole($0) } ?? refused(error, exchange)
            }
        }
        return finish(reply, exchange, metrics)
    }

    /// Counts the request as being under way until it is answered, and one that is answered by a stream until that ends.
    private func admitted(
        _ pass: Pass, _ exchange: Exchange, _ serve: () async throws -> Reply
    ) async throws -> Reply {
        guard let admission = pass.admission else { return try await serve() }
        do {
            let reply = try await serve()
            guard case .stream(let produce) = reply else {
                admission.release()
                return reply
            }
            let stream = try await guardian.openStream(for: exchange.head, admission)
            return .stream { line in
                defer {
                    stream.close()
                    admission.release()
                }
                try stream.begin(on: line)
                try await produce(line)
            }
        } catch {
            admission.release()
            throw error
        }
    }

    private func serve(
        _ request: IncomingRequest, _ exchange: Exchange, _ route: Routes.Route, _ pass: Pass
    ) async throws -> Reply {
        let head = exchange.head
        let prepared = try await detailing(head, route.operation) {
            try await prepare(request, head, route.operation)
        }
        return try await detailing(head, route.operation, body: prepared.body) {
            try await serve(prepared, request, exchange, route, pass)
        }
    }

    /// Adds to a refusal on SkillSync what was given and what is expected instead.
    private func detailing<Result>(
        _ head: RequestHead, _ operation: SharedModels.Operation, body: [UInt8] = [], _ work: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await work()
        } catch {
            guard operation.surface == .skillSync, let issue = ErrorMapping.refusal(for: error).error.issues.first
            else {
                throw error
            }
            throw DetailedRefusal(error: error, detail: IssueDetail(issue, operation, head, body: body))
        }
    }

    private func serve(
        _ prepared: PreparedRequest, _ request: IncomingRequest, _ exchange: Exchange, _ route: Routes.Route,
        _ pass: Pass
    ) async throws -> Reply {
        let head = exchange.head
        let call = Call(
            trace: exchange.trace, operation: route.operation, now: clock.now, logger: logger,
            principal: pass.principal, peer: pass.peer, departure: request.departure, head: head,
            reply: exchange.reply)
        if let principal = pass.principal, route.operation.method != .get,
            let key = try idempotency.key(
                of: head, route.operation, by: principal, prepared)
        {
            return try await once(key, prepared, call, route)
        }
        return try await answer(prepared, call, route)
    }

    private func prepare(
        _ request: IncomingRequest, _ head: RequestHead, _ operation: SharedModels.Operation
    ) async throws -> PreparedRequest {
        let mediaType = head.header(.contentType)
        guard operation.takesUpload, let field = operation.file else {
            let body = try await read(request, atMost: operation.maximumBody)
            if !operation.answersBadQuery { try head.checkQuery(of: operation) }
            return PreparedRequest(body: body, mediaType: mediaType)
        }
        try head.checkQuery(of: operation)
        let upload = try await reading(atMost: operation.maximumBody) {
            try await uploadReading.read(request, field, mediaType: mediaType, atMost: operation.maximumBody)
        }
        return PreparedRequest(body: [], mediaType: mediaType, upload: upload)
    }

    private func answer(_ prepared: PreparedRequest, _ call: Call, _ route: Routes.Route) async throws -> Reply {
        switch try await route.handler(prepared, call) {
        case .stream(let body): return .stream(body)
        case .file(let file):
            if call.isUnchanged { return .whole(Answer(status: 304, headers: [], body: [])) }
            return .file(FileAnswer(file, range: call.header("Range"), condition: call.header("If-Range")))
        case .body(let body, let mediaType):
            if call.isUnchanged { return .whole(Answer(status: 304, headers: [], body: [])) }
            let headers = mediaType.map { [(name: "Content-Type", value: $0)] } ?? []
            return .whole(
                Answer(
                    status: call.reply.current.status ?? route.operation.success, headers: headers, body: body))
        }
    }

    /// Does the work under an idempotency key. The answer commits with the effect (`local`), or after it when the
    /// effect can be resumed (`resumable`).
    private func once(
        _ key: Idempotency.Key, _ prepared: PreparedRequest, _ call: Call, _ route: Routes.Route
    ) async throws -> Reply {
        if var stored = try await idempotency.claim(key) {
            stored.headers.append(("Idempotent-Replayed", "true"))
            return .whole(stored)
        }
        do {
            switch route.operation.idempotency {
            case .resumable:
                let reply = try await answer(prepared, call, route)
                try await keep(reply, call, for: key, in: idempotency.database)
                return reply
            case .local:
                return try await CommitScope.run(on: idempotency.database) { scope in
                    let reply = try await answer(prepared, call, route)
                    try await scope.inTransaction { try await keep(reply, call, for: key, in: $0) }
                    return reply
                }
            }
        } catch {
            // If even this fails, the claim expires.
            try? await idempotency.release(key, in: idempotency.database)
            throw error
        }
    }

    /// Keeps the answer for repeats. A 202 is not kept: the work goes on, and a repeat tells the present state.
    private func keep(
        _ reply: Reply, _ call: Call, for key: Idempotency.Key, in executor: some SQLExecutor
    ) async throws {
        guard case .whole(let answer) = reply else { return }
        let whole = answer.whole(with: call.reply)
        if whole.status == 202 {
            try await idempotency.release(key, in: executor)
        } else {
            try await idempotency.store(whole, for: key, in: executor)
        }
    }

    private func read(_ request: IncomingRequest, atMost limit: Int) async throws -> [UInt8] {
        try await reading(atMost: limit) { try await request.body(atMost: limit) }
    }

    private func reading<Result>(atMost limit: Int, _ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch BodyFailure.tooLarge {
            throw Self.tooLarge(limit)
        } catch BodyFailure.broken {
            throw Refusal(.badRequest, "The body cannot be read to its end.")
        } catch BodyFailure.late {
            throw Refusal(.requestTimeout, "The body came too slowly.")
        }
    }

    private static func tooLarge(_ limit: Int) -> Refusal {
        Refusal(.payloadTooLarge, "The body is larger than \(limit) bytes.")
    }
}
