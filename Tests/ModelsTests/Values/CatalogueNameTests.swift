import Testing

@testable import SharedModels

/// The promise under test: an admin can name every skill there is, and nothing that is no name.
@Suite struct CatalogueNameTests {
    @Test(arguments: [
        "A", "3D Modelling", "C++", "C#", "Node.js", "CI/CD", "R&D", "front-end", "हिन्दी", "Fordítás",
        String(repeating: "a", count: 100),
    ])
    func `a name has letters, digits and the signs that skills have`(name: String) {
        #expect(CatalogueName.isAcceptable(name))
    }

    @Test(arguments: [
        "", " ", " A", "-a", ".NET", "#1", "a@b", "a\u{0}", "a\n", "<b>", "a;b", "e\u{301}", "🦔", "a🦔", "a\u{200B}b",
        String(repeating: "a", count: 101),
    ])
    func `every other name is refused`(name: String) {
        #expect(!CatalogueName.isAcceptable(name))
    }
}
