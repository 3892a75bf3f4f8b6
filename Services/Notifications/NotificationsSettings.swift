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

    init(_ reader: SettingsReader) throws {
        webhookKey = reader.optionalSecret("WEBHOOK_KEY")
        telegramToken = reader.optionalSecret("TELEGRAM_BOT_TOKEN")
        telegramBase = try reader.url("TELEGRAM_API_BASE", default: "https://api.telegram.org")
        resendKey = reader.optionalSecret("RESEND_API_KEY")
        resendBase = try reader.url("RESEND_API_BASE", default: "https://api.resend.com")
        smtpURL = reader.optionalSecret("SMTP_URL")
        mailFrom = OutboundMail.Address(
            reader.string("MAIL_FROM", default: "notifications@guildhall.example"), name: "Guildhall")
    }
}
