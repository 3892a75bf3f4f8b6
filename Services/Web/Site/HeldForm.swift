import ServiceKit
import SharedModels

/// A form that came after its session had ended. Its page keeps what was typed until somebody has signed in again, in
/// another tab; nothing is stored, and no script is needed.
struct HeldForm: Sendable {
    static let path = "/resume"
    /// The field that tells of a file, which cannot be held.
    static let lostFile = "file-lost"
    private static let address = "resume-at"
    /// What belongs to the session before, and what no page may show.
    private static let dropped: Set = ["token", "password", "again", address]

    /// Where it goes.
    let action: String
    private let fields: [(name: String, value: String)]

    /// The form that a request sent; `nil` when it has nothing that could be lost.
    init?(_ visit: Visit) {
        guard visit.request.method == .post, !visit.fields.typed.isEmpty else { return nil }
        self.init(visit.request.path, visit.fields, losingFile: visit.hasFile)
    }

    /// The form that is held by the page which was sent.
    init?(resuming fields: Fields) {
        guard let action = fields.text(Self.address), OwnPath.checked(action) == action else { return nil }
        self.init(action, fields)
    }

    private init(_ action: String, _ fields: Fields, losingFile: Bool = false) {
        self.action = action
        let isFileLost = losingFile || fields.pairs.contains { $0.name == Self.lostFile }
        let kept = fields.pairs.filter { !Self.dropped.contains($0.name) && $0.name != Self.lostFile }
        self.fields = kept + (isFileLost ? [(Self.lostFile, "yes")] : [])
    }

    func page(_ visit: Visit, isSignedIn: Bool) -> WebAnswer {
        let values: Values = [
            "isSignedIn": isSignedIn, "action": isSignedIn ? action : Self.path, "token": visit.token.text,
            "address": isSignedIn ? "" : action, "signIn": OwnPath.signIn(backTo: "/"),
            "typed": fields.map { ["typedName": $0.name, "typedValue": $0.value] as Values },
        ]
        return .page(
            "resume", isSignedIn ? "Send it now" : "Your session has ended", values, status: isSignedIn ? 200 : 401)
    }
}
