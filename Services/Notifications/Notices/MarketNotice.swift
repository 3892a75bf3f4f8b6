import SharedModels

/// An event as a notice of Skillhouse: to the side that its contract names (section 7), in words. Pure.
struct MarketNotice: Sendable, Equatable {
    let role: UserType
    let type: NoticeType
    let message: String

    /// The events that can be one.
    static let names = [
        EventName.applicationCreated.rawValue, EventName.contractCreated.rawValue, EventName.contractUpdated.rawValue,
        OwnEvent.noticeAdded.rawValue,
    ]

    /// - Parameters:
    ///   - body: As it is stored.
    ///   - reader: Whose notice it would be.
    /// - Returns: `nil` for what is not on Skillhouse, or not for this side of it.
    init?(_ event: String, body: [UInt8], for reader: Reader) {
        // The body was written by us, so it is valid JSON.
        guard let data = (try? JSONValue.parse(body))?["data"] else { return nil }
        let text = MessageText(event: event, body: body, for: reader, home: "")
        self.init(event, data, for: reader.account, "\(text.subject).")
    }

    private init?(_ event: String, _ data: JSONValue, for account: AccountID, _ text: String) {
        if event == OwnEvent.noticeAdded.rawValue {
            guard let message = data["message"]?.string, let role = data["role"]?.string.flatMap(UserType.init),
                let type = data["type"]?.string.flatMap(NoticeType.init)
            else { return nil }
            (self.role, self.type, self.message) = (role, type, message)
            return
        }
        let side = NoticeSides.side(of: account, data)
        guard data["flow"]?.string == DealFlow.escrowCheckout.rawValue, let type = Self.kind(of: event, data),
            NoticeSides(of: event, data).include(side)
        else { return nil }
        (role, self.type, message) = (side == .worker ? .freelancer : .client, type, text)
    }

    private static func kind(of event: String, _ data: JSONValue) -> NoticeType? {
        switch EventName(rawValue: event) {
        case .applicationCreated: .applied
        case .contractCreated: .contract
        case .contractUpdated:
            switch data["checkout"]?["change"]?.string.flatMap(CheckoutChange.init) {
            case .approved: .approved
            case .paid: .contract
            case .created, .progressed, .canceled, .releaseRequested, .released, nil: nil
            }
        default: nil
        }
    }
}
