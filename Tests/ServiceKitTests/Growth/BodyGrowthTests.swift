import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: whatever a body contains, and wherever, reading it takes time in proportion to its length.
@Suite struct BodyGrowthTests {
    private static let taking = Catalogue.all.filter { $0.inputSchema != nil }
    private static let values: [(name: String, make: @Sendable (Int) -> JSONValue)] = [
        ("members", { .object((0..<$0 / 10).map { JSONMember("m\($0)", 1) }) }),
        ("lists", { .array(Array(repeating: [], count: $0 / 3)) }),
        ("texts", { .array((0..<$0 / 8).map { .string("\($0)") }) }),
        ("objects", { .array(Array(repeating: ["id": 1], count: $0 / 9)) }),
        ("digits", { .decimal(String(repeating: "7", count: $0)) }),
        ("digits after the point", { .decimal("0." + String(repeating: "7", count: $0)) }),
        ("zeros of an exponent", { .decimal("1e" + String(repeating: "0", count: $0)) }),
    ]

    /// How JSON is taken apart is the same for all endpoints, and tried with the one that has the most places for it.
    @Test func `No body takes more than its share from its bytes on`() throws {
        let most = try Self.taking.map { try Taker($0) }.max { $0.places.count < $1.places.count }
        let taker = try #require(most)
        for (name, piece) in WorstText.pieces {
            for place in taker.places {
                expectShare("\(place.path) of \(name)", ofBytesTo: taker) {
                    place.filled(.string(WorstText.text(of: piece, $0)))
                }
            }
            expectShare("a member named \(name)", ofBytesTo: taker) { Self.member(named: piece, $0) }
            expectShare("members named \(name), many", ofBytesTo: taker) { Self.members(named: piece, $0) }
        }
        for (name, make) in Self.values {
            for place in taker.places {
                expectShare("\(place.path) as \(name)", ofBytesTo: taker) { place.filled(make($0)) }
            }
        }
    }

    @Test(arguments: taking.map(\.id))
    func `No text in any member of a body takes more than its share`(id: String) throws {
        let turn = try #require(Self.taking.firstIndex { $0.id == id })
        let taker = try Taker(Self.taking[turn])
        for (number, (name, piece)) in WorstText.pieces.enumerated() {
            // Each place has every fourth of the texts, and others at the next place: what reads them is the same everywhere.
            for (index, place) in taker.places.enumerated() where (number + index + turn) % 4 == 0 {
                expectShare("\(place.path) of \(name)", of: taker) {
                    place.filled(.string(WorstText.text(of: piece, $0)))
                }
            }
            guard (number + turn) % 4 == 0 else { continue }
            expectShare("a member named \(name)", of: taker) { Self.member(named: piece, $0) }
            expectShare("members named \(name), many", of: taker) { Self.members(named: piece, $0) }
        }
    }

    @Test(arguments: taking.map(\.id))
    func `No list, object or number in any member of a body takes more than its share`(id: String) throws {
        let taker = try Taker(#require(Self.taking.first { $0.id == id }))
        for (name, make) in Self.values {
            let values = [Growth.sizes.small: make(Growth.sizes.small), Growth.sizes.large: make(Growth.sizes.large)]
            for place in taker.places {
                expectShare("\(place.path) as \(name)", of: taker) { place.filled(values[$0] ?? .null) }
            }
        }
    }

    private static func member(named piece: String, _ size: Int) -> JSONValue {
        .object([JSONMember(WorstText.text(of: piece, size), 1)])
    }

    private static func members(named piece: String, _ size: Int) -> JSONValue {
        .object((0..<size / 64).map { JSONMember("\($0)" + WorstText.text(of: piece, 56), 1) })
    }

    @Test func `A member that is given again and again is read in proportion, from callers and from providers`() {
        for isLenient in [false, true] {
            let excess = Growth.excess { size in
                let members = (0..<size / 10).map { JSONMember("m\($0 % (size / 20))", 1) }
                _ = try? JSONValue.parse(JSONValue.object(members).bytes, leniently: isLenient)
            }
            #expect(excess == nil, "leniently: \(isLenient)")
        }
    }

    @Test func `A dictionary of many members is read in proportion`() throws {
        let excess = Growth.excess { size in
            let members = JSONValue.object((0..<size / 10).map { JSONMember("m\($0)", 1) })
            #expect((try? members.decode([String: Int].self).count) == size / 10)
        }
        #expect(excess == nil)
    }

    /// Of what an endpoint does with a body that is JSON.
    private func expectShare(
        _ what: String, of taker: Taker, _ body: (Int) -> JSONValue, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let bodies = [Growth.sizes.small: body(Growth.sizes.small), Growth.sizes.large: body(Growth.sizes.large)]
        func read<Input: Sendable>(_ input: Input.Type, _ body: JSONValue) {
            // Refused or taken, it must be quick.
            _ = try? InputReading.input(input, of: taker.operation, taker.schema, from: body)
        }
        expectNone("\(taker.operation.id), \(what)", sourceLocation) {
            read(taker.operation.input, bodies[$0] ?? .null)
        }
    }

    private func expectShare(
        _ what: String, ofBytesTo taker: Taker, _ body: (Int) -> JSONValue,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let sizes = [Growth.sizes.small, Growth.sizes.large]
        let requests: [Int: PreparedRequest] = sizes.reduce(into: [:]) {
            $0[$1] = PreparedRequest(body: body($1).bytes, mediaType: "application/json")
        }
        func read<Input: Sendable>(_ input: Input.Type, _ request: PreparedRequest?) {
            guard let request else { return }
            _ = try? InputReading.read(input, of: taker.operation, schema: taker.schema, request)
        }
        expectNone("the bytes of \(what)", sourceLocation) { read(taker.operation.input, requests[$0]) }
    }

    private func expectNone(_ what: String, _ sourceLocation: SourceLocation, _ work: (Int) -> Void) {
        let excess = Growth.excess(work)
        #expect(
            excess == nil, "\(what): 8 times as much takes \(excess ?? 0) times as long", sourceLocation: sourceLocation
        )
    }
}

/// An endpoint that takes a body.
private struct Taker {
    let operation: SharedModels.Operation
    let schema: Schema
    let places: [Place]

    init(_ operation: SharedModels.Operation) throws {
        self.operation = operation
        schema = try #require(operation.inputSchema)
        places = schema.places(in: try #require(operation.inputExample))
    }
}

/// A member of a body, at any depth.
private struct Place {
    let path: String
    /// The body with this value there.
    let filled: (JSONValue) -> JSONValue
}

extension Schema {
    /// The members of `body`, at any depth.
    fileprivate func places(in body: JSONValue) -> [Place] {
        switch (self, body) {
        case (.nullable(let wrapped), _): return wrapped.places(in: body)
        case (.object(let object), .object(let members)):
            return object.properties.flatMap { property in
                let name = property.name
                func filled(_ value: JSONValue) -> JSONValue {
                    .object(members.filter { $0.name != name } + [JSONMember(name, value)])
                }
                let inner = body[name].map { property.schema.places(in: $0) } ?? []
                return [Place(path: name, filled: filled)]
                    + inner.map { place in
                        Place(path: "\(name).\(place.path)") { filled(place.filled($0)) }
                    }
            }
        case (.array(let element, _), .array(let elements)):
            let inner = elements.first.map { element.places(in: $0) } ?? []
            return [Place(path: "0") { [$0] }]
                + inner.map { place in Place(path: "0.\(place.path)") { [place.filled($0)] } }
        default: return []
        }
    }
}
