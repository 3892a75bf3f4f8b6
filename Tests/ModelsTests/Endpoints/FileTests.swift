import SharedModels
import Testing

/// The promise under test: the content decides a file's type.
@Suite struct FileTests {
    @Test(arguments: [
        (FileType.pdf, Array("%PDF-1.7\n".utf8)), (.pdf, Array("%PDF-".utf8)),
        (.jpeg, [0xFF, 0xD8, 0xFF, 0xE0]),
        (.png, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        (.webP, Array("RIFF".utf8) + [0, 1, 2, 3] + Array("WEBPVP8L".utf8)),
    ])
    func `known types are told by their first bytes`(type: FileType, bytes: [UInt8]) {
        #expect(FileType(sniffing: bytes) == type)
        #expect(FileType(sniffing: bytes + [UInt8](repeating: 0, count: 64)) == type)
        #expect(FileType(sniffing: bytes.dropFirst()) == nil)
        #expect(FileType(sniffing: [0x20] + bytes) == nil)
        for length in 0..<min(bytes.count, 3) { #expect(FileType(sniffing: bytes.prefix(length)) == nil) }
    }

    @Test(arguments: [
        "", "hello", "<html>", "PDF-1.7", "%pdf-1.7", "RIFF0000WAVEfmt ", "RIFF0000WEBP",
        "PK\u{3}\u{4}",
        "#!/bin/sh\n", "\u{FEFF}%PDF-1.7", "MZ", "<?xml version=\"1.0\"?><svg/>",
    ])
    func `anything else is of no type`(text: String) {
        #expect(FileType(sniffing: Array(text.utf8)) == nil)
    }

    @Test func `a resume may have 5 MiB, and its form a little more; without a file it is 1 MiB`() {
        #expect(ResumeEndpoints.file.maximum == 5_242_880)
        #expect(Endpoints.resumes.upload.operation.maximumBody == 5_242_880 + 65_536)
        #expect(Endpoints.resumes.remove.operation.maximumBody == 1_048_576)
    }
}
