import SharedModels
import Testing

/// The promise under test: a typed call asks for the thing it names, with any characters in the name.
@Suite struct OperationPathTests {
    @Test func `parameters are filled in by name`() {
        let operation = Endpoints.contracts.release.operation
        #expect(operation.pathParameters == ["id", "milestoneId"])
        #expect(
            operation.path(with: ["milestoneId": "m", "id": "c"]) == "/api/contracts/c/milestones/m/release")
        #expect(Endpoints.gigs.list.operation.path(with: [:]) == "/api/gigs")
    }

    @Test(arguments: [
        ("a/b", "a%2Fb"), ("..", ".."), ("a?b#c", "a%3Fb%23c"), ("%2f", "%252f"), ("é", "%C3%A9"),
        ("a b\r\n", "a%20b%0D%0A"), ("~._-", "~._-"), ("", ""), ("\0", "%00"), ("😀", "%F0%9F%98%80"),
        ("{id}", "%7Bid%7D"),
    ])
    func `a value stays within its segment`(value: String, encoded: String) {
        #expect(value.percentEncoded == encoded)
        #expect(Endpoints.gigs.get.operation.path(with: ["id": value]) == "/api/gigs/\(encoded)")
    }

    @Test func `every template is filled in whole`() {
        for operation in Catalogue.all {
            let values = Dictionary(uniqueKeysWithValues: operation.pathParameters.map { ($0, "x") })
            let path = operation.path(with: values)
            #expect(!path.contains("{"))
            #expect(path.split(separator: "/").count == operation.path.split(separator: "/").count)
        }
    }
}
