import SharedModels
import Testing

/// Its value's `Codable` form, without the hand-written one.
private struct Plainly<Value: Encodable>: Encodable {
    let value: Value
    func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}

/// The promise under test: every body that crosses a process boundary is read as it was written.
@Suite struct ModelRoundTripTests {
    private static let writable = Catalogue.models.filter { $0 is any JSONWritable.Type }

    @Test(arguments: Catalogue.models, KeyStyle.allCases)
    func `a body is written as it was read, by Foundation's reading too`(
        type: any Model.Type, style: KeyStyle
    ) throws {
        try expectSame(type, style, seeds: 0..<40)
    }

    private func expectSame<Body: Model>(_ type: Body.Type, _ style: KeyStyle, seeds: Range<UInt64>) throws {
        let schema = try Schema.reflecting(type, in: style)
        for seed in seeds {
            var invention = Invention(seed: seed)
            let value = invention.value(of: schema, mayOmit: type is any PartialUpdate.Type)
            #expect(schema.issues(in: value) == [])
            let body = try value.decode(type, in: style)
            let written = try JSONValue.encode(body, in: style)
            #expect(String(decoding: written, as: UTF8.self) == String(decoding: value.bytes, as: UTF8.self))
            #expect(value.agrees(with: try FoundationReading.read(written)))
        }
    }

    @Test(arguments: writable)
    func `a body that writes itself writes what its Codable form says`(type: any Model.Type) throws {
        try expectBothForms(type)
    }

    private func expectBothForms<Body: Model>(_ type: Body.Type) throws {
        let schema = try Schema.reflecting(type)
        for seed in 100..<160 as Range<UInt64> {
            var invention = Invention(seed: seed)
            let body = try invention.value(of: schema).decode(type)
            let byHand = String(decoding: try JSONValue.encode(body), as: UTF8.self)
            #expect(byHand == String(decoding: try JSONValue.encode(Plainly(value: body)), as: UTF8.self))
        }
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `what may be done next is written alike by hand and by its Codable form`(seed: UInt64) throws {
        var invention = Invention(seed: seed)
        let actions = (0..<3).map { index in
            NextAction(
                NextAction.actions[invention.index(below: NextAction.actions.count)],
                Method.allCases[invention.index(below: 5)],
                "/api/gigs/\(invention.id())",
                by: index == 0 ? [] : PartyRole.allCases,
                deadline: invention.flip() ? invention.moment() : nil,
                body: index == 0 ? .null : ["status": .string(invention.text(length: 0...8)), "n": [1, nil]])
        }
        let written = try JSONValue.encode(actions)
        #expect(written == (try JSONValue.encode(actions.map(Plainly.init))))
        #expect(try JSONValue.decode([NextAction].self, from: written) == actions)
    }
}
