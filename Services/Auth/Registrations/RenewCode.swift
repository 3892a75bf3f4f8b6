import ServiceKit
import SharedModels

/// Somebody has asked for another code.
struct RenewCode: MailRequest {
    static let kind = "auth.registration.renew"

    let id: ClaimID
    let email: String
    var language: Language?
}
