/// Collects the status line and headers that libcurl hands over line by line.
struct ResponseHead {
    /// More than any server sends; nginx and Hummingbird refuse far less.
    static let maximumBytes = 64 * 1024

    private(set) var status = 0
    private(set) var fields: [(name: String, value: String)] = []
    /// Whether the empty line after the headers of the final answer has come; what follows are
    /// trailers.
    private(set) var isComplete = false
    private var byteCount = 0

    /// - Returns: `false` when the headers are too long.
    mutating func append(_ line: UnsafeRawBufferPointer) -> Bool {
        byteCount += line.count
        guard byteCount <= Self.maximumBytes else { return false }
        if isComplete { return true }
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            status = text.split(separator: " ").dropFirst().first.flatMap { Int($0.prefix(3)) } ?? 0
            fields.removeAll()
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...]
            fields.append((String(text[..<colon]), Self.trimmed(value)))
        } else {
            isComplete = status >= 200  // else an interim answer, which another follows
        }
        return true
    }

    private static func trimmed(_ value: Substring) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
        var rest = value.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return String(rest)
    }
}
