import SharedModels
import Testing

/// The promise under test: the content decides a file's type, not its name.
@Suite struct FileTypeTests {
    private static let webP = Array("RIFF".utf8) + [0x24, 0, 0, 0] + Array("WEBPVP8 ".utf8)

    /// The head of a file of EBML.
    private static func ebml(_ type: String) -> [UInt8] {
        [0x1A, 0x45, 0xDF, 0xA3, 0x9F, 0x42, 0x86, 0x81, 1, 0x42, 0x82, 0x80 | UInt8(type.utf8.count)]
            + Array(type.utf8)
    }

    @Test(
        arguments: [
            (Array("%PDF-1.7\n".utf8), .pdf), ([0xFF, 0xD8, 0xFF, 0xE0, 0], .jpeg),
            ([0xFF, 0xD8, 0xFF], .jpeg),
            ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0], .png), (webP, .webP),
            (Array("GIF87a".utf8), .gif), (Array("GIF89a".utf8), .gif),
            ([0, 0, 0, 32] + Array("ftypisom".utf8), .mp4), ([0, 0, 0, 20] + Array("ftypqt  ".utf8), .quickTime),
            ([0, 0, 0, 8] + Array("wide".utf8), .quickTime), ([0, 1, 0, 0] + Array("moov".utf8), .quickTime),
            (ebml("webm"), .webM),
        ] as [([UInt8], FileType)])
    func `the first bytes tell the type`(bytes: [UInt8], type: FileType) {
        #expect(FileType(sniffing: bytes) == type)
        #expect(FileType(sniffing: [0, 0] + bytes) == nil)
        #expect(FileType(sniffing: ([0] + bytes)[1...]) == type)
    }

    @Test(
        arguments: [
            [], Array("%PDF".utf8), Array(" %PDF-1.7".utf8), Array("%pdf-1.7".utf8),
            Array("<html>%PDF-1.7".utf8),
            [0xFF, 0xD8], [0x89, 0x50, 0x4E, 0x47, 0x0A, 0x1A, 0x0A], Array("RIFF0000WAVEfmt ".utf8),
            Array("RIFF0000WEBP".utf8), Array("GIF88a".utf8), ebml("matroska"), Array("0000ftyx".utf8),
            Array("PK\u{3}\u{4}".utf8), Array("<svg>".utf8),
            Array("#!/bin/sh".utf8), [0xEF, 0xBB, 0xBF] + Array("%PDF-1.7".utf8),
        ] as [[UInt8]])
    func `what begins like none of them has none of the types`(bytes: [UInt8]) {
        #expect(FileType(sniffing: bytes) == nil)
    }

    @Test func `each type has its own name, ending and media type`() {
        #expect(Set(FileType.allCases.map(\.rawValue)).count == FileType.allCases.count)
        #expect(Set(FileType.allCases.map(\.fileExtension)).count == FileType.allCases.count)
        #expect(Set(FileType.allCases.map(\.title)).count == FileType.allCases.count)
    }

    @Test func `an endpoint for a file says which, and how large it may be`() {
        for operation in Catalogue.all {
            guard let file = operation.file else {
                let largest =
                    switch operation.line {
                    // An event of any legal size is taken.
                    case "POST /internal/events": 8 << 20
                    // Batches of a whole installation, from its operator.
                    case let line where line.hasPrefix("POST /internal/import/"): 16 << 20
                    // From mail programs, which send one short form.
                    case "POST /api/notifications/unsubscribe": 4096
                    default: 1 << 20
                    }
                #expect(operation.maximumBody == largest, "\(operation.line)")
                continue
            }
            #expect(!file.types.isEmpty && !file.name.isEmpty, "\(operation.line)")
            #expect(operation.maximumBody > file.maximum, "\(operation.line)")
            // What the gateway lets through.
            let most = operation.id == "media.upload" ? 101 << 20 : 11 << 20
            #expect(operation.maximumBody <= most, "\(operation.line)")
        }
    }
}
