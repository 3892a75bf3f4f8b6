import OutboundHTTP
import ServiceKit

/// How a service sends mail.
package struct MailSettings: Sendable {
    /// `smtp[s]://[user:password@]host[:port]`; used instead of Resend when both are set.
    package let smtpURL: Secret?
    package let resendKey: Secret?
    package let resendBase: String
    /// The sender of mails.
    package let from: OutboundMail.Address

    package init(_ reader: SettingsReader) throws(BadSetting) {
        let declared = Declared.sending
        smtpURL = reader.optional(declared.smtpURL)
        resendKey = reader.optional(declared.resendKey)
        resendBase = try reader.value(declared.resendBase)
        from = OutboundMail.Address(try reader.value(declared.mailFrom), name: "Guildhall")
    }
}
