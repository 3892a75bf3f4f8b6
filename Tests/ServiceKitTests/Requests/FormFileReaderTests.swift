import Foundation
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: a form with one file is read in pieces as it is read whole, wherever it is cut.
@Suite struct FormFileReaderTests {
    private static let head = "Content-Disposition: form-data; name=\"f\"\r\n"

    /// The content, or `nil` when the form is refused.
    private func content(_ pieces: [[UInt8]]) -> [UInt8]? {
        do {
            var reader = FormFileReader(field: "f", try FormBoundary(contentType: "multipart/form-data; boundary=b"))
            var content: [UInt8] = []
            for piece in pieces { content += try reader.take(piece) }
            try reader.finish()
            return reader.hasFile ? content : nil
        } catch {
            return nil
        }
    }

    private func whole(_ text: [UInt8]) -> [UInt8]? {
        let boundary = try? FormBoundary(contentType: "multipart/form-data; boundary=b")
        guard let boundary, let parts = try? MultipartReader(Data(text), boundary).parts() else { return nil }
        return parts.count == 1 && parts[0].name == "f" ? Array(parts[0].content) : nil
    }

    @Test(arguments: [
        "--b\r\n\(head)\r\nhello\r\n--b--", "--b\r\n\(head)\r\n\r\n--b--", "--b\r\n\(head)\r\n--b--",
        "--b\r\n\(head)\r\n\r\n\r\n--b--", "--b\r\n\(head)\r\na\r\n-b\r\n--\r\nb\r\n--b--",
        "--b\r\n\(head)\r\na--b\r\n--b--", "--b \t\r\n\(head)\r\nhello\r\n--b-- \r\n",
        "before\r\n--b\r\n\(head)\r\nhello\r\n--b--\r\nafter", "\r\n--b\r\n\(head)\r\nhello\r\n--b--",
        "before--b\r\n\(head)\r\nhello\r\n--b--", "--b\r\n\(head)X: y\r\n\r\nhello\r\n--b--",
        "--b\r\n\(head)\r\nhello\r\n\r\n--b\r\n--b--", "", "--b", "--b--", "--b\r\n\(head)\r\nhello",
        "--b\r\n\(head)\r\nhello\r\n--b", "--b\r\n\(head)\r\nhello\r\n--b-", "--bx\r\n\(head)\r\nhello\r\n--b--",
        "--b\r\n\(head)\r\nhello\r\n--b\r\n\(head)\r\nhello\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"g\"\r\n\r\nhello\r\n--b--", "--b\r\n\r\nhello\r\n--b--",
    ])
    func `every cut gives what the whole gives`(text: String) {
        let bytes = Array(text.utf8)
        let expected = whole(bytes)
        #expect(content([bytes]) == expected)
        #expect(content(bytes.map { [$0] }) == expected, "byte by byte")
        for cut in 0...bytes.count {
            #expect(content([Array(bytes[..<cut]), Array(bytes[cut...])]) == expected, "cut at \(cut)")
        }
    }

    @Test func `the head of a part is bounded`() {
        let long = "--b\r\n\(Self.head)X: \(String(repeating: "x", count: 9000))\r\n\r\nhello\r\n--b--"
        #expect(content([Array(long.utf8)]) == nil)
        #expect(content(long.utf8.map { [$0] }) == nil)
    }

    @Test func `it keeps no more than a piece, and the time for a large file grows like the file`() throws {
        let sizes = (small: 256 << 10, large: 2 << 20)
        let files = [sizes.small, sizes.large].reduce(into: [Int: [UInt8]]()) { files, size in
            files[size] = (0..<size).map { $0 % 3 == 0 ? UInt8(0x0D) : UInt8(truncatingIfNeeded: $0) }
        }
        let forms = files.mapValues { file in
            let form = Array("--b\r\n\(Self.head)\r\n".utf8) + file + Array("\r\n--b--".utf8)
            return stride(from: 0, to: form.count, by: 16 << 10).map {
                Array(form[$0..<min($0 + 16 << 10, form.count)])
            }
        }
        for (size, file) in files { #expect(content(forms[size] ?? []) == file) }
        #expect(Growth.excess(of: sizes) { size in _ = content(forms[size] ?? []) } == nil)
    }
}
