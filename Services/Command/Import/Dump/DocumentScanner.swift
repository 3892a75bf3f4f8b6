import Foundation

/// Finds where documents of JSON begin and end, without understanding them.
///
/// A document that breaks off takes no other along: it ends where a later line begins with `{` as far to the left as it did
/// itself. What is within a document never stands there, in lines as in lists that are indented.
struct DocumentScanner {
    private let bytes: Data
    /// No document is longer.
    private let largest: Int
    private var position: Int
    private var line = 1
    private var lineStart: Int

    init(_ bytes: Data, largest: Int) {
        (self.bytes, self.largest) = (bytes, largest)
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        position = bytes.startIndex + (hasMark ? 3 : 0)
        lineStart = position
    }

    /// The next document. Text that is not a document is taken to the line's end.
    mutating func next() -> (line: Int, range: Range<Int>)? {
        while position < bytes.endIndex {
            switch bytes[position] {
            case UInt8(ascii: "\n"):
                line += 1
                lineStart = position + 1
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

    /// A place where a document may begin.
    private struct Start {
        let position: Int
        let line: Int
        let lineStart: Int
    }

    private mutating func object() -> Range<Int> {
        let (start, indentation) = (position, position - lineStart)
        var (depth, isInString, isEscaped) = (0, false, false)
        // Where the next document begins if this one breaks off.
        var next: Start?
        while position < bytes.endIndex {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\n") {
                line += 1
                lineStart = position
                // No string goes on in the next line.
                if isInString {
                    if next == nil { return start..<skipToDocument(indentation) }
                    break
                }
                if next == nil, beginsDocument(indentation) {
                    next = Start(position: position, line: line, lineStart: lineStart)
                }
            }
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
            if next != nil, position - start > largest { break }
        }
        guard let next else { return start..<position }
        (position, line, lineStart) = (next.position, next.line, next.lineStart)
        return start..<position
    }

    /// Goes to the next line that begins a document, or to the end.
    private mutating func skipToDocument(_ indentation: Int) -> Int {
        let end = position
        while position < bytes.endIndex, !beginsDocument(indentation) {
            let rest = restOfLine()
            position = min(rest.upperBound + 1, bytes.endIndex)
            line += 1
            lineStart = position
        }
        return end
    }

    /// Whether the line that begins here begins with `{`, no further to the right than so many characters.
    private func beginsDocument(_ indentation: Int) -> Bool {
        let blanks: [UInt8] = [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "["), UInt8(ascii: ",")]
        let rest = bytes[position...].prefix(indentation + 1)
        return rest.first { !blanks.contains($0) } == UInt8(ascii: "{")
    }

    private mutating func restOfLine() -> Range<Int> {
        let start = position
        while position < bytes.endIndex, bytes[position] != UInt8(ascii: "\n") { position += 1 }
        return start..<position
    }
}
