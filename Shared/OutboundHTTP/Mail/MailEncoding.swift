import SharedModels

/// How text that is not plain ASCII travels in a mail.
enum MailEncoding {
    /// Unstructured header text: unchanged when it is short printable ASCII, otherwise as encoded words (RFC 2047).
    static func headerText(_ text: String) -> String {
        isPlain(text) ? text : encodedWords(text)
    }

    /// A display name: quoted when it is printable ASCII, otherwise as encoded words.
    static func phrase(_ text: String) -> String {
        guard isPlain(text) else { return encodedWords(text) }
        return "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }

    /// Quoted-printable (RFC 2045, section 6.7). Each line end of `text` becomes CRLF, and one follows the text.
    static func quotedPrintable(_ text: String) -> [UInt8] {
        var out: [UInt8] = []
        for line in text.replacing("\r\n", with: "\n").split(
            separator: "\n", omittingEmptySubsequences: false)
        {
            appendLine(Array(line.utf8), to: &out)
        }
        return out
    }

    private static func appendLine(_ line: [UInt8], to out: inout [UInt8]) {
        var column = 0
        for (offset, byte) in line.enumerated() {
            let isLastBlank = byte.isBlank && offset == line.count - 1
            let isLiteral = (byte.isVisibleASCII && byte != UInt8(ascii: "=")) || byte.isBlank
            let piece = isLiteral && !isLastBlank ? [byte] : escaped(byte)
            if column + piece.count > 75 {
                out += Array("=\r\n".utf8)
                column = 0
            }
            out += piece
            column += piece.count
        }
        out += [0x0D, 0x0A]
    }

    private static func isPlain(_ text: String) -> Bool {
        text.utf8.count <= 60 && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
            && !text.contains("=?")
    }

    /// Encoded words of at most 75 characters, never cut inside a character, one per line.
    private static func encodedWords(_ text: String) -> String {
        var words: [String] = []
        var word = ""
        for character in text {
            let piece = character.utf8.map(encodedWordByte).joined()
            if word.utf8.count + piece.utf8.count > 60, !word.isEmpty {
                words.append(word)
                word = ""
            }
            word += piece
        }
        words.append(word)
        return words.map { "=?utf-8?Q?\($0)?=" }.joined(separator: "\r\n ")
    }

    private static func encodedWordByte(_ byte: UInt8) -> String {
        if byte == 0x20 { return "_" }
        return String(decoding: byte.isASCIIAlphanumeric ? [byte] : escaped(byte), as: UTF8.self)
    }

    private static func escaped(_ byte: UInt8) -> [UInt8] {
        var text = [UInt8(ascii: "=")]
        Hexadecimal.append(byte, to: &text, .capital)
        return text
    }
}
