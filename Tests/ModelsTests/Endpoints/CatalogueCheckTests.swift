import Testing

@testable import SharedModels

private struct Note: Model {
    let text: String
}

private enum Elsewhere {
    struct Note: Model {
        let words: String
    }

    struct Pad: Model {
        let notes: [Note]
    }
}

private struct Notes: EndpointGroup {
    static let surface = Surface.clawConnected
    static let service = ServiceName.jobs

    let write = Endpoint<Note, NoOutput>("notes.write", .post, "/api/notes", of: Self.self, access: .anyone, "Write")
    let read = Endpoint<NoInput, Note>("notes.read", .get, "/api/notes", of: Self.self, access: .anyone, "Read")
    let sameName = Endpoint<NoInput, Note>("notes.read", .get, "/api/note", of: Self.self, access: .anyone, "Read")
    let samePlace = Endpoint<NoInput, Note>("notes.list", .get, "/api/notes", of: Self.self, access: .anyone, "List")
    let otherNote = Endpoint<NoInput, Elsewhere.Pad>(
        "pads.get", .get, "/api/pads", of: Self.self, access: .anyone, "Pad")
}

/// The promise under test: when a name in the declarations stands for two things, no service starts.
@Suite struct CatalogueCheckTests {
    private let notes = Notes()

    @Test func `a group lists its endpoints as they are written`() {
        #expect(notes.operations.map(\.id) == ["notes.write", "notes.read", "notes.read", "notes.list", "pads.get"])
    }

    @Test func `endpoints that share a type are fine`() {
        #expect(throws: Never.self) { try Catalogue.check([notes.write.operation, notes.read.operation]) }
    }

    @Test func `two endpoints cannot have one name`() {
        #expect(throws: CatalogueFault.operationTwice("notes.read")) {
            try Catalogue.check([notes.read.operation, notes.sameName.operation])
        }
    }

    @Test func `two endpoints cannot be at one place`() {
        #expect(throws: CatalogueFault.placeTwice("GET /api/notes")) {
            try Catalogue.check([notes.read.operation, notes.samePlace.operation])
        }
    }

    @Test func `a schema name cannot stand for two types, however deep they are`() {
        #expect(throws: CatalogueFault.schemaNameTwice("Note", "pads.get")) {
            try Catalogue.check([notes.read.operation, notes.otherNote.operation])
        }
    }
}
