import ServiceKit
import SharedModels

extension LocalServer {
    /// Serves the sandbox's routes while `body` runs, as its own server does.
    package static func serve<Result>(_ routes: RawRoutes, _ body: (String) async throws -> Result) async throws
        -> Result
    {
        var table = RouteTable()
        for route in routes.all {
            table.add(route.method, route.path) { request, parameters in
                do {
                    let bytes = try await request.body(atMost: 8 << 20)
                    return try await route.handler(RawRequest(request, parameters, route.method, body: bytes)).served
                } catch let refusal as any APIError {
                    return ServiceKit.Answer.text(refusal.publicMessage, status: refusal.code.status).served
                } catch {
                    return ServiceKit.Answer.text("\(error)", status: 500).served
                }
            }
        }
        return try await serve(
            respond: { [table] request in
                guard let found = table.find(request.method, request.path) else {
                    return ServiceKit.Answer.text("There is no such route.", status: 404).served
                }
                return await found.respond(request, found.parameters)
            }, body)
    }
}

extension ServiceKit.Answer {
    fileprivate var served: ServedAnswer { ServedAnswer(status, headers, body) }
}
