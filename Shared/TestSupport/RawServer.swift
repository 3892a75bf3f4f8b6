import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit
import SharedModels

extension LocalServer {
    /// Serves the sandbox's routes while `body` runs, as its own server does.
    package static func serve<Result>(_ routes: RawRoutes, _ body: (String) async throws -> Result) async throws
        -> Result
    {
        let router = Router(context: BasicRequestContext.self)
        for route in routes.all {
            router.on(RouterPath(route.path), method: .init(route.method)) { request, context in
                let bytes = Array(try await request.body.collect(upTo: 8 << 20).readableBytesView)
                do {
                    return try await route.handler(RawRequest(request, context, route.method, body: bytes)).response
                } catch let refusal as any APIError {
                    return ServiceKit.Answer.text(refusal.publicMessage, status: refusal.code.status).response
                }
            }
        }
        return try await serve(router.buildResponder(), body)
    }
}

extension HTTPRequest.Method {
    fileprivate init(_ method: SharedModels.Method) {
        self =
            switch method {
            case .get: .get
            case .post: .post
            case .put: .put
            case .patch: .patch
            case .delete: .delete
            }
    }
}

extension ServiceKit.Answer {
    fileprivate var response: Response {
        var fields = HTTPFields()
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        return Response(
            status: .init(code: status), headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}
