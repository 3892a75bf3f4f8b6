import Foundation
import SharedModels

/// Turns the bytes of a request into a checked input.
enum InputReading {
    /// - Throws: 400 for text that is not JSON or does not fit the schema, 415 for another media type, and the errors
    ///   of ``file(_:bytes:mediaType:)``.
    static func read<Input: Sendable>(
        _ type: Input.Type, of operation: SharedModels.Operation, schema: Schema?, _ request: PreparedRequest
    ) throws -> Input {
        let (bytes, mediaType) = (request.body, request.mediaType)
        if let upload = request.upload?.input as? Input { return upload }
        if type == RawInput.self, let raw = RawInput(bytes: bytes) as? Input { return raw }
        if let file = operation.file, let input = try Self.file(file, bytes: bytes, mediaType: mediaType) as? Input {
            return input
        }
        if type == NoInput.self, let none = NoInput() as? Input {
            // The body is not used, so its type does not matter.
            let body = try parse(bytes, mediaType ?? "application/json")
            _ = try check(body, .object(ObjectSchema(properties: [])), isPublic: true)
            return none
        }
        guard let schema else { preconditionFailure("\(type) is not a body") }
        let body = try parse(bytes, mediaType)
        do {
            return try input(type, of: operation, schema, from: body)
        } catch var refusal as Refusal where operation.surface == .oauth {
            // The one kind of JSON that OAuth reads is what a client says of itself (RFC 7591, section 3.2.2).
            let isAboutPlaces = refusal.issues.first?.path.utf8.starts(with: "redirect_uris".utf8) == true
            refusal.oauthName = isAboutPlaces ? "invalid_redirect_uri" : "invalid_client_metadata"
            throw refusal
        }
    }

    /// What is left to do with a body that is JSON: it is held to the schema, and decoded.
    static func input<Input: Sendable>(
        _ type: Input.Type, of operation: SharedModels.Operation, _ schema: Schema, from body: JSONValue
    ) throws -> Input {
        guard let model = type as? any Model.Type else { preconditionFailure("\(type) is not a body") }
        do {
            let value = try check(body, schema, isPublic: operation.surface != .internal)
            guard let input = try value.decode(model, in: operation.surface.keyStyle) as? Input else {
                preconditionFailure("a model decodes to itself")
            }
            return input
        } catch let mismatch as JSONMismatch {
            // The schema cannot see this case: a member whose own type refuses the value.
            throw Refusal.validation([mismatch.issue])
        }
    }

    /// The one file of a form.
    ///
    /// - Throws: 400 for a body that is not a form, another field, no file or several, and a file of another type; 413
    ///   for a file that is too large; 415 for another media type.
    private static func file(_ field: FileField, bytes: [UInt8], mediaType: String?) throws -> FileInput {
        guard !bytes.isEmpty else { throw FormBoundary.missing(field) }
        let parts = try MultipartReader(Data(bytes), FormBoundary(contentType: mediaType)).parts()
        let unknown = parts.filter { !$0.name.isSpelled(field.name) }.map {
            InputIssue.unknown($0.name, known: [field.name])
        }
        guard unknown.isEmpty else { throw Refusal.validation(unknown) }
        guard let part = parts.first else { throw Refusal.validation(field.name, "is required") }
        guard parts.count == 1 else { throw Refusal.validation(field.name, "must be there once") }
        guard part.content.count <= field.maximum else {
            throw Refusal(.payloadTooLarge, "\(field.name) is larger than \(field.maximum) bytes.")
        }
        guard let type = FileType(sniffing: part.content), field.types.contains(type) else {
            let known = field.types.map(\.title).joined(separator: ", ")
            throw Refusal.validation(field.name, "must be a file of one of these types: \(known)")
        }
        return FileInput(type: type, bytes: Array(part.content))
    }

    /// The body, once it is known to fit.
    ///
    /// - Parameter isPublic: Between our services a text may be older than the limit on combining marks.
    private static func check(_ body: JSONValue, _ schema: Schema, isPublic: Bool) throws -> JSONValue {
        let marks = isPublic ? CombiningMarks.issues(in: body) : []
        guard marks.isEmpty else { throw Refusal.validation(marks) }
        let value = schema.normalizing(body)
        let issues = schema.issues(in: value)
        guard issues.isEmpty else { throw Refusal.validation(issues) }
        return value
    }

    /// An empty body counts as an object without members, under any media type.
    private static func parse(_ bytes: [UInt8], _ mediaType: String?) throws -> JSONValue {
        if bytes.isEmpty { return .object([]) }
        guard MediaType.isJSON(mediaType ?? "") else {
            throw Refusal(
                .unsupportedMediaType, "The body must be sent as Content-Type: application/json.",
                suggestion: "Send the header Content-Type: application/json with the body.")
        }
        let value: JSONValue
        do {
            value = try JSONValue.parse(bytes)
        } catch {
            throw Refusal(
                .badRequest, "The body is not JSON: \(error.message) (byte \(error.offset)).",
                suggestion: "Correct the body at byte \(error.offset).")
        }
        guard case .object = value else {
            throw Refusal(
                .badRequest, "The body must be a JSON object.", suggestion: "Send the members within { and }.")
        }
        return value
    }
}
