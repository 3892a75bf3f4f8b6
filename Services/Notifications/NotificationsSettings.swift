import OutboundHTTP
import ServiceKit

struct NotificationsSettings: Sendable {
    /// Encrypts the webhooks' secrets. Defaults to the service secret. With a different key, existing webhooks cannot
    /// be signed any more.
    let webhookKey: RotatingSecret?
    /// Without it nothing is sent to Telegram.
    let telegramToken: Secret?
    let telegramBase: String
    let resendKey: Secret?
    let resendBase: String
    /// `smtp[s]://[user:password@]host[:port]`; used instead of Resend when both are set.
    let smtpURL: Secret?
    /// Whether channels are confirmed by a code.
    let confirmsChannels: Bool
    /// The sender of mails.
    let mailFrom: OutboundMail.Address

    init(_ reader: SettingsReader) throws(BadSetting) {
        let declared = Declared.sending
        webhookKey = reader.optional(declared.webhookKey)
        telegramToken = reader.optional(declared.telegramToken)
        telegramBase = try reader.value(declared.telegramBase)
        resendKey = reader.optional(declared.resendKey)
        resendBase = try reader.value(declared.resendBase)
        smtpURL = reader.optional(declared.smtpURL)
        confirmsChannels = try reader.value(declared.channelConfirmation) == .on
        mailFrom = OutboundMail.Address(try reader.value(declared.mailFrom), name: "Guildhall")
    }
}
