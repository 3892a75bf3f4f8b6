import Mails
import ServiceKit

struct NotificationsSettings: Sendable {
    /// Encrypts the webhooks' secrets. Defaults to the service secret. With a different key, existing webhooks cannot
    /// be signed any more.
    let webhookKey: RotatingSecret?
    /// Without it nothing is sent to Telegram.
    let telegramToken: Secret?
    let telegramBase: String
    /// Whether channels are confirmed by a code.
    let confirmsChannels: Bool
    let mail: MailSettings
    let templates: NoticeTemplates
    /// What the mail server takes.
    let mailsPerSecond: Int

    init(_ reader: SettingsReader) throws(BadSetting) {
        let declared = Declared.sending
        webhookKey = reader.optional(declared.webhookKey)
        telegramToken = reader.optional(declared.telegramToken)
        telegramBase = try reader.value(declared.telegramBase)
        confirmsChannels = try reader.value(declared.channelConfirmation) == .on
        mail = try MailSettings(reader)
        mailsPerSecond = reader.value(declared.mailsPerSecond, default: mail.smtpURL == nil ? 2 : 20)
        templates = try NoticeTemplates(folder: reader.optional(declared.mailTemplates))
    }
}
