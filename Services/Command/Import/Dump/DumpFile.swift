import Foundation
import SharedModels

/// A file of one collection: what `mongodump` wrote, packed or not, or documents of JSON, as lines or as one array.
struct DumpFile: Sendable {
    /// A document, or the reason why it cannot be read.
    struct Part {
        /// Where it begins, counted from 1; of BSON, which document of the file it is.
        let line: Int
        let document: Result<JSONValue, Unreadable>
    }

    /// Why a document cannot be read: “is no JSON: …”.
    struct Unreadable: Error {
        let reason: String

        static func bson(_ problem: String) -> Self { Self(reason: "is no BSON: it \(problem)") }
    }

    private enum Content {
        case json(Data)
        case bson(URL)
        case packed(URL)
    }

    /// In bytes, as JSON. MongoDB's documents have up to 16 MiB as BSON.
    static let largest = 64 << 20

    let name: String
    private let content: Content
    private let largest: Int

    /// - Parameters:
    ///   - isBinary: Whether it is BSON.
    ///   - isPacked: Whether it is packed with gzip, as only BSON may be.
    init(_ url: URL, isBinary: Bool, isPacked: Bool) throws {
        (name, largest) = (url.lastPathComponent, Self.largest)
        content =
            switch (isBinary, isPacked) {
            case (true, true): .packed(url)
            case (true, false): .bson(url)
            // On Linux, `mappedIfSafe` reads the whole file into memory.
            case (false, _): .json(try Data(contentsOf: url, options: .alwaysMapped))
            }
    }

    init(named name: String, _ bytes: Data, largest: Int = Self.largest) {
        (self.name, content, self.largest) = (name, .json(bytes), largest)
    }

    /// Passes every document to `body`, in the file's order. The file is not read into memory as a whole.
    func parts(_ body: (Part) async throws -> Void) async throws {
        switch content {
        case .json(let bytes):
            var scanner = DocumentScanner(bytes, largest: largest)
            while let (line, range) = scanner.next() {
                try await body(Part(line: line, document: parse(bytes[range])))
            }
        case .bson(let url):
            let file = try FileHandle(forReadingFrom: url)
            defer { try? file.close() }  // It was only read.
            _ = try await Self.parts(BSONStream { Array(try file.read(upToCount: $0) ?? Data()) }, body)
        case .packed(let url):
            let gzip = try GzipReader(url)
            let read: (count: Int, isWhole: Bool)
            do {
                read = try await Self.parts(BSONStream(gzip.read), body)
            } catch {
                _ = gzip.close(isRead: false)
                throw error
            }
            if let problem = gzip.close(isRead: read.isWhole) {
                try await body(Part(line: read.count + 1, document: .failure(Unreadable(reason: problem))))
            }
        }
    }

    /// - Returns: How many there were, and whether the file was read to its end.
    private static func parts(
        _ stream: BSONStream, _ body: (Part) async throws -> Void
    ) async throws -> (count: Int, isWhole: Bool) {
        var (stream, count) = (stream, 0)
        while let document = try stream.next() {
            count += 1
            try await body(Part(line: count, document: document))
        }
        return (count, !stream.isOver)
    }

    private func parse(_ bytes: Data) -> Result<JSONValue, Unreadable> {
        guard bytes.count <= largest else {
            return .failure(Unreadable(reason: "has \(bytes.count) bytes, and MongoDB has no document so large"))
        }
        do throws(JSONSyntaxError) {
            return .success(try JSONValue.parse(bytes, maximumDepth: 100))
        } catch {
            return .failure(Unreadable(reason: "is no JSON: \(error.message)"))
        }
    }
}
