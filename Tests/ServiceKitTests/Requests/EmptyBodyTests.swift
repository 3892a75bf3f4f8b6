import Testing

@testable import ServiceKit
@testable import SharedModels

/// The promise under test: an empty body counts as no body, under any media type.
@Suite struct EmptyBodyTests {
    private static let types: [String?] = [
        nil, "", "application/json", "text/plain", "application/json; charset=utf-8",
    ]

    private func read(_ operation: SharedModels.Operation, _ type: String?) throws {
        func read<Input: Sendable>(_ input: Input.Type) throws {
            _ = try InputReading.read(
                input, of: operation, schema: operation.inputSchema, PreparedRequest(body: [], mediaType: type))
        }
        try read(operation.input)
    }

    @Test func `a body whose members are all optional can be left out`() throws {
        let operations = Catalogue.all.filter { $0.inputSchema?.hasRequiredMembers == false }
        #expect(operations.contains { $0.id == "keys.rotate" })
        for operation in operations {
            for type in Self.types {
                #expect(throws: Never.self, "\(operation.id) as \(type ?? "nothing")") { try read(operation, type) }
            }
        }
    }

    @Test func `an endpoint that takes no body is content without one`() throws {
        for operation in Catalogue.all where operation.input == NoInput.self {
            for type in Self.types {
                #expect(throws: Never.self, "\(operation.id) as \(type ?? "nothing")") { try read(operation, type) }
            }
        }
    }

    @Test func `a body with required members is refused without them, by name`() throws {
        for operation in Catalogue.all {
            guard case .object(let object) = operation.inputSchema, operation.inputSchema?.hasRequiredMembers == true
            else { continue }
            let required = object.properties.filter(\.isRequired).map(\.name)
            for type in Self.types {
                let refusal = #expect(throws: Refusal.self, "\(operation.id)") { try read(operation, type) }
                #expect(refusal?.code == .validationFailed, "\(operation.id)")
                #expect(refusal?.issues.map(\.path) == required, "\(operation.id)")
                #expect(refusal?.issues.allSatisfy { $0.message == "is required" } == true, "\(operation.id)")
            }
        }
    }

    @Test(arguments: ["/api/photos", "/api/films"])
    func `An upload without a body lacks its file, however its length is told`(path: String) async throws {
        try await TestService.use { service in
            let key = service.auth.key().headers.map { "\($0.name): \($0.value)\r\n" }.joined()
            for type in Self.types + ["multipart/form-data; boundary=b", "multipart/form-data", "image/png"] {
                let typed = type.map { "Content-Type: \($0)\r\n" } ?? ""
                for end in ["", "Content-Length: 0\r\n", "Transfer-Encoding: chunked\r\n"] {
                    let line = try Line(port: service.port)
                    let chunks = end.contains("chunked") ? "0\r\n\r\n" : ""
                    try await line.send(
                        "POST \(path) HTTP/1.1\r\nHost: api.example\r\n\(key)\(typed)\(end)\r\n\(chunks)")
                    let answer = try await line.answer()
                    let field = path == "/api/photos" ? "photo" : "film"
                    #expect(answer.status == 400 && answer.code == "VALIDATION_FAILED", "\(typed)\(end)\(answer)")
                    #expect(answer.issuePaths == [field], "\(typed)\(end)")
                }
            }
        }
    }
}
