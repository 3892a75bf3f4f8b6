import Foundation
import SharedModels

/// Turns the bytes of a request into a checked input.
enum InputReading {
    /// - Throws: 400 for what is not JSON or does not fit the schema, 415 for another media type.
    static func read<Input: Sendable>(
        _ type: Input.Type, schema: Schema?, bytes: [UInt8], mediaType: String?
    ) throws -> Input {
        if type == RawInput.self, let raw = RawInput(bytes: bytes) as? Input { return raw }
        if type == NoInput.self, let none = NoInput() as? Input {
            if !bytes.isEmpty { _ = try check(bytes, mediaType, .object(ObjectSchema(properties: []))) }
            return none
        }
        guard let schema, let model = type as? any Model.Type else { preconditionFailure("\(type) is not a body") }
        // A body whose members are all optional may be left out.
        let text = bytes.isEmpty && mediaType == nil ? Array("{}".utf8) : bytes
        _ = try check(text, bytes.isEmpty ? nil : mediaType ?? "", schema)
        guard let input = try decode(model, text) as? Input else { preconditionFailure("a model decodes to itself") }
        return input
    }

    private static func check(_ bytes: [UInt8], _ mediaType: String?, _ schema: Schema) throws -> JSONValue {
        if let mediaType {
            let essence = mediaType.prefix { $0 != ";" }.lowercased().trimming(" ")
            guard essence == "application/json" || essence.hasSuffix("+json") else {
                throw Refusal(.unsupportedMediaType, "The body must be sent as Content-Type: application/json.")
            }
        }
        let value: JSONValue
        do {
            value = try JSONValue.parse(bytes)
        } catch {
            throw Refusal(.badRequest, "The body is not JSON: \(error.message) (byte \(error.offset)).")
        }
        guard case .object = value else { throw Refusal(.badRequest, "The body must be a JSON object.") }
        let issues = schema.issues(in: value)
        guard issues.isEmpty else { throw Refusal.validation(issues) }
        return value
    }

    private static func decode<M: Model>(_ type: M.Type, _ bytes: [UInt8]) throws -> M {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw Refusal.validation([error.issue])
        }
    }
}

extension DecodingError {
    /// What the schema could not see: a member whose own type refuses the value.
    fileprivate var issue: InputIssue {
        switch self {
        case .dataCorrupted(let context), .keyNotFound(_, let context), .typeMismatch(_, let context),
            .valueNotFound(_, let context):
            InputIssue(
                path: context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: "."),
                message: context.debugDescription)
        @unknown default:
            InputIssue(path: "", message: "is not acceptable")
        }
    }
}
