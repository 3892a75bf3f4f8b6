import HTTPTypes
import NIOHTTP1
import SharedModels

/// A request as it came over a connection.
package struct IncomingRequest: Sendable {
    package internal(set) var method: String
    package let path: String
    /// What stands behind the question mark; `nil` without one.
    package let query: String?
    package let headers: HTTPFields
    let body: IncomingBody
    /// Tells when the server begins to shut down.
    let departure: Departure
    /// Whether the connection can be handed over to another protocol: the request is a GET of HTTP/1.1 without a body.
    let isUpgradable: Bool

    init(_ head: IncomingHead, body: IncomingBody, departure: Departure) {
        method = head.method
        path = head.path
        query = head.query
        headers = head.headers
        self.body = body
        self.departure = departure
        isUpgradable = head.upgrades && head.method == "GET" && !head.isHTTP10 && head.bodyLength == 0
    }

    /// - Throws: ``BodyFailure``.
    package func body(atMost limit: Int) async throws -> [UInt8] {
        switch body {
        case .whole(let bytes):
            guard bytes.count <= limit else { throw BodyFailure.tooLarge }
            return bytes
        case .failed(let failure): throw failure
        case .coming(let connection): return try await connection.body(atMost: limit)
        }
    }
}

extension IncomingRequest {
    /// Gives the body away as it comes. No more of it is read while `take` works.
    ///
    /// - Throws: ``BodyFailure``, and what `take` throws.
    func pieces(atMost limit: Int, _ take: ([UInt8]) async throws -> Void) async throws {
        guard case .coming(let connection) = body else { return try await take(try await body(atMost: limit)) }
        while true {
            let piece = try await connection.piece(atMost: limit)
            guard !piece.isEmpty else { return }
            try await take(piece)
        }
    }
}

/// The body of a request, as far as it was there when the request was handed over.
enum IncomingBody: Sendable {
    case whole([UInt8])
    case failed(BodyFailure)
    /// The reader has to ask for it. Nothing more is read before.
    case coming(ConnectionLine)
}

/// Why a body cannot be read.
package enum BodyFailure: Error {
    case tooLarge
    /// The connection ended, or the framing is broken.
    case broken
    /// It came too slowly.
    case late
}

/// The first line and the headers of a request, checked beyond what the parser checks.
struct IncomingHead {
    let method: String
    let path: String
    let query: String?
    let headers: HTTPFields
    /// Whether the connection may serve another request after this one.
    let keepsAlive: Bool
    /// Whether the caller asks for another protocol. The parser then reads nothing behind the request.
    let upgrades: Bool
    let isHTTP10: Bool
    /// Whether the caller waits for `100 Continue` before it sends the body.
    let expectsContinue: Bool
    /// The announced length of the body; `nil` for one in chunks. 0 without a body.
    let bodyLength: Int?

    var isForHead: Bool { method == "HEAD" }

    /// - Throws: ``UnreadableHead``.
    init(_ head: HTTPRequestHead) throws(UnreadableHead) {
        var fields = HTTPFields()
        fields.reserveCapacity(head.headers.count)
        var (hosts, lengths, codings) = (0, 0, 0)
        var (length, expects, upgrades) = (Int?.some(0), false, false)
        for (text, value) in head.headers {
            guard let name = HTTPField.Name.find(text) else { throw .badHeader }
            switch name {
            case .hostName: hosts += 1
            case .contentLength:
                lengths += 1
                guard let announced = Self.length(value) else { throw .badLength }
                length = announced
            case .transferEncoding:
                codings += 1
                // The parser undoes this coding only.
                guard value.utf8.elementsEqual("chunked".utf8, by: { $0.asciiLowercased == $1 }) else {
                    throw .badCoding
                }
                length = nil
            case .expect:
                guard value.utf8.elementsEqual("100-continue".utf8, by: { $0.asciiLowercased == $1 }) else {
                    throw .badExpectation
                }
                expects = true
            case .upgrade: upgrades = true
            default: break
            }
            fields.append(HTTPField(name: name, value: value))
        }
        isHTTP10 = head.version.minor == 0
        guard hosts == 1 || (isHTTP10 && hosts == 0) else { throw .badHost }
        guard lengths + codings <= 1, codings == 0 || !isHTTP10 else { throw .badLength }
        (path, query) = try Self.parts(of: head.uri)
        method = head.method.rawValue
        headers = fields
        // After a request to upgrade, or to connect, the parser reads nothing more.
        self.upgrades = upgrades || head.method == .CONNECT
        keepsAlive = head.isKeepAlive && !self.upgrades
        expectsContinue = expects && !isHTTP10 && length != 0
        bodyLength = length
    }

    private static func length(_ text: String) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy(\.isASCIIDigit) else { return nil }
        // A number without an end is larger than any limit, too.
        return Int(text) ?? .max
    }

    /// Path and query of a target in origin form, absolute form, or `*` (RFC 9112, section 3.2).
    private static func parts(of target: String) throws(UnreadableHead) -> (path: String, query: String?) {
        var rest = target.utf8[...]
        guard rest.allSatisfy({ (0x21..<0x7F).contains($0) && $0 != UInt8(ascii: "#") }) else { throw .badTarget }
        if rest.first != UInt8(ascii: "/"), !rest.elementsEqual("*".utf8) {
            guard let prefix = ["http://", "https://"].first(where: { rest.starts(with: $0.utf8) }) else {
                throw .badTarget
            }
            rest = rest.dropFirst(prefix.utf8.count)
            rest = rest.drop { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        }
        let path = rest.prefix { $0 != UInt8(ascii: "?") }
        let query = rest[path.endIndex...]
        return (
            path.isEmpty ? "/" : String(Substring(path)), query.isEmpty ? nil : String(Substring(query.dropFirst()))
        )
    }
}

/// Why the head of a request is refused. Whatever another server could read in another way is.
package enum UnreadableHead: String, Error {
    case badSyntax = "The head of the request is not HTTP/1.1."
    case badHeader = "The name of a header is not a token."
    case badHost = "The header Host must be there once."
    case badLength = "The length of the body must be given once, as a number or by chunks."
    case badCoding = "The only transfer coding that is understood is chunked."
    case badTarget = "The target must be a path that begins with a slash, in visible ASCII characters."
    case badExpectation = "The only expectation that can be met is 100-continue."
    case tooLarge = "The head of the request is too large."
    case late = "The head of the request came too slowly."

    package var status: Int {
        switch self {
        case .badSyntax, .badHeader, .badHost, .badLength, .badTarget: 400
        case .late: 408
        case .badExpectation: 417
        case .tooLarge: 431
        case .badCoding: 501
        }
    }
}
