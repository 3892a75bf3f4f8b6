import SharedModels

/// An event as its reader is told of it: what happened, what is to be known, what to do next, and where. Pure.
struct Told: Sendable, Equatable {
    /// A sentence without its full stop.
    let subject: String
    /// More sentences.
    let details: [String]
    /// What the reader can do next.
    let step: String?
    /// The page of the thing, below the web client.
    let path: String?

    init(_ subject: String, _ details: [String?] = [], step: String? = nil, at path: String? = nil) {
        self.subject = subject
        self.details = details.compactMap(\.self)
        self.step = step
        self.path = path
    }
}

/// Where the web client shows things.
enum ThingPage {
    static func gig(_ data: JSONValue, _ member: String) -> String? { path("gigs", data[member], GigID.init) }
    static func negotiation(_ data: JSONValue) -> String? { path("negotiations", data["id"], NegotiationID.init) }
    static func contract(_ data: JSONValue, _ member: String) -> String? {
        path("contracts", data[member], ContractID.init)
    }

    static func person(_ account: AccountID) -> String { "/people/\(account)" }

    private static func path<Kind>(
        _ folder: String, _ value: JSONValue?, _ read: (String) -> Identifier<Kind>?
    ) -> String? {
        value?.string.flatMap(read).map { "/\(folder)/\($0)" }
    }
}

/// Tells of events in the words of a reader. What a side did itself it hears otherwise than who waits for it.
struct Teller: Sendable {
    let words: EventWords
    let texts = Texts.all
    var data: JSONValue { words.data }

    init(_ words: EventWords) { self.words = words }

    func tell(_ name: EventName) -> Told {
        switch name {
        case .gigCreated: gig(texts.gigs.created, texts.words.itsStatusIs)
        case .gigUpdated: gig(texts.gigs.updated, texts.words.itsStatusIsNow)
        case .gigDeleted: Told(say(texts.gigs.deleted, ["gig": words.title]))
        case .applicationCreated: applicationCreated
        case .applicationUpdated: applicationUpdated
        case .negotiationCreated: negotiationCreated
        case .negotiationUpdated: negotiationUpdated
        case .contractCreated: contractCreated
        case .contractUpdated: contractUpdated
        case .milestoneFunded: milestoneFunded
        case .milestoneReleased: milestoneReleased
        case .milestoneReleaseDue: milestoneReleaseDue
        case .milestoneMoneyChanged: milestoneMoneyChanged
        case .contractMoneyChanged: contractMoneyChanged
        case .disputeCreated: disputeCreated
        case .keyExpiring: keyExpiring
        case .payoutsPaused:
            Told(
                say(texts.people.payoutsPaused), [say(texts.people.payoutsPausedWhy)],
                step: say(texts.people.payoutsPausedStep))
        case .walletPaidOut: walletPaidOut
        case .messageReceived:
            Told(
                words.account("sender_id") == nil
                    ? say(texts.people.newMessage) : say(texts.people.wroteToYou, ["other": words.sender]),
                [words.quoted("message")])
        case .conversationStarted: conversationStarted
        case .profileUpdated: Told(say(texts.people.profile))
        case .matchCreated: matchCreated
        case .matchAccepted: matchAccepted
        case .caseOpened: caseOpened
        case .matchRejected: matchRejected
        }
    }

    func say(_ phrase: Phrase, _ values: [String: String] = [:]) -> String {
        phrase.said(in: words.reader.language, values)
    }

    /// About a gig of somebody else's, or a deal.
    func sayOfGig(_ phrase: Phrase, _ values: [String: String] = [:]) -> String {
        say(phrase, values.merging(["gig": words.gigTitle]) { given, _ in given })
    }

    // MARK: - Gigs and applications

    private func gig(_ subject: Phrase, _ status: Phrase) -> Told {
        Told(
            say(subject, ["gig": words.title]), [words.status(status)],
            step: data["status"]?.string == GigStatus.draft.rawValue ? say(texts.steps.publish) : nil,
            at: ThingPage.gig(data, "id"))
    }

    private var applicationCreated: Told {
        let page = ThingPage.gig(data, "gig_id")
        if words.side == .worker {
            return Told(
                sayOfGig(texts.gigs.applied), [words.quoted("message")], step: say(texts.steps.clientDecides), at: page)
        }
        return Told(
            sayOfGig(texts.gigs.application, ["applicant": words.applicant]), [words.quoted("message")],
            step: say(texts.steps.decideOnApplication), at: page)
    }

    private var applicationUpdated: Told {
        let isWorker = words.side == .worker
        let gigs = texts.gigs
        let subject =
            if data["withdrawn"]?.bool == true {
                isWorker ? gigs.yoursWithdrawn : gigs.withdrawn
            } else {
                switch data["status"]?.string.flatMap(ApplicationStatus.init) {
                case .shortlisted: isWorker ? gigs.youWereShortlisted : gigs.shortlisted
                case .rejected: isWorker ? gigs.youWereRejected : gigs.rejected
                case .applied, nil: gigs.applicationUpdated
                }
            }
        let from = isWorker || words.account("worker_user_id").flatMap { words.names[$0] } == nil
        return Told(
            sayOfGig(subject), [from ? nil : say(gigs.isFrom, ["applicant": words.applicant])],
            at: ThingPage.gig(data, "gig_id"))
    }

    // MARK: - People

    private var keyExpiring: Told {
        let day = words.day("expires_at")
        return Told(
            say(
                day == nil ? texts.people.keyExpiringSoon : texts.people.keyExpiring,
                ["key": words.keyName, "day": day ?? ""]),
            step: say(texts.people.rotateKey))
    }

    private var conversationStarted: Told {
        switch words.account("started_by") {
        case words.reader.account: Told(say(texts.people.yourConversation))
        case nil: Told(say(texts.people.conversation))
        default: Told(say(texts.people.conversationWith, ["other": words.starter]))
        }
    }

    private var matchCreated: Told {
        let people = texts.people
        return Told(
            words.matched.map { say(people.matchWith, ["other": $0]) } ?? say(people.match),
            [
                words.workTitle.map { say(people.isAbout, ["gig": $0]) },
                data["match_score"]?.integer.map { say(people.score, ["score": "\($0)"]) },
            ], at: words.matched == nil ? nil : words.matchedAccount.map(ThingPage.person))
    }

    private var matchAccepted: Told {
        let people = texts.people
        return words.hasDecided
            ? decided(people.youAccepted, people.youAcceptedWith, quoting: "message")
            : decided(people.accepted, people.acceptedBy, quoting: "message")
    }

    private var matchRejected: Told {
        let people = texts.people
        return words.hasDecided
            ? decided(people.youRejected, people.youRejectedWith, quoting: "reason")
            : decided(people.rejected, people.rejectedBy, quoting: "reason")
    }

    /// - Parameter named: When the other one's name is known.
    private func decided(_ subject: Phrase, _ named: Phrase, quoting member: String) -> Told {
        Told(words.matched.map { say(named, ["other": $0]) } ?? say(subject), [words.quoted(member)])
    }
}
