import HTTPTypes
import SharedModels
import Synchronization

/// Routes without a declared endpoint: the sandbox speaks the providers' own APIs.
package final class RawRoutes: Sendable {
    package typealias Handler = @Sendable (RawRequest) async throws -> Answer

    package struct Route: Sendable {
        package let method: SharedModels.Method
        package let path: String
        package let handler: Handler
        /// How long a form with a file may be that the route takes, in bytes.
        let formLimit: Int?

        /// The route's name in log and metrics: `POST /provider/things/{id}`.
        var name: String { "\(method.rawValue) \(path)" }
    }

    private let table = Mutex([Route]())

    package init() {}

    /// - Parameter formLimit: How long a form with a file may be, in bytes. Such a form is read only up to its file:
    ///   ``RawRequest/form``. Without a number, bodies are read whole, and are short.
    package func on(
        _ method: SharedModels.Method, _ path: String, formLimit: Int? = nil, _ handler: @escaping Handler
    ) {
        table.withLock { $0.append(Route(method: method, path: path, handler: handler, formLimit: formLimit)) }
    }

    package var all: [Route] { table.withLock { $0 } }
}

package struct RawRequest: Sendable {
    package let method: SharedModels.Method
    package let path: String
    package let pathParameters: [String: String]
    /// In order, repeated names included, percent-decoded.
    package let query: [(name: String, value: String)]
    /// The query as it came, without the question mark. For providers whose parameter names need decoding, such as
    /// `expand[]`.
    package let rawQuery: String
    package let body: [UInt8]
    /// A form with a file, where the route takes one.
    package let form: ComingForm?
    /// Handlers that wait end their wait with it.
    package let departure: Departure
    private let headers: HTTPFields

    package init(
        _ request: IncomingRequest, _ parameters: [(name: String, value: String)], _ method: SharedModels.Method,
        body: [UInt8], form: ComingForm? = nil
    ) {
        self.form = form
        self.method = method
        path = request.path
        pathParameters = Dictionary(parameters.map { ($0.name, $0.value) }) { first, _ in first }
        rawQuery = request.query ?? ""
        query = QueryReading.parameters(rawQuery).map { ($0.name, $0.value ?? "") }
        departure = request.departure
        self.body = body
        headers = request.headers
    }

    /// Reads the body as the route takes it.
    ///
    /// - Throws: ``BodyFailure``, ``MalformedForm``.
    init(
        reading request: IncomingRequest, _ parameters: [(name: String, value: String)], for route: RawRoutes.Route
    ) async throws {
        let type = request.headers[.contentType].map(MediaType.essence)
        guard let limit = route.formLimit, type?.isSpelled("multipart/form-data") == true else {
            let body = try await request.body(atMost: SharedModels.Operation.ordinaryBody)
            self.init(request, parameters, route.method, body: body)
            return
        }
        let form = try await ComingForm(request, atMost: limit)
        self.init(request, parameters, route.method, body: [], form: form)
    }

    /// The body's media type, in lower case and without parameters.
    package var mediaType: String? { header("Content-Type").map(MediaType.essence) }

    package func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
}
