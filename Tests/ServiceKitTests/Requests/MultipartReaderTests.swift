import Foundation
import SharedModels
import Testing

@testable import ServiceKit

/// The promise under test: a form is read as it is meant (RFC 7578, RFC 2046), or refused, and it never takes long.
@Suite struct MultipartReaderTests {
    private static let type = "multipart/form-data; boundary=b"
    private static let head = "Content-Disposition: form-data; name=\"f\"\r\n"

    private func parts(_ text: String, as type: String = type) throws -> [String: String] {
        let parts = try MultipartReader(Data(text.utf8), FormBoundary(contentType: type)).parts()
        return Dictionary(
            uniqueKeysWithValues: parts.map { ($0.name, String(decoding: $0.content, as: UTF8.self)) })
    }

    @Test(arguments: [
        ("--b\r\n\(head)\r\nhello\r\n--b--", "hello"),
        ("--b\r\n\(head)\r\nhello\r\n--b--\r\n", "hello"),
        ("--b\r\n\(head)\r\n\r\n--b--", ""),
        ("--b\r\n\(head)\r\n--b--", ""),
        ("--b\r\n\(head)\r\n\r\n\r\n--b--", "\r\n"),
        ("--b\r\n\(head)\r\na\r\n-b\r\n--\r\nb\r\n--b--", "a\r\n-b\r\n--\r\nb"),
        ("--b\r\n\(head)\r\na--b\r\n--b--", "a--b"),
        ("--b\r\n\(head)\r\na\n--b\n\r\n--b--", "a\n--b\n"),
        ("--b \t\r\n\(head)\r\nhello\r\n--b-- \r\n", "hello"),
        (
            "what comes first means nothing\r\n--b\r\n\(head)\r\nhello\r\n--b--\r\nnor what comes last",
            "hello"
        ),
        ("\r\n--b\r\n\(head)\r\nhello\r\n--b--", "hello"),
        (
            "--b\r\nContent-Type: image/png\r\ncontent-disposition:form-data;filename=x;name=f\r\n\r\nhello\r\n--b--",
            "hello"
        ),
        ("--b\r\n\(head)X:\r\nContent-Transfer-Encoding: binary\r\n\r\nhello\r\n--b--", "hello"),
    ])
    func `a part's content is what lies between its head and the next boundary`(text: String, content: String)
        throws
    {
        #expect(try parts(text) == ["f": content])
    }

    @Test func `parts come in their order, each with its name`() throws {
        let text =
            "--b\r\n\(Self.head)\r\n1\r\n--b\r\nContent-Disposition: form-data; name=g\r\n\r\n2\r\n--b--"
        let read = try MultipartReader(Data(text.utf8), FormBoundary(contentType: Self.type)).parts()
        #expect(read.map(\.name) == ["f", "g"])
        #expect(read.map { Array($0.content) } == [Array("1".utf8), Array("2".utf8)])
        #expect(try parts("--b--").isEmpty)
    }

    @Test(arguments: [
        ("multipart/form-data; boundary=\"a b\"", "a b"), ("Multipart/Form-Data;BOUNDARY=x", "x"),
        (
            "multipart/form-data; charset=utf-8; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW;",
            "----WebKitFormBoundary7MA4YWxkTrZu0gW"
        ),
        ("multipart/form-data; boundary=\"a\\'b\"", "a'b"), ("multipart/form-data; boundary=--", "--"),
        (
            "multipart/form-data; boundary=\(String(repeating: "x", count: 70))",
            String(repeating: "x", count: 70)
        ),
    ])
    func `a boundary may be whatever the standard allows`(type: String, boundary: String) throws {
        let text = "--\(boundary)\r\n\(Self.head)\r\nhello\r\n--\(boundary)--"
        #expect(try parts(text, as: type) == ["f": "hello"])
    }

    @Test(arguments: [
        "multipart/form-data", "multipart/form-data;", "multipart/form-data; boundary",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"\"", "multipart/form-data; boundary=\"a",
        "multipart/form-data; boundary=\"a \"",
        "multipart/form-data; boundary=a; boundary=b", "multipart/form-data; boundary=ä",
        "multipart/form-data; boundary=a b",
        "multipart/form-data; boundary=\"a\\", "multipart/form-data; boundary=\"a\r\n\"",
        "multipart/form-data; boundary=a\u{0}",
        "multipart/form-data; boundary=\(String(repeating: "x", count: 71))",
        "multipart/form-data; =a; boundary",
    ])
    func `any other is refused`(type: String) {
        #expect(throws: MalformedForm.self) { try parts("--a\r\n\(Self.head)\r\nhello\r\n--a--", as: type) }
    }

