import TestSupport

/// A web server that takes deliveries, and answers as a test decides.
final class Receiver: Sendable {
    private let address = Shared("")
    private let delivered = Shared<[LocalServer.Asked]>([])
    var all: [LocalServer.Asked] { delivered.value }

    var url: String { address.value }

    /// Runs `body` while a receiver is listening.
    ///
    /// - Parameter answer: Gets the number of earlier deliveries, 0 for the first.
    static func use(
        _ answer: @escaping @Sendable (Int, LocalServer.Asked) async -> LocalServer.Answer = { _, _ in .init() },
        _ body: (Receiver) async throws -> Void
    ) async throws {
        let receiver = Receiver()
        try await LocalServer.serve { asked in
            let number = receiver.delivered.change { all in
                all.append(asked)
                return all.count - 1
            }
            return await answer(number, asked)
        } _: { url in
            receiver.address.change { $0 = url }
            try await body(receiver)
        }
    }
}
