import Foundation
import HTTPTypes
import OutboundHTTP
import SharedModels

/// A form of a page with at most one file, which is passed on while it comes. What was typed stands before the file, as
/// browsers send the fields in the order in which the page has them.
package struct ComingForm: Sendable {
    /// What was typed besides the file, in bytes.
    package static let mostTyped = 128 << 10
    /// Whether a form has all of its fields is looked at after so many bytes, as every look begins at its start.
    private static let look = 8 << 10

    /// The file's part and what follows it, exactly as it comes: a form, which its receiver has to check.
    package struct File: Sendable {
        /// The form's field.
        package let name: String
        /// `multipart/form-data` with the boundary.
        package let contentType: String
        package let body: OutboundBody
    }

    package let fields: [(name: String, value: String)]
    /// `nil` when none was chosen.
    package let file: File?

    /// Reads what stands before the file.
    ///
    /// - Parameter limit: How long the body may be, in bytes.
    /// - Throws: ``MalformedForm``, ``BodyFailure``, 415 for another media type.
    init(_ request: IncomingRequest, atMost limit: Int) async throws {
        let contentType = request.headers[.contentType]
        let boundary = try FormBoundary(contentType: contentType)
        guard let length = request.headers[.contentLength].flatMap({ Int($0) }) else {
            throw MalformedForm("it does not say how long it is")
        }
        guard length <= limit else { throw BodyFailure.tooLarge }
        let source = BodySource(request.body, limit: limit)
        var (begun, looked) = (Data(), 0)
        while true {
            let piece = try await source.next()
            begun += piece ?? []
            let isWhole = piece == nil || begun.count == length
            if !isWhole, begun.count - looked < Self.look { continue }
            looked = begun.count
            if let found = try FormBeginning(begun, boundary, isWhole: isWhole) {
                let rest = Array(begun[found.end...])
                fields = found.fields
                file = found.file.map { name in
                    File(
                        name: name, contentType: contentType ?? "",
                        body: source.body(after: rest, length: length - found.end))
                }
                return
            }
            guard !isWhole else { throw MalformedForm("its last boundary is missing") }
            guard begun.count <= Self.mostTyped else { throw BodyFailure.tooLarge }
        }
    }
}

/// The fields of a form up to its file.
private struct FormBeginning {
    private(set) var fields: [(name: String, value: String)] = []
    /// The field of the file.
    private(set) var file: String?
    /// Where the boundary before the file begins, or the form ends.
    private(set) var end = 0

    /// - Returns: `nil` when more of the form is needed.
    init?(_ form: Data, _ boundary: FormBoundary, isWhole: Bool) throws {
        let mark = Data("--\(boundary.text)".utf8)
        guard form.starts(with: mark) else {
            guard form.count < mark.count, !isWhole else { throw MalformedForm("it does not begin with its boundary") }
            return nil
        }
        while true {
            let line = form[(end + mark.count)...]
            if line.starts(with: "--".utf8) { return }
            guard let head = line.range(of: Data("\r\n\r\n".utf8)) else {
                guard line.count <= MultipartReader.maximumHead else {
                    throw MalformedForm("the head of a part is too long")
                }
                return nil
            }
            guard line.starts(with: "\r\n".utf8) else { throw MalformedForm("a boundary does not end its line") }
            let part = try PartHead(Data(line[(line.startIndex + 2)..<max(line.startIndex + 2, head.lowerBound)]))
            if let fileName = part.fileName {
                if !fileName.isEmpty { file = part.name }
                return
            }
            guard fields.count < MultipartReader.maximumParts else { throw MalformedForm("it has too many parts") }
            // An empty part may end with the same line break that ends its head.
            guard let next = form.range(of: Data("\r\n".utf8) + mark, in: (head.upperBound - 2)..<form.endIndex) else {
                return nil
            }
            let content = form[head.upperBound..<max(head.upperBound, next.lowerBound)]
            guard let text = String(validating: content, as: UTF8.self) else {
                throw MalformedForm("a text is not UTF-8")
            }
            fields.append((part.name, text))
            end = next.lowerBound + 2
        }
    }
}

/// The rest of a body, for one task at a time.
private struct BodySource: Sendable {
    private let content: IncomingBody
    private let limit: Int
    private let isRead = LockedFlag()

    init(_ content: IncomingBody, limit: Int) { (self.content, self.limit) = (content, limit) }

    func next() async throws -> [UInt8]? {
        switch content {
        case .failed(let failure): throw failure
        case .whole(let bytes): return isRead.set() ? nil : bytes
        case .coming(let connection):
            let piece = try await connection.piece(atMost: limit)
            return piece.isEmpty ? nil : piece
        }
    }

    func body(after beginning: [UInt8], length: Int) -> OutboundBody {
        let hasBegun = LockedFlag()
        return OutboundBody(length: length) { hasBegun.set() ? try await next() : beginning }
    }
}
