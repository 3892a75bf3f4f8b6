import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: whatever a body contains, and wherever, reading it takes time in proportion to its length.
@Suite struct BodyGrowthTests {
    private static let taking = Catalogue.all.filter { $0.inputSchema != nil }

    @Test(arguments: taking.map(\.id))
    func `No text in any member of a body takes more than its share`(id: String) throws {
        let operation = try #require(Self.taking.first { $0.id == id })
        let schema = try #require(operation.inputSchema)
        let example = try #require(operation.inputExample)
        let turn = try #require(Self.taking.firstIndex { $0.id == id })
        for (number, (name, piece)) in WorstText.pieces.enumerated() {
            // Each place has every fourth of the texts, and others at the next place: what reads them is the same everywhere.
            for (index, place) in schema.places(in: example).enumerated() where (number + index + turn) % 4 == 0 {
                expectShare("\(place.path) of \(name)", operation) { size in
                    place.filled(.string(WorstText.text(of: piece, size))).bytes
                }
            }
            guard (number + turn) % 4 == 0 else { continue }
            expectShare("a member named \(name)", operation) { size in
                JSONValue.object([JSONMember(WorstText.text(of: piece, size), 1)]).bytes
            }
            expectShare("members named \(name), many", operation) { size in
                let members = (0..<size / 64).map { JSONMember("\($0)" + WorstText.text(of: piece, 56), 1) }
                return JSONValue.object(members).bytes
            }
        }
    }

    @Test(arguments: taking.map(\.id))
    func `No list, object or number in any member of a body takes more than its share`(id: String) throws {
        let operation = try #require(Self.taking.first { $0.id == id })
        let schema = try #require(operation.inputSchema)
        let example = try #require(operation.inputExample)
        let values: [(String, (Int) -> JSONValue)] = [
            ("members", { .object((0..<$0 / 10).map { JSONMember("m\($0)", 1) }) }),
            ("lists", { .array(Array(repeating: [], count: $0 / 3)) }),
            ("texts", { .array((0..<$0 / 8).map { .string("\($0)") }) }),
            ("objects", { .array(Array(repeating: ["id": 1], count: $0 / 9)) }),
            ("digits", { .decimal(String(repeating: "7", count: $0)) }),
            ("digits after the point", { .decimal("0." + String(repeating: "7", count: $0)) }),
            ("zeros of an exponent", { .decimal("1e" + String(repeating: "0", count: $0)) }),
        ]
        for place in schema.places(in: example) {
            for (name, value) in values {
                expectShare("\(place.path) as \(name)", operation) { place.filled(value($0)).bytes }
            }
        }
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

    private func expectShare(
        _ what: String, _ operation: SharedModels.Operation, _ body: (Int) -> [UInt8],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let bodies = [Growth.sizes.small: body(Growth.sizes.small), Growth.sizes.large: body(Growth.sizes.large)]
        func read<Input: Sendable>(_ input: Input.Type, _ bytes: [UInt8]) {
            // Refused or taken, it must be quick.
            _ = try? InputReading.read(
                input, of: operation, schema: operation.inputSchema,
                PreparedRequest(body: bytes, mediaType: "application/json"))
        }
        let excess = Growth.excess { read(operation.input, bodies[$0] ?? []) }
        #expect(
            excess == nil, "\(operation.id), \(what): 8 times as much takes \(excess ?? 0) times as long",
            sourceLocation: sourceLocation)
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
