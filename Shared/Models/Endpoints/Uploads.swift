#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A body of `multipart/form-data` with one part: the file that the endpoint declares, which may be too large for
/// memory.
public struct UploadInput: Sendable {
    /// Determined from the content, never from the file's name or the type that was sent with it.
    public let type: FileType
    public let file: TemporaryFile

    public init(type: FileType, file: TemporaryFile) {
        self.type = type
        self.file = file
    }
}

/// An open file without a name. It is gone once nobody holds it any more, or the process ends.
public final class TemporaryFile: Sendable {
    public let descriptor: Int32
    /// In bytes.
    public let length: Int
    /// SHA-256 of the content.
    public let digest: [UInt8]

    /// Takes over `descriptor`.
    public init(descriptor: Int32, length: Int, digest: [UInt8]) {
        self.descriptor = descriptor
        self.length = length
        self.digest = digest
    }

    deinit { close(descriptor) }

    /// Reads a part of the file. It blocks.
    ///
    /// - Throws: ``UnreadableFile`` when the file does not have all of it.
    public func read(_ range: Range<Int>) throws(UnreadableFile) -> [UInt8] {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, initialized in
            while count < range.count, let base = buffer.baseAddress {
                let step = pread(descriptor, base + count, range.count - count, off_t(range.lowerBound + count))
                if step < 0, errno == EINTR { continue }
                guard step > 0 else { break }
                count += step
            }
            initialized = count
        }
        guard count == range.count else { throw UnreadableFile() }
        return bytes
    }
}

/// A temporary file does not have what was written to it.
public struct UnreadableFile: Error {
    public init() {}
}

/// The answer is a file that is shown where it is used, such as an image in a page. It is sent as it is read, and parts
/// of it can be asked for with `Range`.
public struct StreamedOutput: Sendable {
    public let type: FileType
    /// What it is saved as, without the extension: letters, digits and hyphens.
    public let name: String
    /// In bytes.
    public let length: Int
    /// Reads a part.
    public let read: @Sendable (Range<Int>) async throws -> [UInt8]

    public init(
        type: FileType, name: String, length: Int, read: @escaping @Sendable (Range<Int>) async throws -> [UInt8]
    ) {
        self.type = type
        self.name = name
        self.length = length
        self.read = read
    }
}
