import Foundation
import Glibc
import SharedModels

/// Takes a form with one file apart while it comes. It keeps no more than one piece, and is as strict as
/// ``MultipartReader``.
struct FormFileReader {
    private enum State {
        /// Before the first boundary.
        case beginning
        /// Behind a boundary.
        case boundary
        case head
        /// - Parameter lead: How many bytes of the rest belong to the part's head.
        case content(lead: Int)
        case end
    }

    /// The media type that was sent with the file, without parameters.
    private(set) var mediaType: String?
    /// Whether the file's part has begun.
    private(set) var hasFile = false

    private let field: String
    private let delimiter: [UInt8]
    private var state = State.beginning
    /// It begins with a line break, so that the form may begin with its boundary.
    private var rest: [UInt8] = [0x0D, 0x0A]

    init(field: String, _ boundary: FormBoundary) {
        self.field = field
        delimiter = Array("\r\n--\(boundary.text)".utf8)
    }

    /// - Returns: What of the file has come with these bytes.
    /// - Throws: ``MalformedForm``, and 400 for another field or a second file.
    mutating func take(_ bytes: [UInt8]) throws -> [UInt8] {
        if case .end = state { return [] }
        rest += bytes
        var content: [UInt8] = []
        while try step(&content) {}
        return content
    }

    /// - Throws: ``MalformedForm`` unless the last boundary has come.
    func finish() throws(MalformedForm) {
        switch state {
        case .end: return
        case .beginning: throw MalformedForm("its boundary is not in it")
        case .boundary, .head, .content: throw MalformedForm("its last boundary is missing")
        }
    }

    /// - Returns: `false` when more bytes are needed.
    private mutating func step(_ content: inout [UInt8]) throws -> Bool {
        switch state {
        case .beginning: return takeBeginning()
        case .boundary: return try takeBoundary()
        case .head: return try takeHead()
        case .content(let lead): return takeContent(after: lead, &content)
        case .end:
            rest = []
            return false
        }
    }

    /// Text before the first boundary means nothing.
    private mutating func takeBeginning() -> Bool {
        guard let found = rest.position(of: delimiter) else {
            // The end of what is there may be the beginning of the boundary.
            if rest.count >= delimiter.count { rest.removeFirst(rest.count - (delimiter.count - 1)) }
            return false
        }
        rest.removeFirst(found + delimiter.count)
        state = .boundary
        return true
    }

    private mutating func takeBoundary() throws -> Bool {
        if rest.starts(with: "--".utf8) {
            state = .end
            return true
        }
        let line = rest.prefix(MultipartReader.maximumHead).drop { $0 == 0x20 || $0 == 0x09 }
        if line.starts(with: "\r\n".utf8) {
            rest.removeFirst(line.startIndex + 2)
            state = .head
            return true
        }
        let mayFollow = line.isEmpty || line.elementsEqual([0x0D]) || rest.elementsEqual("-".utf8)
        guard mayFollow, rest.count < MultipartReader.maximumHead else {
            throw MalformedForm("a boundary does not end its line")
        }
        return false
    }

    private mutating func takeHead() throws -> Bool {
        let window = Array(rest.prefix(MultipartReader.maximumHead))
        guard let end = window.position(of: Array("\r\n\r\n".utf8)) else {
            guard rest.count < MultipartReader.maximumHead else {
                throw MalformedForm(
                    "the head of a part does not end, or is longer than \(MultipartReader.maximumHead) bytes")
            }
            return false
        }
        let part = try PartHead(Data(window[..<end]))
        guard part.name.isSpelled(field) else { throw Refusal.validation([.unknown(part.name, known: [field])]) }
        guard !hasFile else { throw Refusal.validation(field, "must be there once") }
        (hasFile, mediaType) = (true, part.mediaType)
        // An empty part may end with the same line break that ends its head.
        rest.removeFirst(end + 2)
        state = .content(lead: 2)
        return true
    }

    private mutating func takeContent(after lead: Int, _ content: inout [UInt8]) -> Bool {
        if let found = rest.position(of: delimiter) {
            if found > lead { content += rest[lead..<found] }
            rest.removeFirst(found + delimiter.count)
            state = .boundary
            return true
        }
        // The end of what is there may be the beginning of the boundary.
        let certain = rest.count - (delimiter.count - 1)
        guard certain > lead else { return false }
        content += rest[lead..<certain]
        rest.removeFirst(certain)
        state = .content(lead: 0)
        return false
    }
}

extension [UInt8] {
    /// Where `text` begins for the first time. It begins with a line break, so line breaks are looked for.
    fileprivate func position(of text: [UInt8]) -> Int? {
        withUnsafeBytes { all -> Int? in
            text.withUnsafeBytes { sought -> Int? in
                guard let start = all.baseAddress, let wanted = sought.baseAddress else { return nil }
                var position = 0
                while position + sought.count <= all.count {
                    let last = all.count - sought.count + 1
                    guard let found = memchr(start + position, Int32(text[0]), last - position) else { return nil }
                    position = UnsafeRawPointer(found) - start
                    if memcmp(start + position, wanted, sought.count) == 0 { return position }
                    position += 1
                }
                return nil
            }
        }
    }
}
