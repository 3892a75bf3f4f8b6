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
        guard data["flow"]?.string == DealFlow.escrowCheckout.rawValue else { return nil }
        let isWorker = data["worker_user_id"]?.string.flatMap { AccountID($0) } == account
        let change = data["checkout"]?["change"]?.string.flatMap(CheckoutChange.init)
        switch (EventName(rawValue: event), change) {
        case (.applicationCreated, _) where !isWorker: (role, type) = (.client, .applied)
        case (.contractCreated, _) where isWorker: (role, type) = (.freelancer, .contract)
        case (.contractUpdated, .approved) where !isWorker: (role, type) = (.client, .approved)
        case (.contractUpdated, .paid) where isWorker: (role, type) = (.freelancer, .contract)
        default: return nil
        }
        message = text
    }
}
