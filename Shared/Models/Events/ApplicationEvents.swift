/// Somebody applied to a gig.
public enum ApplicationCreated: UserEvent {
    public typealias Content = ApplicationView
    public static let name = EventName.applicationCreated
    public static let audience = Audience.bothSides
    public static let summary = "Somebody applied to a gig"
    public static var schema: Schema { .application }
}

/// The gig's owner decided on an application, the applicant withdrew it, or one of the two people left the marketplace.
public enum ApplicationUpdated: UserEvent {
    public typealias Content = ApplicationView
    public static let name = EventName.applicationUpdated
    public static let audience = Audience.bothSides
    public static let summary = "An applicant was shortlisted or rejected, or withdrew"
    public static var schema: Schema { .application.telling("withdrawn", .boolean) }
}

extension Schema {
    /// In events an application has more members: how the gig is paid, the gig's title, because a reader of the news has
    /// not seen the gig, and in the news of a change whether the application is gone.
    fileprivate static var application: Schema {
        .reflected(ApplicationView.self).telling(DealFlow.self).telling("gigTitle", .string)
    }

    static func reflected(_ type: (some Model).Type) -> Schema {
        do {
            return try reflecting(type).answered
        } catch {
            preconditionFailure("\(type) has no single JSON shape: \(error)")
        }
    }

    /// An object of the same kind with one more member.
    func telling(_ member: String, _ schema: Schema) -> Schema {
        guard case .object(var object) = self else { return self }
        object.name = nil
        object.properties.append(.init(object.style.name(of: member), member: member, schema, isRequired: true))
        return .object(object)
    }

    /// An object of the same kind that tells how a deal is paid, and in which currency.
    func telling(_ flow: DealFlow.Type) -> Schema {
        telling("flow", flow.schema).telling("currency", Currency.schema)
    }
}
