/// Collects the status line and headers that libcurl hands over line by line.
struct ResponseHead {
    /// More than any server sends; nginx and our services refuse far less.
    static let maximumBytes = 64 * 1024

    private(set) var status = 0
    private(set) var fields: [(name: String, value: String)] = []
    /// Whether the empty line after the final answer's headers has arrived. Later lines are trailers.
    private(set) var isComplete = false
    private var byteCount = 0

    /// - Returns: `false` when the headers are too long.
    mutating func append(_ line: UnsafeRawBufferPointer) -> Bool {
        byteCount += line.count
        guard byteCount <= Self.maximumBytes else { return false }
        if isComplete { return true }
        if line.starts(with: "HTTP/".utf8) {
            let code = line.split(separator: UInt8(ascii: " ")).dropFirst().first?.prefix(3)
            status = code.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
            fields.removeAll()
        } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            fields.append((String(decoding: line[..<colon], as: UTF8.self), Self.trimmed(line[colon...].dropFirst())))
        } else {
            isComplete = status >= 200  // else an interim answer, which another follows
        }
        return true
    }

    /// Without surrounding white space and without the line end.
    private static func trimmed(_ value: Slice<UnsafeRawBufferPointer>) -> String {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
        var rest = value.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest = rest.dropLast() }
        return String(decoding: rest, as: UTF8.self)
    }
}
