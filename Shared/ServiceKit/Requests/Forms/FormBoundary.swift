import SharedModels

/// What separates the parts of a form (RFC 2046, section 5.1.1).
struct FormBoundary: Sendable, Equatable {
    private static let characters = Set(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'()+_,-./:=? ".utf8)

    let text: String

    /// - Parameter contentType: The request's `Content-Type`: `multipart/form-data; boundary=…`.
    /// - Throws: 415 for another type, ``MalformedForm`` unless the boundary has 1 to 70 allowed characters.
    init(contentType: String?) throws {
        guard let contentType, MediaType.essence(of: contentType).isSpelled("multipart/form-data") else {
            throw Refusal(
                .unsupportedMediaType, "The body must be sent as Content-Type: multipart/form-data.",
                suggestion: "Send the file as a form, as curl's option --form does.")
        }
        guard
            let text = HeaderParameters(contentType.utf8)?["boundary"], (1...70).contains(text.utf8.count),
            text.utf8.allSatisfy(Self.characters.contains), text.utf8.last != UInt8(ascii: " ")
        else { throw MalformedForm("its Content-Type names no valid boundary") }
        self.text = text
    }

    /// The refusal of an empty body, which lacks the file under any media type.
    static func missing(_ field: FileField) -> Refusal {
        .validation(field.name, "is required; send it in a form (multipart/form-data)")
    }
}

/// A body that is not a valid form.
struct MalformedForm: Error, Equatable {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

extension MalformedForm: APIError {
    var code: ErrorCode { .badRequest }
    var publicMessage: String { "The form cannot be read: \(reason)." }
}
