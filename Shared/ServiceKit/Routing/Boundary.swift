import HTTPTypes
import Hummingbird
import SharedModels

/// The outermost responder: answers what no route does, in the shapes of the surfaces.
struct Boundary<Inner: HTTPResponder>: HTTPResponder where Inner.Context == ServiceRequestContext {
    let inner: Inner
    let pipeline: Pipeline
    let operations: [SharedModels.Operation]

    func respond(to request: Request, context: ServiceRequestContext) async throws -> Response {
        do {
            let response = try await inner.respond(to: request, context: context)
            // The router answers an unknown path itself, with no body; every answer of ours has one.
            guard response.status == .notFound, response.body.contentLength == 0 else { return response }
            return unrouted(request, context, HTTPError(.notFound))
        } catch {
            return unrouted(request, context, error)
        }
    }

    private func unrouted(_ request: Request, _ context: ServiceRequestContext, _ error: any Error) -> Response {
        let head = RequestHead(request, context)
        let trace = RequestTrace(
            accepting: head.header(.requestID), traceparent: head.header(.traceParent), at: pipeline.clock.now)
        let reply = ReplyHead()
        let methods = operations.filter { $0.matches(path: head.path) }.map(\.method.rawValue).sorted()
        if head.method == "OPTIONS", !methods.isEmpty {
            return preflight(head, trace, methods, reply)
        }
        let refusal: any Error =
            switch error {
            case let http as HTTPError where http.status == .notFound && !methods.isEmpty:
                Refusal(.methodNotAllowed, "\(head.method) is not allowed here.", allowed: methods)
            case let http as HTTPError where http.status == .notFound: Refusal.notFound("path")
            default: error
            }
        if !methods.isEmpty { reply.set(.allow, methods.joined(separator: ", ")) }
        return RequestTrace.$current.withValue(trace) {
            var outcome = pipeline.refused(refusal, nil, trace)
            if Surface(path: head.path) == .skillSync, let known = refusal as? Refusal, case .answer(var answer) = outcome {
                answer.body = ErrorBody.bytes(known, surface: .skillSync, requestID: trace.requestID, at: pipeline.clock.now)
                outcome = .answer(answer)
            }
            let response = pipeline.finished(outcome, head, trace, nil, reply)
            pipeline.accessLog.write(
                nil, head, trace, status: response.status.code, bytes: response.body.contentLength ?? 0, .zero, caller: nil)
            return response
        }
    }

    /// The browser asks what it may send (Fetch standard, CORS-preflight request).
    private func preflight(_ head: RequestHead, _ trace: RequestTrace, _ methods: [String], _ reply: ReplyHead) -> Response {
        reply.set(.allow, (methods + ["OPTIONS"]).joined(separator: ", "))
        reply.set(.accessControlAllowMethods, "GET, POST, PUT, PATCH, DELETE")
        reply.set(.accessControlAllowHeaders, "Content-Type, Authorization, Idempotency-Key, If-Match, X-API-Key, X-Request-Id")
        reply.set(.accessControlMaxAge, "600")
        let empty = Idempotency.Answer(status: 204, headers: [], body: [])
        return pipeline.finished(.answer(empty), head, trace, nil, reply)
    }
}

extension SharedModels.Operation {
    /// Whether the template fits `path`.
    func matches(path other: String) -> Bool {
        let template = path.split(separator: "/")
        let segments = other.split(separator: "/")
        return template.count == segments.count
            && zip(template, segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
}
