import SharedModels
import Synchronization

/// The declared endpoints of one service and their handlers.
package final class Routes: Sendable {
    typealias Handler = @Sendable (PreparedRequest, Call) async throws -> HandlerOutput

    struct Route: Sendable {
        let operation: SharedModels.Operation
        let surface: Surface
        let inputSchema: Schema?
        let handler: Handler
    }

    private let table = Mutex([Route]())

    /// Registers the handler of `endpoint`.
    package func handle<Input: Sendable, Output: Sendable>(
        _ endpoint: Endpoint<Input, Output>,
        _ body: @escaping @Sendable (Input, Call) async throws -> Output
    ) {
        let surface = endpoint.operation.surface
        add(endpoint) { input, call in try Self.encode(try await body(input, call), surface, call) }
    }

    /// Registers a handler that writes its answer's JSON itself.
    package func handle<Input: Sendable, Output: Sendable>(
        _ endpoint: Endpoint<Input, Output>,
        _ body: @escaping @Sendable (Input, Call) async throws -> Encoded<Output>
    ) {
        add(endpoint) { input, call in (try await body(input, call).bytes, Self.json) }
    }

    /// Registers a handler whose answer is a file that is sent as it is read.
    package func handle(
        _ endpoint: Endpoint<NoInput, StreamedOutput>,
        _ body: @escaping @Sendable (NoInput, Call) async throws -> StreamedOutput
    ) {
        add(endpoint.operation, nil) { _, call in .file(try await body(NoInput(), call)) }
    }

    /// Registers a stream of server-sent events. It ends when the sequence ends or the caller disconnects.
    package func stream<Events: AsyncSequence & Sendable>(
        _ endpoint: Endpoint<NoInput, EventStreamOutput>, _ body: @escaping @Sendable (Call) async throws -> Events
    ) where Events.Element == OutgoingEvent {
        add(endpoint.operation, nil) { _, call in Self.stream(try await body(call)) }
    }

    /// Registers a handler that gives one answer, or a stream to a caller that accepts `text/event-stream`.
    package func handle<Output: Sendable, Events: AsyncSequence & Sendable>(
        _ endpoint: Endpoint<NoInput, Output>, stream: @escaping @Sendable (Call) async throws -> Events,
        _ body: @escaping @Sendable (NoInput, Call) async throws -> Output
    ) where Events.Element == OutgoingEvent {
        let surface = endpoint.operation.surface
        let usual = handler(of: endpoint) { input, call in try Self.encode(try await body(input, call), surface, call) }
        add(endpoint.operation, endpoint.operation.inputSchema) { request, call in
            call.acceptsEventStream ? Self.stream(try await stream(call)) : try await usual(request, call)
        }
    }

    private static func stream<Events: AsyncSequence & Sendable>(_ events: Events) -> HandlerOutput
    where Events.Element == OutgoingEvent {
        .stream { line in
            for try await event in events {
                if event.isHeartbeat { line.writeIfTaken(event.bytes) } else { try await line.write(event.bytes) }
            }
        }
    }

    /// The registered routes, after a check that they are exactly the declared ones.
    ///
    /// - Throws: ``RouteMismatch`` when an endpoint of `declared` has no handler, or a handler has no endpoint there.
    func complete(
        for service: ServiceName, declared operations: [SharedModels.Operation]
    ) throws(RouteMismatch) -> [Route] {
        let routes = table.withLock { $0 }
        let declared = Set(operations.map(\.id))
        let registered = Set(routes.map(\.operation.id))
        guard declared == registered, registered.count == routes.count else {
            throw RouteMismatch(
                service: service, missing: declared.subtracting(registered).sorted(),
                undeclared: registered.subtracting(declared).sorted())
        }
        return routes
    }

    private func add<Input: Sendable, Output: Sendable>(
        _ endpoint: Endpoint<Input, Output>,
        _ body: @escaping @Sendable (Input, Call) async throws -> (bytes: [UInt8], mediaType: String?)
    ) {
        add(endpoint.operation, endpoint.operation.inputSchema, handler(of: endpoint, body))
    }

    private func handler<Input: Sendable, Output: Sendable>(
        of endpoint: Endpoint<Input, Output>,
        _ body: @escaping @Sendable (Input, Call) async throws -> (bytes: [UInt8], mediaType: String?)
    ) -> Handler {
        let schema = endpoint.operation.inputSchema
        let isEnveloped = endpoint.operation.surface == .skillSync
        return { request, call in
            let input = try InputReading.read(
                Input.self, of: endpoint.operation, schema: schema, request)
            let output = try await body(input, call)
            guard isEnveloped, output.mediaType == Self.json else {
                return .body(output.bytes, mediaType: output.mediaType)
            }
            return .body(
                Envelope.bytes(around: output.bytes, requestID: call.id, at: call.now), mediaType: output.mediaType)
        }
    }

    private func add(_ operation: SharedModels.Operation, _ schema: Schema?, _ handler: @escaping Handler) {
        let route = Route(operation: operation, surface: operation.surface, inputSchema: schema, handler: handler)
        table.withLock { $0.append(route) }
    }

    private static let json = "application/json; charset=utf-8"

    private static func encode(
        _ output: some Sendable, _ surface: Surface, _ call: Call
    ) throws -> (bytes: [UInt8], mediaType: String?) {
        let style = surface.keyStyle
        switch output {
        case is NoOutput:
            return ([], nil)
        case let file as FileOutput:
            // No browser may show the file as one of our pages, whatever it contains.
            call.setHeader("Content-Disposition", "attachment; filename=\"\(file.name).\(file.type.fileExtension)\"")
            call.setHeader("Content-Security-Policy", "sandbox; default-src 'none'")
            return (file.bytes, file.type.rawValue)
        case let text as TextOutput:
            assert(call.operation.mediaTypes.contains { text.mediaType.hasPrefix($0) }, "\(text.mediaType) is new")
            return (Array(text.text.utf8), text.mediaType)
        case let writable as any JSONWritable where style == .snakeCase && surface != .skillSync:
            var writer = JSONWriter(capacity: 1024)
            writable.write(to: &writer)
            return (writer.bytes, Self.json)
        case let model as any Model:
            return (try JSONValue.encode(model, in: style, wholeSeconds: surface == .skillSync), Self.json)
        default:
            preconditionFailure("\(type(of: output)) is not a body")
        }
    }
}

/// A handler's result, before the head of the answer is known.
enum HandlerOutput: Sendable {
    case body([UInt8], mediaType: String?)
    case file(StreamedOutput)
    case stream(@Sendable (ConnectionLine) async throws -> Void)
}

/// The declarations and the registered handlers differ: a bug in our code, found at start.
package struct RouteMismatch: Error, CustomStringConvertible {
    let service: ServiceName
    let missing: [String]
    let undeclared: [String]

    package var description: String {
        "the routes of \(service.rawValue) are not the declared ones; "
            + "without handler: \(missing.joined(separator: ", ")); undeclared or doubled: \(undeclared.joined(separator: ", "))"
    }
}
