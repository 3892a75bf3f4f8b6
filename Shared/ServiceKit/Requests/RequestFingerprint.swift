import Crypto
import Foundation
import HTTPTypes
import SharedModels

/// Tells whether a repeat with an `Idempotency-Key` is the same request, even if its bytes differ.
///
/// Two requests are the same when these are equal: the decoded path and query, with the parameters in any order;
/// `If-Match`; and the meaning of the body. In JSON, white space, the order of members and the way of escaping do not
/// count. Of a form, the fields and the files' types and contents count; boundaries and file names do not.
struct RequestFingerprint {
    private var hash = SHA256()

    /// SHA-256 over the meaning of a request.
    static func of(_ head: RequestHead, _ operation: SharedModels.Operation, _ request: PreparedRequest) -> [UInt8] {
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
        if let upload = request.upload {
            fingerprint.add(upload.field.utf8)
            fingerprint.add((upload.mediaType ?? "").utf8)
            fingerprint.add(upload.input.file.digest)
        } else {
            fingerprint.add(body: request.body, of: operation, mediaType: request.mediaType)
        }
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
            // No body and an object without members mean the same.
            let text = Self.plain(body)
            add(text.elementsEqual("{}".utf8) ? [] : text)
        }
    }

    /// Adds the length first, so that two texts never run into each other.
    private mutating func add(_ bytes: some Collection<UInt8>) {
        hash.update(data: Data("\(bytes.count):".utf8))
        hash.update(data: Data(bytes))
    }

    /// - Returns: `nil` for a body that is not a form. Such a request is refused later, and nothing is stored.
    private static func parts(_ body: [UInt8], _ mediaType: String?) -> [MultipartReader.Part]? {
        // The reason is reported when the input is read.
        try? MultipartReader(Data(body), FormBoundary(contentType: mediaType)).parts()
    }

    /// A JSON text in one notation: without white space, members in the order of their names, one way of escaping.
    ///
    /// - Returns: The text as it came when it is not JSON. Such a request is refused later, and nothing is stored.
    private static func plain(_ json: [UInt8]) -> [UInt8] {
        // The reason is reported when the input is read.
        guard let value = try? JSONValue.parse(json) else { return json }
        return value.withSortedMembers.bytes
    }
}

extension JSONValue {
    fileprivate var withSortedMembers: JSONValue {
        switch self {
        case .null, .bool, .integer, .decimal, .string: self
        case .array(let elements): .array(elements.map(\.withSortedMembers))
        case .object(let members):
            .object(
                members.map { JSONMember($0.name, $0.value.withSortedMembers) }
                    .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
        }
    }
}

extension Principal {
    /// Identifies the credential within its account, even after its text changes.
    var credentialID: String {
        apiKeyID.map { "key \($0)" } ?? sessionID.map { "session \($0)" } ?? credential.rawValue
    }
}
