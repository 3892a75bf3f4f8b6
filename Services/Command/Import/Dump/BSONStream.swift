import SharedModels

/// Takes the documents of a file of `mongodump` one after the other, and holds no more than one of them.
struct BSONStream {
    /// What MongoDB lets a document have, and what it adds to that itself.
    static let largest = 16 << 20 + 16 << 10

    /// Up to that many bytes that follow; none at the end.
    private let more: (Int) throws -> [UInt8]
    private var buffer: [UInt8] = []
    private var position = 0
    /// Whether something follows that cannot be read.
    private(set) var isOver = false

    init(_ more: @escaping (Int) throws -> [UInt8]) {
        self.more = more
    }

    /// - Returns: `nil` at the end. After a document whose length cannot be believed nothing follows.
    mutating func next() throws -> Result<JSONValue, DumpFile.Unreadable>? {
        guard !isOver, try fill(1) else { return nil }
        guard try fill(4) else { return end("breaks off in its length") }
        let length = Int(
            buffer[position..<position + 4].enumerated().reduce(UInt32(0)) {
                $0 | UInt32($1.element) << (8 * $1.offset)
            })
        guard length >= BSONParser.smallest, length <= Int(Int32.max) else {
            return end("says that it has \(length) bytes")
        }
        guard length <= Self.largest else {
            return try skip(length)
                ? .failure(.bson("has \(length) bytes, and MongoDB has none so large")) : end("breaks off")
        }
        guard try fill(length) else { return end("says that it has \(length) bytes, and breaks off") }
        let document = Array(buffer[position..<position + length])
        position += length
        guard document.last == 0 else { return end("does not end where it says") }
        do throws(BSONParser.Problem) {
            return .success(try BSONParser.parse(document))
        } catch {
            return .failure(.bson(error.reason))
        }
    }

    private mutating func end(_ reason: String) -> Result<JSONValue, DumpFile.Unreadable> {
        isOver = true
        return .failure(.bson("\(reason); what follows cannot be read"))
    }

    /// Sees to it that `count` bytes are in the buffer.
    ///
    /// - Returns: Whether there are so many.
    private mutating func fill(_ count: Int) throws -> Bool {
        guard buffer.count - position < count else { return true }
        buffer.removeFirst(position)
        position = 0
        while buffer.count < count {
            let part = try more(max(count - buffer.count, 1 << 18))
            guard !part.isEmpty else { return false }
            buffer += part
        }
        return true
    }

    private mutating func skip(_ count: Int) throws -> Bool {
        var rest = count - (buffer.count - position)
        guard rest > 0 else {
            position += count
            return true
        }
        (buffer, position) = ([], 0)
        while rest > 0 {
            let part = try more(min(rest, 1 << 20))
            guard !part.isEmpty else { return false }
            rest -= part.count
        }
        return true
    }
}
