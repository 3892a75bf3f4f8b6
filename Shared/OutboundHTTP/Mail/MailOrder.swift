/// Turns a mail and a server's address into a transfer.
enum MailOrder {
    /// - Throws: ``OutboundError/invalidURL`` or ``OutboundError/invalidMail(reason:)``
    static func of(
        _ mail: OutboundMail,
        smtpURL: String,
        deadline: ContinuousClock.Instant
    ) throws(OutboundError) -> TransferOrder {
        let server = try TargetURL(smtpURL)
        guard server.scheme == "smtp" || server.scheme == "smtps" else { throw .invalidURL }
        let isLocal =
            server.host == "localhost" || server.host == "127.0.0.1" || server.host == "::1"
        return TransferOrder(
            content: .mail(
                sender: mail.from.mailbox,
                recipients: mail.to.map(\.mailbox),
                message: try MailMessage.encode(mail),
                requiresTLS: server.password != nil && !isLocal
            ),
            url: smtpURL,
            headerLines: [],
            deadline: deadline,
            connectTimeout: .seconds(10),
            maximumResponseBytes: 64 * 1024,
            mayBeResent: false
        )
    }
}
