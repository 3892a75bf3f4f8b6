/// Talent's answers about matches.
public struct MatchInternal: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.talent

    public init() {}

    /// The match of two accounts, in either order, that is neither expired nor rejected.
    public let between = Endpoint<AccountPair, LiveMatch>(
        "internal.matches.between", .post, "/internal/matches/between", of: Self.self,
        access: .service(from: [.messages]), "The live match of two accounts")
}

public struct LiveMatch: Model, Equatable {
    /// `nil` without one.
    public let matchID: MatchID?

    public init(matchID: MatchID?) { self.matchID = matchID }
}
