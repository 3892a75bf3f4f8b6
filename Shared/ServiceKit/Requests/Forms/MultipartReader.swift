import Foundation
import SharedModels

/// Splits a body of `multipart/form-data` into its parts (RFC 7578; RFC 2046, section 5.1).
///
/// It looks at each byte a bounded number of times, for every boundary. Input that readers interpret differently is
/// refused.
struct MultipartReader {
    struct Part: Sendable, Equatable {
        /// The form's field.
        let name: String
        /// The media type as it was sent, without parameters.
        let mediaType: String?
        /// Part of the body, not a copy.
        let content: Data
    }

    /// None of our forms has more fields.
    static let maximumParts = 16
    /// The maximum size of one part's head, in bytes: enough for a field's name and a file's name, with room.
    static let maximumHead = 8 << 10

    private let body: Data
    private let delimiter: Data

    init(_ body: Data, _ boundary: FormBoundary) {
        self.body = body
        delimiter = Data("\r\n--\(boundary.text)".utf8)
    }

    /// - Throws: ``MalformedForm``
    func parts() throws(MalformedForm) -> [Part] {
        var position = try firstDelimiter()
        var parts: [Part] = []
        while !isEnd(position) {
            guard parts.count < Self.maximumParts else { throw MalformedForm("it has too many parts") }
            let start = try endOfLine(position)
            let head = try head(at: start)
            // An empty part may end with the same line break that ends its head.
            guard let end = body.range(of: delimiter, in: head.end - 2..<body.endIndex) else {
                throw MalformedForm("its last boundary is missing")
            }
            let content = body[head.end..<max(head.end, end.lowerBound)]
            parts.append(Part(name: head.part.name, mediaType: head.part.mediaType, content: content))
            position = end.upperBound
        }
        return parts
    }

    /// The position after the first boundary. Text before it means nothing.
    private func firstDelimiter() throws(MalformedForm) -> Int {
        let dashes = delimiter.dropFirst(2)
        if body.starts(with: dashes) { return body.startIndex + dashes.count }
        guard let found = body.range(of: delimiter) else { throw MalformedForm("its boundary is not in it") }
        return found.upperBound
    }

    /// Whether the boundary before `position` is the last. Text after it means nothing.
    private func isEnd(_ position: Int) -> Bool { body[position...].starts(with: "--".utf8) }

    /// The position after a boundary's line, which may end with white space.
    private func endOfLine(_ position: Int) throws(MalformedForm) -> Int {
        let line = body[position...].prefix(Self.maximumHead).drop { $0 == 0x20 || $0 == 0x09 }
        guard line.starts(with: "\r\n".utf8) else { throw MalformedForm("a boundary does not end its line") }
        return line.startIndex + 2
    }

    private func head(at start: Int) throws(MalformedForm) -> (part: PartHead, end: Int) {
        let window = start..<min(body.endIndex, start + Self.maximumHead)
        guard let end = body.range(of: Data("\r\n\r\n".utf8), in: window) else {
            throw MalformedForm(
                "the head of a part does not end, or is longer than \(Self.maximumHead) bytes")
        }
        return (try PartHead(body[start..<end.lowerBound]), end.upperBound)
    }
}

/// The headers of one part.
struct PartHead {
    let name: String
    let mediaType: String?
    /// The name of the file that it is. It is empty when nobody has chosen one in the browser.
    let fileName: String?

    init(_ bytes: Data) throws(MalformedForm) {
        var disposition: ArraySlice<UInt8>?
        var mediaType: String?
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let line = rest[..<(rest.firstRange(of: "\r\n".utf8)?.lowerBound ?? rest.endIndex)]
            rest = rest[line.endIndex...].dropFirst(2)
            let (name, value) = try Self.field(line)
            if name.equalsIgnoringCase("content-disposition") {
                guard disposition == nil else { throw MalformedForm("a part has two Content-Dispositions") }
                disposition = value
            } else if name.equalsIgnoringCase("content-transfer-encoding") {
                guard ["binary", "8bit", "7bit"].contains(where: value.headerToken().isSpelled) else {
                    throw MalformedForm("a part is encoded for mail; send its bytes as they are")
                }
            } else if name.equalsIgnoringCase("content-type") {
                mediaType = HeaderParameters(value)?.value
            }
        }
        guard
            let disposition, let parameters = HeaderParameters(disposition), parameters.value.isSpelled("form-data"),
            let name = parameters["name"], !name.isEmpty
        else { throw MalformedForm("a part does not say which field it is (Content-Disposition)") }
        self.name = name
        self.mediaType = mediaType
        fileName = parameters["filename"]
    }

    private static func field(
        _ line: ArraySlice<UInt8>
    ) throws(MalformedForm) -> (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>) {
        let isPrintable = line.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }
        let name = line.prefix { $0 != UInt8(ascii: ":") }
        guard isPrintable, !name.isEmpty, name.endIndex < line.endIndex, !name.contains(0x20), !name.contains(0x09)
        else { throw MalformedForm("a part has an invalid header") }
        return (name, line[name.endIndex...].dropFirst())
    }
}
