import SharedModels
import TestSupport
import Testing

extension Journeys.Fuzz {
    /// How much text is sent, in bytes. What grows with the square takes 64 times as long for the last as for the first.
    private static let sizes = [12_000, 24_000, 48_000, 96_000]
    /// The last size may take so many times as long as the first.
    private static let most = 24.0
    /// A service has other work. Less CPU time than this, in seconds, says nothing.
    private static let least = 0.01
    private static let pieces = WorstText.pieces.filter {
        ["accents in the wrong order", "flags", "quotes", "words with marks"].contains($0.name)
    }

    @Test(
        .enabled(if: LocalStack.isGiven, "the CPU time of services elsewhere cannot be seen"), .timeLimit(.minutes(20)))
    func `No text in a body, a query, a path or a header takes a service more than its share`() async throws {
        let world = try await GuardedWorld.make(in: stack)
        let local = try LocalStack(stack)
        var walked: Set<String> = []
        var turn = 0
        for operation in Catalogue.published {
            // Headers are read before the endpoint is known to matter, so one of each method will do.
            let isFirst = walked.insert("\(operation.service) \(operation.method)").inserted
            let row = try #require(GuardRow.all[operation.id], "\(operation.id) has no row in GuardRow.all")
            let caller = try await caller(of: operation, row, in: world).at(operation.service)
            let ids = row.target(world).ids
            let requests = Self.pieces.map {
                (name: $0.name, all: WorstRequest.all(of: operation, ids, $0.piece, withHeaders: isFirst))
            }
            // Each place has one of the texts: whatever reads it reads many other places.
            for place in requests[0].all.indices {
                let (name, all) = requests[turn % requests.count]
                turn += 1
                try await expectShare(of: "\(operation.id), \(all[place].place) of \(name)", operation, local) { size in
                    let (target, body, headers) = all[place].make(size)
                    _ = try await caller.ask(operation.method, target, bytes: body, headers: headers)
                }
            }
        }
    }

    /// Asks with the smallest and the largest text, and with every size, several times, when that looks too slow: what a
    /// service does beside it counts as well.
    private func expectShare(
        of what: String, _ operation: SharedModels.Operation, _ local: LocalStack,
        _ ask: (Int) async throws -> Void
    ) async throws {
        var times: [Double] = []
        for sizes in [[Self.sizes[0], Self.sizes[3]]] + Array(repeating: Self.sizes, count: 5) {
            times = []
            for size in sizes {
                let before = try local.cpuTime(of: operation.service)
                try await ask(size)
                times.append(try local.cpuTime(of: operation.service) - before)
            }
            if times[times.count - 1] <= Self.most * max(times[0], Self.least) { return }
        }
        Issue.record("\(what) takes \(times) s for \(Self.sizes) bytes")
    }
}

/// A request with a long text in one place. A parameter or a member that the endpoint does not have keeps it from
/// changing anything.
private struct WorstRequest {
    let place: String
    let make: (_ size: Int) -> (target: String, body: [UInt8]?, headers: [(name: String, value: String)])

    static func all(
        of operation: SharedModels.Operation, _ ids: [String: String], _ piece: String, withHeaders: Bool
    ) -> [WorstRequest] {
        inPath(operation, ids, piece) + inQuery(operation, ids, piece) + inBody(operation, ids, piece)
            + (withHeaders ? inHeaders(operation, ids, piece) : [])
    }

    private static let json = [(name: "Content-Type", value: "application/json")]
    private static let refused = "surprise=1"
    /// Our client sends URLs of up to 8 KiB; percent-encoding triples a text, and one of them comes twice.
    private static func short(_ size: Int) -> Int { size / 96 }

    private static func inPath(
        _ operation: SharedModels.Operation, _ ids: [String: String], _ piece: String
    ) -> [WorstRequest] {
        operation.pathParameters.map { name in
            WorstRequest(place: "{\(name)}") { size in
                let text = WorstText.text(of: piece, short(size))
                return (operation.path(with: ids.merging([name: text]) { $1 }) + "?\(refused)", nil, [])
            }
        }
    }

    private static func inQuery(
        _ operation: SharedModels.Operation, _ ids: [String: String], _ piece: String
    ) -> [WorstRequest] {
        (operation.query.map(\.name) + ["stranger"]).map { name in
            WorstRequest(place: "the parameter \(name)") { size in
                let text = WorstText.text(of: piece, short(size)).percentEncoded
                let query = "?\(refused)&\(name)=\(text)" + (name == "stranger" ? "&\(text)" : "")
                return (operation.path(with: ids) + query, nil, [])
            }
        }
    }

    private static func inHeaders(
        _ operation: SharedModels.Operation, _ ids: [String: String], _ piece: String
    ) -> [WorstRequest] {
        ["Origin", "Cookie", "If-Match", "If-None-Match", "Accept", "Idempotency-Key", "traceparent", "X-Request-Id"]
            .map {
                name in
                WorstRequest(place: name) { size in
                    let text = WorstText.text(of: piece, size / 8)
                    return (operation.path(with: ids) + "?\(refused)", nil, [(name, text)])
                }
            }
    }

    private static func inBody(
        _ operation: SharedModels.Operation, _ ids: [String: String], _ piece: String
    ) -> [WorstRequest] {
        guard case .object(let object) = operation.inputSchema, let example = operation.inputExample else { return [] }
        return (object.properties.map(\.name) + ["stranger"]).map { name in
            WorstRequest(place: "the member \(name)") { size in
                let text = WorstText.text(of: piece, size)
                let others = (example.object ?? []).filter { $0.name != name } + [JSONMember("surprise", 1)]
                let member = name == "stranger" ? JSONMember(text, 1) : JSONMember(name, .string(text))
                return (operation.path(with: ids), JSONValue.object(others + [member]).bytes, json)
            }
        }
    }
}
