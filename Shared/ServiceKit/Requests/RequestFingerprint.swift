import Crypto
import Foundation
import HTTPTypes
import SharedModels

/// Tells whether a repeat under an `Idempotency-Key` asks for the same, however its bytes differ.
///
/// The same are: the path and the query as they are understood, in any order of the parameters; `If-Match`; and what the
/// body says. Of JSON that is all but the white space between its tokens. Of a form it is the fields with the types and
/// contents of their files; boundaries and the names of files mean nothing to us.
struct RequestFingerprint {
    private var hash = SHA256()

    /// SHA-256 over the meaning of a request.
    static func of(_ head: RequestHead, _ operation: SharedModels.Operation, body: [UInt8], mediaType: String?)
        -> [UInt8]
    {
        var fingerprint = Self()
        fingerprint.add("\(operation.method.rawValue) \(operation.path)".utf8)
        for (name, value) in head.pathParameters.sorted(by: { $0.name < $1.name }) {
            fingerprint.add(name.utf8)
            fingerprint.add(value.utf8)
        }
        let query = head.query.filter { operation.declares($0.name) }
        for (name, value) in query.sorted(by: { $0.name < $1.name }) {
            fingerprint.add(name.utf8)
            fingerprint.add((value ?? "").utf8)
        }
        fingerprint.add((TagCondition(head.headers[.ifMatch])?.description ?? "").utf8)
        fingerprint.add(body: body, of: operation, mediaType: mediaType)
        return Array(fingerprint.hash.finalize())
    }

    private mutating func add(body: [UInt8], of operation: SharedModels.Operation, mediaType: String?) {
        if operation.file != nil, let parts = Self.parts(body, mediaType) {
            for part in parts {
                add(part.name.utf8)
                add((part.mediaType ?? "").utf8)
                add(part.content)
            }
        } else if operation.input == RawInput.self {
            add(body)
        } else {
            // No body and an object without members are one.
            let text = Self.withoutSpace(body)
            add(text.elementsEqual("{}".utf8) ? [] : text)
        }
    }

    /// With its length before it, so that two texts never run into one.
    private mutating func add(_ bytes: some Collection<UInt8>) {
        hash.update(data: Data("\(bytes.count):".utf8))
        hash.update(data: Data(bytes))
    }

    /// - Returns: `nil` for what is no form: it is refused later, and nothing is stored.
    private static func parts(_ body: [UInt8], _ mediaType: String?) -> [MultipartReader.Part]? {
        // The reason is told when the input is read.
        try? MultipartReader(Data(body), FormBoundary(contentType: mediaType)).parts()
    }

    /// A JSON text without the white space outside of its strings.
    static func withoutSpace(_ json: [UInt8]) -> [UInt8] {
        var kept: [UInt8] = []
        kept.reserveCapacity(json.count)
        var isInString = false
        var isEscaped = false
        for byte in json {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
            } else {
                if byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { continue }
                isInString = byte == UInt8(ascii: "\"")
            }
            kept.append(byte)
        }
        return kept
    }
}

extension Principal {
    /// What tells the credential from the account's others, however often its text is changed.
    var credentialID: String {
        apiKeyID.map { "key \($0)" } ?? sessionID.map { "session \($0)" } ?? credential.rawValue
    }
}