    @Test(arguments: [
        "", "hello", "--", "--b", "--b\r\n", "--b\n\(head)\nhello\n--b--", "--b\r\n\(head)\r\nhello",
        "--b\r\n\(head)",
        "--b\r\n\(head)\r\nhello\r\n--b", "--b\r\n\(head)\r\nhello\r\n--b\r\n",
        "--b\r\n\(head)\r\nhello\r\n--bb--",
        "--b-\r\n\(head)\r\nhello\r\n--b--", "--bx\r\n\(head)\r\nhello\r\n--b--", "--b\r\n\r\nhello\r\n--b--",
        "--b\r\nhello\r\n--b--", "--b\r\nContent-Disposition: form-data\r\n\r\nhello\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"\"\r\n\r\nhello\r\n--b--",
        "--b\r\nContent-Disposition: attachment; name=f\r\n\r\nhello\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=f; name=g\r\n\r\nhello\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"f\r\n\r\nhello\r\n--b--",
        "--b\r\n\(head)\(head)\r\nhello\r\n--b--", "--b\r\n\(head)X: \u{0}\r\n\r\nhello\r\n--b--",
        "--b\r\n\(head)X\u{0}: a\r\n\r\nhello\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"f\u{0}\"\r\n\r\nhello\r\n--b--",
        "--b\r\n\(head)X: a\nY: b\r\n\r\nhello\r\n--b--", "--b\r\n\(head) folded: x\r\n\r\nhello\r\n--b--",
        "--b\r\n\(head)X : a\r\n\r\nhello\r\n--b--", "--b\r\n\(head): a\r\n\r\nhello\r\n--b--",
        "--b\r\n\(head)X\r\n\r\nhello\r\n--b--",
        "--b\r\n\(head)Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--b--",
        "--b\r\n\(head)\r\nhello\r\n--b\r\n\(head)\r\nhello",
    ])
    func `what is broken, cut off or ambiguous is refused`(text: String) {
        #expect(throws: MalformedForm.self) { try parts(text) }
    }

    @Test func `a head that is too long is refused, and so are too many parts`() {
        let long = "X: \(String(repeating: "a", count: MultipartReader.maximumHead))\r\n"
        #expect(throws: MalformedForm.self) { try parts("--b\r\n\(Self.head)\(long)\r\nhello\r\n--b--") }
        let many = (0...MultipartReader.maximumParts).map {
            "--b\r\nContent-Disposition: form-data; name=f\($0)\r\n\r\n\r\n"
        }
        #expect(throws: MalformedForm.self) { try parts(many.joined() + "--b--") }
    }

    /// Wherever a form is cut off or changed, there is an answer and no crash.
    @Test func `no damage to a form is more than a refusal`() throws {
        let whole = Array("x\r\n--b\r\n\(Self.head)Content-Type: a/b\r\n\r\nhe\r\n-llo\r\n--b--\r\n".utf8)
        let boundary = try FormBoundary(contentType: Self.type)
        for place in whole.indices {
            _ = try? MultipartReader(Data(whole[..<place]), boundary).parts()
            for byte in [0, 0x0A, 0x0D, 0x22, 0x2D, 0x5C, 0xFF] as [UInt8] {
                var damaged = whole
                damaged[place] = byte
                guard let parts = try? MultipartReader(Data(damaged), boundary).parts() else { continue }
                #expect(parts.allSatisfy { $0.content.count <= whole.count })
            }
        }
    }

    /// Almost-boundaries all over a large body. Each byte is looked at a bounded number of times; a reader that took
    /// quadratic time would not end here.
    @Test(arguments: ["\r\n--" + String(repeating: "x", count: 69), "\r\n", "\r\n-", "-", "\r"])
    func `a hostile body of the largest size is read to its end`(pattern: String) throws {
        let boundary = String(repeating: "x", count: 70)
        let filler = [UInt8](Data(pattern.utf8 + Array("y".utf8)))
        var body = Data("--\(boundary)\r\n\(Self.head)\r\n".utf8)
        let start = body.count
        while body.count < 5 << 20 { body.append(contentsOf: filler) }
        let size = body.count - start
        body.append(contentsOf: "\r\n--\(boundary)--".utf8)
        let form = try MultipartReader(
            body, FormBoundary(contentType: "multipart/form-data; boundary=\(boundary)"))
        #expect(try form.parts().map(\.content.count) == [size])
    }
}
