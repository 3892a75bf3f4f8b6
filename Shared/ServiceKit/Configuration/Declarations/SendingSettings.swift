import SharedModels

/// Settings for outgoing webhooks, messages and mail.
package struct SendingSettings: Sendable {
    package let webhookKey = Setting(
        "WEBHOOK_KEY", .replaceableText(ofAtLeast: 32), without: "`SERVICE_SECRET`", of: [.notifications],
        "Seals the secrets of users' webhooks. With another, webhooks made before cannot be signed.")
    package let telegramToken = Setting(
        "TELEGRAM_BOT_TOKEN", .telegramToken, without: "nothing goes to Telegram; the sandbox takes any",
        of: [.notifications, .sandbox], outsideDevelopment: .notPublished("100000000:development"),
        "Our bot at Telegram.")
    package let telegramBase = Setting(
        "TELEGRAM_API_BASE", .httpURL, default: "https://api.telegram.org", of: [.notifications],
        outsideDevelopment: .https, "Telegram's API.")
    package let resendKey = Setting(
        "RESEND_API_KEY", .token(beginningWith: "re_"), without: "mail goes over `SMTP_URL` or not at all",
        of: [.auth, .notifications], outsideDevelopment: .notPublished("re_development"), "Our key at Resend.")
    package let resendBase = Setting(
        "RESEND_API_BASE", .httpURL, default: "https://api.resend.com", of: [.auth, .notifications],
        outsideDevelopment: .https, "Resend's API.")
    package let smtpURL = Setting(
        "SMTP_URL", .smtpURL, without: "mail goes over Resend or not at all", of: [.auth, .notifications],
        "The mail server; wins over Resend.")
    package let channelConfirmation = Setting<ChannelConfirmation>(
        "CHANNEL_CONFIRMATION", .choice, default: "on", of: [.notifications], outsideDevelopment: .only("on"),
        "Whether a channel gets nothing but a one-time code until its owner has repeated the code.")
    package let mailsPerSecond = Setting(
        "MAILS_PER_SECOND", .integer(1...1000, "mails"), without: "20 over SMTP, 2 over Resend", of: [.notifications],
        "How many notices all replicas together hand to the mail server, or to Resend, in a second.")
    package let mailTemplates = Setting(
        "MAIL_TEMPLATES", .folder, without: "the built-in ones", of: [.auth, .notifications],
        "A folder with the templates of mails; see [operations](operations.md#mail-templates).")
    package let mailFrom = Setting(
        "MAIL_FROM", .mailAddress, default: "notifications@guildhall.example", of: [.auth, .notifications],
        "Whom mails come from.")
}

package enum ChannelConfirmation: String, CaseIterable, Sendable {
    case on, off
}
