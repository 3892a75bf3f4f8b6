import SharedModels

/// Where the bytes of files are stored. The database records which files exist.
///
/// All throw ``StorageFailure`` when storage cannot be reached or does not work. Every call may be repeated.
protocol FileStorage: Sendable {
    /// Returns once the file would survive a crash.
    func put(_ content: FileContent, as id: FileID, _ type: FileType) async throws
    /// Reads a part of a file.
    ///
    /// - Returns: `nil` when there is no such file.
    func get(_ id: FileID, _ range: Range<Int>) async throws -> [UInt8]?
    /// Also removes the remains of an interrupted ``put(_:as:_:)``.
    ///
    /// - Parameter length: In bytes.
    func remove(_ id: FileID, length: Int) async throws
}

/// What is to be stored.
enum FileContent: Sendable {
    case bytes([UInt8])
    /// Read while it is stored.
    case file(TemporaryFile)

    var length: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .file(let file): file.length
        }
    }

    /// It blocks when the content is a file.
    func read(_ range: Range<Int>) throws(UnreadableFile) -> [UInt8] {
        switch self {
        case .bytes(let bytes): Array(bytes[range])
        case .file(let file): try file.read(range)
        }
    }

    /// The content in pieces of at most `size` bytes.
    func pieces(of size: Int) -> [Range<Int>] {
        stride(from: 0, to: length, by: size).map { $0..<min($0 + size, length) }
    }
}

/// Storage does not work.
struct StorageFailure: Error, Equatable {
    /// For the log.
    let reason: String
}
