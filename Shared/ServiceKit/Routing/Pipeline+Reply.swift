import HTTPTypes
import Logging
import SharedModels

/// From a reply or an error to the response with the headers of every answer.
extension Pipeline {
    /// How long a caller should wait for something unavailable, unless the error gives a time.
    static let usualWait = Duration.seconds(2)

    static func retryAfter(_ wait: Duration) -> (name: String, value: String) {
        ("Retry-After", String(max(1, wait.components.seconds)))
    }

    /// The error in its surface's shape. It is logged when somebody must look into it.
    func refused(_ error: any Error, _ exchange: Exchange) -> Reply {
        let detailed = error as? DetailedRefusal
        let error = detailed?.error ?? error
        let (refusal, isFault) = ErrorMapping.refusal(for: error)
        if isFault || refusal.logDetail != nil {
            logger.log(
                level: isFault ? .error : .info, "request refused",
                metadata: [
                    "endpoint": "\(exchange.endpoint ?? "none")", "code": "\(refusal.code.rawValue)",
                    "detail": "\(refusal.logDetail ?? "none")",
                ])
        }
        let (usual, body) = content(of: refusal, detailed?.detail, exchange)
        var headers = usual
        if let wait = refusal.retryAfter ?? (refusal.code == .serviceUnavailable ? Self.usualWait : nil) {
            headers.append(Self.retryAfter(wait))
        }
        if refusal.code == .unauthorized { headers.append(("WWW-Authenticate", refusal.challenge)) }
        return .whole(
            Answer(
                status: ErrorMapping.status(of: refusal, for: error, on: exchange.surface), headers: headers,
                body: body))
    }

    private func content(
        of refusal: any APIError, _ detail: IssueDetail?, _ exchange: Exchange
    ) -> (headers: [(name: String, value: String)], body: [UInt8]) {
        let id = exchange.trace.requestID
        guard exchange.showsPage else {
            return (
                [("Content-Type", "application/json; charset=utf-8")],
                ErrorBody.bytes(refusal, detail, surface: exchange.surface, requestID: id, at: clock.now)
            )
        }
        let page = PlainPage(
            refusing: refusal, home: settings.clientURL, requestID: id,
            isAboutSignIn: exchange.surface != .oauth || refusal.code == .unauthorized)
        return ([("Content-Type", PlainPage.mediaType)] + page.headers, Array(page.text.utf8))
    }

    /// The response, counted and logged.
    func finish(
        _ reply: Reply, _ exchange: Exchange, _ metrics: RequestMetrics, caller: AccountID? = nil
    ) -> ServedAnswer {
        let response = response(reply, exchange)
        let duration = exchange.duration
        metrics.record(status: response.status, duration)
        accessLog.write(
            exchange, status: response.status, bytes: response.length, duration, caller: caller)
        return response
    }

    /// The response with the headers of every answer.
    func response(_ reply: Reply, _ exchange: Exchange) -> ServedAnswer {
        var fields = exchange.reply.current.headers
        fields.reserveCapacity(fields.count + Self.commonHeaders)
        fields.append(HTTPField(name: .requestID, value: exchange.trace.requestID))
        fields.append(HTTPField(name: .xContentTypeOptions, value: "nosniff"))
        if !fields.contains(.cacheControl) { fields.append(HTTPField(name: .cacheControl, value: "no-store")) }
        allowOrigin(exchange, &fields)
        switch reply {
        case .whole(let answer):
            for (text, value) in answer.headers {
                guard let name = HTTPField.Name(text) else { continue }
                if name == .setCookie {
                    fields.append(HTTPField(name: name, value: value))
                } else {
                    fields[name] = value
                }
            }
            let isBodiless = answer.status == 204 || answer.status == 304
            return ServedAnswer(
                status: answer.status, headers: fields, body: isBodiless ? .none : .bytes(answer.body))
        case .file(let file):
            for (name, value) in file.headers { fields[name] = value }
            return ServedAnswer(
                status: file.status, headers: fields, body: .sized(file.range.count) { try await file.send(over: $0) })
        case .webSocket(let handshake, let listener):
            for field in handshake.headers { fields.append(field) }
            return ServedAnswer(status: 101, headers: fields, body: .webSocket(listener))
        case .stream(let produce):
            fields[.contentType] = "text/event-stream; charset=utf-8"
            fields[.accelBuffering] = "no"
            return ServedAnswer(status: 200, headers: fields, body: .stream(produce))
        }
    }

    /// The largest number of headers that are added to those of an answer.
    private static let commonHeaders = 8

    /// CORS, for the web client's origin only, on the two surfaces that browsers use; and without cookies for every
    /// origin, where an endpoint says so.
    private func allowOrigin(_ exchange: Exchange, _ fields: inout HTTPFields) {
        if exchange.anyOrigin {
            fields[.accessControlAllowOrigin] = "*"
            fields[.accessControlExposeHeaders] = CrossOrigin.exposedHeaders
            return
        }
        guard exchange.surface == .clawConnected || exchange.surface == .skillhouse else { return }
        fields.append(HTTPField(name: .vary, value: "Origin"))
        guard exchange.head.header(.origin)?.isSpelled(settings.clientOrigin) == true else { return }
        fields[.accessControlAllowOrigin] = settings.clientOrigin
        fields[.accessControlAllowCredentials] = "true"
        fields[.accessControlExposeHeaders] = CrossOrigin.exposedHeaders
    }
}
