import SharedModels

/// A request that a key made, as its owner sees it.
struct KeyRequest: Sendable, Equatable {
    /// How many are kept of each key.
    static let limit = 500
    /// How long.
    static let retention = Duration.days(7)

    let id: Identifier<KeyRequestKind>
    let at: Timestamp
    let method: String
    let path: String
    let status: Int
    let durationUs: Int64
    let requestID: String

    var view: KeyRequestView {
        KeyRequestView(
            at: at, method: method, path: path, status: status, durationUs: durationUs, requestID: requestID)
    }
}
