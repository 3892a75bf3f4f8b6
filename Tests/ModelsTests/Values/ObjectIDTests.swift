import Foundation
import SharedModels
import Testing

/// The promise under test: Skillhouse's form of an id names the same thing as the UUID, on every surface.
@Suite struct ObjectIDTests {
    @Test func `every id that we make is read back from its 24 digits`() throws {
        for moment in [0, 1_767_225_600_000_123, 4_102_444_800_000_000] as [Int64] {
            for _ in 0..<1000 {
                let id = GigID.make(at: Timestamp(microseconds: moment))
                let digits = id.objectID
                #expect(digits.utf8.count == 24)
                #expect(digits.allSatisfy { "0123456789abcdef".contains($0) })
                #expect(GigID(digits) == id)
                #expect(GigID(digits.uppercased()) == id)
                #expect(try JSONValue.string(digits).decode(GigID.self) == id)
                #expect(GigID.schema.issues(in: .string(digits)).isEmpty)
            }
        }
    }

    @Test func `the digits begin with the time, so they sort as the ids do`() {
        let ids = (0..<500).map { GigID.make(at: Timestamp(microseconds: 1_767_225_600_000_000 + $0 * 1000)) }
        #expect(ids.map(\.objectID).shuffled().sorted() == ids.map(\.objectID))
    }

    @Test func `an id made elsewhere is written as a UUID, and read`() throws {
        let id = try #require(GigID("0192a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b"))
        #expect(id.objectID == id.description)
        #expect(try JSONValue.encode(ObjectID(id)).elementsEqual("\"\(id)\"".utf8))
    }

    @Test(arguments: ["", "0123456789abcdef0123456", "0123456789abcdef012345678", "0123456789abcdef0123456g"])
    func `other digits are no id`(text: String) {
        #expect(GigID(text) == nil)
        #expect(!ObjectID<GigKind>.schema.issues(in: .string(text)).isEmpty)
    }

    @Test func `it is written as its digits, and read in every form`() throws {
        let id = AccountID.make(at: Timestamp(seconds: 1))
        #expect(try JSONValue.encode(ObjectID(id)).elementsEqual("\"\(id.objectID)\"".utf8))
        for form in [id.objectID, id.description, id.prefixed] {
            #expect(try JSONValue.string(form).decode(ObjectID<AccountKind>.self).id == id)
            #expect(ObjectID<AccountKind>.schema.issues(in: .string(form)).isEmpty)
        }
        #expect(!ObjectID<GigKind>.schema.issues(in: .string(id.prefixed)).isEmpty)
    }
}
