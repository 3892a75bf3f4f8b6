import Foundation
import HTTPTypes
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: whatever stands in a path, a query, a header or a form, taking it apart takes time in
/// proportion to its length.
@Suite struct HeadGrowthTests {
    private typealias Query = [(name: String, value: String?)]
    private static let asking = Catalogue.all.filter { !$0.query.isEmpty || $0.takesAnyQuery }
    private static let parameters = ["a&", "a=&", "utm_x&", "%&", "=", "%41", "q=1&", "limit=1&"]
    /// What is read from each, by its size.
    private static let read: [[Int: Query]] = parameters.map { piece in
        [Growth.sizes.small, Growth.sizes.large].reduce(into: [:]) {
            $0[$1] = QueryReading.parameters(WorstText.text(of: piece, $1))
        }
    }

    /// Which is the same for all endpoints.
    @Test func `No query takes more than its share to be taken apart`() {
        for (name, piece) in WorstText.pieces {
            expectShare("a value of \(name)") { size in
                let text = WorstText.text(of: piece, size)
                return { _ = QueryReading.parameters("a=\(text.percentEncoded)") }
            }
            expectShare("a parameter named \(name)") { size in
                let text = WorstText.text(of: piece, size)
                return { _ = QueryReading.parameters("\(text.percentEncoded)=1") }
            }
        }
        for piece in Self.parameters + WorstText.pieces.map(\.piece) {
            expectShare("parameters as \(piece)") { size in
                let text = WorstText.text(of: piece, size)
                return { _ = QueryReading.parameters(text) }
            }
        }
    }

    @Test(arguments: asking.map(\.id))
    func `No query takes more than its share`(id: String) throws {
        let operation = try #require(Self.asking.first { $0.id == id })
        for (name, piece) in WorstText.pieces {
            for parameter in operation.query.map(\.name) {
                expectShare("\(id), \(parameter) of \(name)") { size in
                    let text = WorstText.text(of: piece, size)
                    return { check([(parameter, text)], operation) }
                }
            }
            expectShare("\(id), a parameter named \(name)") { size in
                let text = WorstText.text(of: piece, size)
                return { check([(text, "1")], operation) }
            }
        }
        for (piece, read) in zip(Self.parameters, Self.read) {
            expectShare("\(id), parameters as \(piece)") { size in
                let query = read[size] ?? []
                return { check(query, operation) }
            }
        }
    }

    private func check(_ query: Query, _ operation: SharedModels.Operation) {
        let head = RequestHead(method: "GET", path: operation.path, pathParameters: [], query: query, headers: [:])
        // Refused or taken, it must be quick.
        try? head.checkQuery(of: operation)
        _ = RequestFingerprint.of(head, operation, PreparedRequest(body: [], mediaType: nil))
        for parameter in operation.query { _ = head.query(parameter.name) }
    }

    /// Besides the texts that are bad anywhere: the marks that a header has a meaning for.
    private static let headers =
        WorstText.pieces
        + [
            ("commas", ","), ("semicolons", ";"), ("pairs", "a=b;"), ("pairs of many names", "a\u{301}=b;"),
            ("tags", "\"v1\","), ("media types", "text/x,"), ("hyphens", "00-"), ("dots", "."), ("stars", "*"),
            ("cookies", "guildhall_session=x;"), ("weights", ";q=0.5,"), ("hosts", "https://a."), ("brackets", "["),
            ("colons", ":"),
        ].map { (name: $0.0, piece: $0.1) }

