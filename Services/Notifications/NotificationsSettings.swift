import OutboundHTTP
import ServiceKit

struct NotificationsSettings: Sendable {
    /// Encrypts the webhooks' secrets; the service secret when it is not set. With another key the webhooks made
    /// before cannot be signed any more.
    let webhookKey: Secret?
    /// Without it nothing is delivered to Telegram.
    let telegramToken: Secret?
    let telegramBase: String
    let resendKey: Secret?
    let resendBase: String
    /// `smtp[s]://[user:password@]host[:port]`; used instead of Resend when both are set.
    let smtpURL: Secret?
    /// Whom mails come from.
    let mailFrom: OutboundMail.Address

    init(_ reader: SettingsReader) throws(BadSetting) {
        let declared = Declared.sending
        webhookKey = reader.optional(declared.webhookKey)
        telegramToken = reader.optional(declared.telegramToken)
        telegramBase = try reader.value(declared.telegramBase)
        resendKey = reader.optional(declared.resendKey)
        resendBase = try reader.value(declared.resendBase)
        smtpURL = reader.optional(declared.smtpURL)
        mailFrom = OutboundMail.Address(try reader.value(declared.mailFrom), name: "Guildhall")
    }
}
