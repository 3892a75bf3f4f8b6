import Foundation
import SharedModels

/// A file of one collection: documents as JSON lines or as one array, on one line each or on several.
struct DumpFile: Sendable {
    /// A document, or the reason why it cannot be read.
    struct Part {
        /// Where it begins, counted from 1.
        let line: Int
        let document: Result<JSONValue, JSONSyntaxError>
    }

    let name: String
    private let bytes: Data

    init(_ url: URL) throws {
        self.init(named: url.lastPathComponent, try Data(contentsOf: url, options: .mappedIfSafe))
    }

    init(named name: String, _ bytes: Data) {
        (self.name, self.bytes) = (name, bytes)
    }

    /// Passes every document to `body`, in the file's order. The file is not read into memory as a whole.
    func parts(_ body: (Part) async throws -> Void) async throws {
        var scanner = DocumentScanner(bytes)
        while let (line, range) = scanner.next() {
            try await body(Part(line: line, document: Self.parse(bytes[range])))
        }
    }

    private static func parse(_ bytes: Data) -> Result<JSONValue, JSONSyntaxError> {
        Result { () throws(JSONSyntaxError) in try JSONValue.parse(bytes, maximumDepth: 100) }
    }
}

/// Finds where documents begin and end, without understanding them.
private struct DocumentScanner {
    private let bytes: Data
    private var position: Int
    private var line = 1

    init(_ bytes: Data) {
        self.bytes = bytes
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        position = bytes.startIndex + (hasMark ? 3 : 0)
    }

    /// The next document. Text that is not a document is taken to the end of its line.
    mutating func next() -> (line: Int, range: Range<Int>)? {
        while position < bytes.endIndex {
            switch bytes[position] {
            case UInt8(ascii: "\n"): line += 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "["), UInt8(ascii: "]"),
                UInt8(ascii: ","):
                break
            case UInt8(ascii: "{"): return (line, object())
            default: return (line, restOfLine())
            }
            position += 1
        }
        return nil
    }

    private mutating func object() -> Range<Int> {
        let start = position
        var (depth, isInString, isEscaped) = (0, false, false)
        while position < bytes.endIndex {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\n") { line += 1 }
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { return start..<position }
            default: break
            }
        }
        return start..<position
    }

    private mutating func restOfLine() -> Range<Int> {
        let start = position
        while position < bytes.endIndex, bytes[position] != UInt8(ascii: "\n") { position += 1 }
        return start..<position
    }
}