    /// Every header that the services read, and what reads it.
    private static let readers: [(name: HTTPField.Name, read: @Sendable (HTTPFields) -> Void)] = {
        let readers = CredentialReaders(publicURL: TestService.publicURL)
        let origins = OriginRule(allowing: [TestService.publicURL])
        let operation = Endpoints.gigs.list.operation
        let film = StreamedOutput(type: .mp4, name: "film", length: 1000) { _ in [] }
        @Sendable func head(_ fields: HTTPFields) -> RequestHead {
            RequestHead(method: "GET", path: "/", pathParameters: [], query: [], headers: fields)
        }
        return [
            (.authorization, { _ = try? readers.read($0) }), (.apiKey, { _ = try? readers.read($0) }),
            (
                .cookie,
                { fields in
                    _ = try? readers.read(fields)
                    _ = Cookies.names(beginningWith: "guildhall_", in: fields[values: .cookie])
                }
            ),
            (.origin, { _ = origins.permits(.post, origin: $0[.origin], fetchSite: nil) }),
            (.fetchSite, { _ = origins.permits(.post, origin: nil, fetchSite: $0[.fetchSite]) }),
            (.referer, { _ = origins.permitsNavigation(from: $0[.referer], fetchSite: nil) }),
            (.acceptLanguage, { _ = Language(acceptedBy: $0[.acceptLanguage]) }),
            (.range, { _ = FileAnswer(film, range: $0[.range], condition: nil) }),
            (.realIP, { _ = head($0).sourceAddress }),
            (
                .ifMatch,
                { fields in
                    _ = TagCondition(fields[.ifMatch])?.names("\"v1\"")
                    _ = RequestFingerprint.of(head(fields), operation, PreparedRequest(body: [], mediaType: nil))
                }
            ),
            (
                .accept,
                { fields in
                    _ = head(fields).prefersPage
                    _ = MediaType.isNamed("text/html", by: fields[.accept])
                }
            ),
            (
                .contentType,
                { fields in
                    let type = fields[.contentType]
                    _ = MediaType.isJSON(type ?? "")
                    _ = try? FormBoundary(contentType: type)
                    _ = try? FormBoundary(contentType: "multipart/form-data;\(type ?? "")")
                }
            ),
            (
                .traceParent,
                { fields in
                    let value = fields[.traceParent]
                    _ = RequestTrace(accepting: value, traceparent: value, on: .skillSync, at: .start)
                }
            ),
        ]
    }()

    @Test(arguments: readers.map(\.name))
    func `No header takes more than its share`(name: HTTPField.Name) throws {
        let reader = try #require(Self.readers.first { $0.name == name })
        for (what, piece) in Self.headers {
            for beginning in ["", "Bearer ", "https://", "guildhall_session=", "\"", "bytes=", "de;q="] {
                expectShare("\(name), \(beginning)\(what)") { size in
                    let text = beginning + WorstText.text(of: piece, size)
                    let once: HTTPFields = [name: text]
                    var twice = once
                    twice.append(HTTPField(name: name, value: text + "x"))
                    return { [once, twice].forEach(reader.read) }
                }
            }
        }
    }

    @Test func `No id and no path takes more than its share`() {
        for (name, piece) in Self.headers + [("slashes", "/"), ("steps", "a/")] {
            expectShare("an id of \(name)") { size in
                let texts = ["", "gig_", "gig"].map { $0 + WorstText.text(of: piece, size) }
                return { for text in texts { _ = GigID(text) } }
            }
            expectShare("a path of \(name)") { size in
                let path = "/api/gigs/" + WorstText.text(of: piece, size)
                return { _ = Surface(ofUnknown: path, beside: Catalogue.published) }
            }
        }
    }

    @Test func `No form takes more than its share`() throws {
        let boundary = try FormBoundary(contentType: "multipart/form-data; boundary=aaaaaaaa")
        let forms: [(String) -> String] = [
            { $0 }, { "--aaaaaaaa\r\nContent-Disposition: form-data; name=\"\($0)\"\r\n\r\nx\r\n--aaaaaaaa--" },
            { "--aaaaaaaa\r\nContent-Disposition: form-data; name=\"a\"; \($0)\r\n\r\nx\r\n--aaaaaaaa--" },
            { "--aaaaaaaa\r\n\($0): x\r\n\r\nx\r\n--aaaaaaaa--" },
            { "--aaaaaaaa\r\nContent-Disposition: form-data; name=a\r\n\r\n\($0)\r\n--aaaaaaaa--" },
        ]
        let pieces =
            Self.headers
            + [("lines", "a: b\r\n"), ("boundaries", "\r\n--aaaaaaa"), ("parts", "--aaaaaaaa\r\na: b\r\n\r\n\r\n")]
        for (name, piece) in pieces {
            for (number, form) in forms.enumerated() {
                expectShare("form \(number) of \(name)") { size in
                    let body = Data(form(WorstText.text(of: piece, size)).utf8)
                    return { _ = try? MultipartReader(body, boundary).parts() }
                }
            }
        }
    }

    /// - Parameter make: Prepares the work for a size.
    private func expectShare(
        _ what: String, sourceLocation: SourceLocation = #_sourceLocation, _ make: (Int) -> () -> Void
    ) {
        let (small, large) = (make(Growth.sizes.small), make(Growth.sizes.large))
        let excess = Growth.excess { $0 == Growth.sizes.small ? small() : large() }
        #expect(
            excess == nil, "\(what): 8 times as much takes \(excess ?? 0) times as long", sourceLocation: sourceLocation
        )
    }
}
