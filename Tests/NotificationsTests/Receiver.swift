import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import TestSupport
import Testing

/// A web server that takes what is delivered, and answers as it is told.
final class Receiver: Sendable {
    struct Delivered: Sendable {
        let path: String
        let headers: [String: String]
        let body: [UInt8]
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    struct Answer: Sendable {
        var status = 200
        var headers: [String: String] = [:]
        var body = ""
    }

    private let port = Shared(0)
    private let delivered = Shared<[Delivered]>([])
    var all: [Delivered] { delivered.value }

    var url: String { "http://127.0.0.1:\(port.value)" }

    /// Runs `body` while a receiver is listening.
    ///
    /// - Parameter answer: Told how many came before, 0 for the first.
    static func use(
        _ answer: @escaping @Sendable (Int, Delivered) async -> Answer = { _, _ in Answer() },
        _ body: (Receiver) async throws -> Void
    ) async throws {
        let receiver = Receiver()
        let router = Router()
        router.post("**") { request, _ in
            let bytes = try await request.body.collect(upTo: 1 << 20)
            var headers: [String: String] = [:]
            for field in request.headers { headers[field.name.canonicalName] = field.value }
            let delivery = Delivered(path: request.uri.path, headers: headers, body: Array(bytes.readableBytesView))
            let number = receiver.delivered.change { all in
                all.append(delivery)
                return all.count - 1
            }
            let reply = await answer(number, delivery)
            var fields = HTTPFields()
            for (name, value) in reply.headers {
                if let name = HTTPField.Name(name) { fields[name] = value }
            }
            return Response(
                status: .init(code: reply.status), headers: fields, body: .init(byteBuffer: ByteBuffer(string: reply.body)))
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in receiver.port.change { $0 = channel.localAddress?.port ?? 0 } },
            logger: .quiet)
        let running = Task { try await application.run() }
        defer { running.cancel() }
        try await eventually("the receiver listens") { receiver.port.value != 0 }
        try await body(receiver)
    }
}
