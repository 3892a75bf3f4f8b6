import SharedModels

/// Looks whether a file is the video that it says it is: whole, and with what players need. Videos stay as they are.
enum VideoContainer {
    /// No file of ours has more boxes at its top.
    private static let mostBoxes = 10_000

    /// Reads a few bytes at a time. It blocks.
    ///
    /// - Returns: What is wrong with the file, to follow its field's name; `nil` when nothing is.
    static func problem(of file: TemporaryFile, _ type: FileType) throws(UnreadableFile) -> String? {
        let isWhole =
            switch type {
            case .mp4, .quickTime: try hasBoxes(file)
            case .webM: try hasSegment(file)
            case .pdf, .jpeg, .png, .webP, .gif: false
            }
        return isWhole ? nil : "is not a whole \(type.title) video"
    }

    /// ISO/IEC 14496-12, section 4.2: boxes one after another up to the end of the file, `moov` among them.
    private static func hasBoxes(_ file: TemporaryFile) throws(UnreadableFile) -> Bool {
        var (position, hasMovie, hasMedia) = (0, false, false)
        for _ in 0..<mostBoxes {
            let rest = file.length - position
            guard rest >= 8 else { return rest == 0 && hasMovie && hasMedia }
            let head = try file.read(position..<position + min(16, rest))
            var (size, least) = (head[..<4].number, 8)
            if size == 1 {
                guard head.count == 16 else { return false }
                (size, least) = (head[8...].number, 16)
            } else if size == 0 {
                size = UInt64(rest)
            }
            guard size >= least, size <= rest else { return false }
            let name = head[4..<8]
            hasMovie = hasMovie || name.elementsEqual("moov".utf8)
            hasMedia = hasMedia || name.elementsEqual("mdat".utf8)
            position += Int(size)
        }
        return false
    }

    /// RFC 8794, section 11, and RFC 9559, section 4: the head of EBML, then the segment.
    private static func hasSegment(_ file: TemporaryFile) throws(UnreadableFile) -> Bool {
        let head = try file.read(0..<min(file.length, 4096))
        guard let (size, start) = head.elementSize(at: 4), size <= head.count - start else { return false }
        let next = start + size
        guard head.count > next + 4, head[next..<next + 4].elementsEqual([0x18, 0x53, 0x80, 0x67]),
            let (length, content) = head.elementSize(at: next + 4)
        else { return false }
        return content < file.length && (length == .max || length <= file.length - content)
    }
}

extension Sequence<UInt8> {
    /// Read as one number, the first byte the highest.
    fileprivate var number: UInt64 { reduce(0) { $0 << 8 | UInt64($1) } }
}

extension [UInt8] {
    /// The length of an element's content, and where that begins. `Int.max` when the length is not known, as of
    /// streams.
    fileprivate func elementSize(at position: Int) -> (size: Int, start: Int)? {
        guard position < count, self[position] != 0 else { return nil }
        let length = self[position].leadingZeroBitCount + 1
        guard position + length <= count else { return nil }
        let mask = UInt64(1) << UInt64(7 * length) - 1
        let value = self[position..<position + length].number & mask
        return (value == mask ? .max : Int(value), position + length)
    }
}
