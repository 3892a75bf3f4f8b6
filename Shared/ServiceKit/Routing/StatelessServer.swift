import HTTPTypes
import Logging
import SharedModels

/// Serves the raw routes of a service without a database. It knows no credentials: what a route does with those that
/// it is shown is the route's affair.
package enum StatelessServer {
    /// - Parameter port: The port instead of that of the settings, for tests.
    package static func listener(
        _ kit: StatelessKit, port: Int? = nil, onListening: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) -> HTTPListener {
        var table = RouteTable()
        let log = AccessLog(service: kit.settings.service)
        for route in kit.rawRoutes.all {
            let metrics = kit.metrics.requests(of: route.name)
            table.add(route.method, route.path) { request, parameters in
                await respond(request, parameters, route, kit, metrics, log)
            }
        }
        operations(&table, kit)
        let routes = table
        return HTTPListener(
            host: kit.settings.host, port: port ?? kit.settings.port, onListening: onListening,
            refuse: { plain($0.status, $0.rawValue) },
            respond: { request in
                var request = request
                // As in ``Boundary``: the connection leaves the body out.
                if request.method == "HEAD" { request.method = "GET" }
                guard let found = routes.find(request.method, request.path) else {
                    return plain(405, "That method is not allowed here.")
                }
                return await found.respond(request, found.parameters)
            })
    }

    private static func respond(
        _ request: IncomingRequest, _ parameters: RouteTable.Parameters, _ route: RawRoutes.Route, _ kit: StatelessKit,
        _ metrics: RequestMetrics, _ log: AccessLog
    ) async -> ServedAnswer {
        let exchange = Exchange(
            RequestHead(request, parameters), endpoint: route.name, surface: .operations, at: kit.clock.now)
        let answer = await RequestTrace.$current.withValue(exchange.trace) {
            await served(request, parameters, route, kit)
        }
        var sent = answer
        sent.headers.append(HTTPField(name: .requestID, value: exchange.trace.requestID))
        let duration = exchange.duration
        metrics.record(status: sent.status, duration)
        log.write(exchange, status: sent.status, bytes: sent.length, duration, caller: nil)
        return sent
    }

    private static func served(
        _ request: IncomingRequest, _ parameters: RouteTable.Parameters, _ route: RawRoutes.Route, _ kit: StatelessKit
    ) async -> ServedAnswer {
        let raw: RawRequest
        do {
            raw = try await RawRequest(reading: request, parameters, for: route)
        } catch BodyFailure.tooLarge {
            return plain(413, "The form is too large. Send less text, or a smaller file.")
        } catch {
            return plain(400, "The request cannot be read to its end.")
        }
        do {
            return finished(try await route.handler(raw))
        } catch {
            kit.logger.error("request failed", metadata: ["route": "\(route.name)", "error": "\(error)"])
            return plain(500, "Something went wrong on our side.")
        }
    }

    private static func finished(_ answer: Answer) -> ServedAnswer {
        var fields = HTTPFields()
        for (text, value) in answer.headers {
            guard let name = HTTPField.Name(text) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        fields[.xContentTypeOptions] = "nosniff"
        if !fields.contains(.cacheControl) { fields[.cacheControl] = "no-store" }
        let isBodiless = answer.status == 204 || answer.status == 304
        return ServedAnswer(status: answer.status, headers: fields, body: isBodiless ? .none : .bytes(answer.body))
    }

    private static func plain(_ status: Int, _ text: String) -> ServedAnswer {
        finished(.text(text + "\n", status: status))
    }

    private static func operations(_ table: inout RouteTable, _ kit: StatelessKit) {
        table.add(.get, "/health/live") { _, _ in finished(.json(["ok": true])) }
        table.add(.get, "/health/ready") { _, _ in
            finished(.json(["ready": true, "failing": [], "time": .string("\(kit.clock.now)")]))
        }
        table.add(.get, "/metrics") { _, _ in
            finished(
                Answer(
                    headers: [("Content-Type", "text/plain; version=0.0.4")],
                    body: Array(await kit.metrics.text().utf8)))
        }
    }
}
