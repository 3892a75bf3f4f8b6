import ServiceKit
import SharedModels

/// A mail is to be sent.
struct SendMail: ScheduledWork {
    static let kind = "auth.mail"

    let id: MailID
    /// Address, subject, text and HTML. They hold codes and links, which a copy of the database must not reveal.
    let sealed: [UInt8]
    let usefulUntil: Timestamp

    var key: String { "\(id)" }

    var payload: JSONValue {
        ["sealed": .string(Base64.encode(sealed)), "useful_until": .string("\(usefulUntil)")]
    }
}

extension SendMail {
    init(key: String, payload: JSONValue) throws {
        id = try UnreadableWork.read(key, "key")
        guard let sealed = payload["sealed"]?.string.flatMap({ Base64.decode($0) }),
            let end = payload["useful_until"]?.string.flatMap({ Timestamp($0) })
        else { throw UnreadableWork("the sealed mail or its end is missing") }
        (self.sealed, usefulUntil) = (sealed, end)
    }

    /// - Parameter id: The mail opens only under this id.
    init(_ mail: Mail, id: MailID, with seal: Seal) throws {
        let content: JSONValue = [
            "address": .string(mail.address), "subject": .string(mail.subject), "text": .string(mail.text),
            "html": mail.html.map { .string($0) } ?? .null,
        ]
        self.init(id: id, sealed: try seal.close(content.bytes, for: "\(id)"), usefulUntil: mail.usefulUntil)
    }

    /// - Throws: ``UnreadableWork`` when it was sealed under another `SERVICE_SECRET`.
    func mail(with seal: Seal) throws(UnreadableWork) -> Mail {
        do {
            let content = try JSONValue.parse(seal.open(sealed, for: key))
            if let address = content["address"]?.string, let subject = content["subject"]?.string,
                let text = content["text"]?.string
            {
                return Mail(
                    address: address, subject: subject, text: text, html: content["html"]?.string,
                    usefulUntil: usefulUntil)
            }
        } catch {
            throw UnreadableWork("the sealed mail cannot be opened: \(error)")
        }
        throw UnreadableWork("the sealed mail is not whole")
    }
}

typealias MailID = Identifier<MailKind>

enum MailKind: IdentifierKind { static let prefix = "mail" }
