import Glibc
import SharedModels

/// Writes a mail as RFC 5322 text.
enum MailMessage {
    /// The message with CRLF line ends. Only the text can contain more than four digits in a row, so a one-time code is
    /// the only number of its length.
    ///
    /// - Throws: ``OutboundError/invalidMail(reason:)`` when a part contains a line break or another forbidden
    ///   character.
    static func encode(_ mail: OutboundMail) throws(OutboundError) -> [UInt8] {
        try check(mail)
        var lines = [
            "Date: \(date(mail.date))",
            "From: \(written(mail.from))",
            "To: \(mail.to.map(written).joined(separator: ",\r\n "))",
            "Message-ID: <\(randomLetters(32))@\(domain(of: mail.from))>",
            "Subject: \(MailEncoding.headerText(mail.subject))",
            "MIME-Version: 1.0",
        ]
        lines += mail.headers.map { "\($0.name): \($0.value)" }
        guard let html = mail.html else {
            return Array((lines.joined(separator: "\r\n") + "\r\n").utf8) + part("plain", mail.text)
        }
        // RFC 2046, section 5.1.4: the last part is the richest.
        let boundary = randomLetters(32)
        lines.append("Content-Type: multipart/alternative; boundary=\(boundary)")
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n--\(boundary)\r\n").utf8) + part("plain", mail.text)
            + Array("--\(boundary)\r\n".utf8) + part("html", html) + Array("--\(boundary)--\r\n".utf8)
    }

    /// Headers and content of a text.
    private static func part(_ subtype: String, _ text: String) -> [UInt8] {
        Array(
            "Content-Type: text/\(subtype); charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n".utf8)
            + MailEncoding.quotedPrintable(text)
    }

    private static func check(_ mail: OutboundMail) throws(OutboundError) {
        guard (1...50).contains(mail.to.count) else {
            throw .invalidMail(reason: "1 to 50 recipients are needed")
        }
        for address in [mail.from] + mail.to {
            guard isMailbox(address.mailbox) else {
                throw .invalidMail(reason: "a mail address is not valid")
            }
            guard isOneLine(address.name ?? "") else {
                throw .invalidMail(reason: "a name has a line break in it")
            }
        }
        guard isOneLine(mail.subject), mail.subject.utf8.count <= 2000 else {
            throw .invalidMail(reason: "the subject is longer than a line")
        }
        for (name, value) in mail.headers {
            let isName =
                !name.isEmpty && name.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x3A }
            guard isName, value.utf8.count <= 900,
                value.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
            else {
                throw .invalidMail(reason: "a header is not valid")
            }
        }
    }

    /// `local@domain` in visible ASCII without the characters that need quoting or end an SMTP path.
    private static func isMailbox(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty && text.utf8.count <= 254
            && text.utf8.allSatisfy {
                (0x21...0x7E).contains($0) && !"<>()[]\\,;:\"".utf8.contains($0)
            }
    }

    private static func isOneLine(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy {
            $0.value >= 0x20 && $0.value != 0x7F && $0.value != 0x2028 && $0.value != 0x2029
        }
    }

    private static func written(_ address: OutboundMail.Address) -> String {
        guard let name = address.name, !name.isEmpty else { return "<\(address.mailbox)>" }
        return "\(MailEncoding.phrase(name)) <\(address.mailbox)>"
    }

    private static func domain(of address: OutboundMail.Address) -> Substring {
        address.mailbox.split(separator: "@").last ?? "localhost"
    }

    /// RFC 5322, section 3.3, in UTC.
    private static func date(_ moment: Timestamp) -> String {
        var seconds = time_t(moment.seconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 64)
        let length = strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S +0000", &parts)
        return String(decoding: text.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func randomLetters(_ count: Int) -> String {
        String((0..<count).compactMap { _ in "abcdefghijklmnopqrstuvwxyz".randomElement() })
    }
}
