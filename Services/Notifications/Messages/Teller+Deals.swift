import SharedModels

/// Negotiations, contracts, money and disputes.
extension Teller {
    private var deals: DealTexts { texts.deals }
    private var money: MoneyTexts { texts.money }
    private var steps: StepTexts { texts.steps }

    // MARK: - Negotiations and contracts

    var negotiationCreated: Told {
        let subject =
            words.side == .client
            ? sayOfGig(deals.youNegotiate) : sayOfGig(deals.negotiation, ["client": words.name(of: .client)])
        return Told(subject, [words.terms], step: step, at: ThingPage.negotiation(data))
    }

    var negotiationUpdated: Told {
        let round = data["round_number"]?.integer ?? 0
        let subject =
            switch words.state.flatMap(NegotiationState.init) {
            case .inProgress where round > 0: sayOfGig(deals.round, ["round": "\(round)"])
            case .pendingOwnerApproval: sayOfGig(deals.agreed)
            case .expired: sayOfGig(deals.negotiationEnded)
            case .pending, .inProgress, .approved, nil: sayOfGig(deals.negotiationUpdated)
            }
        let why: Phrase? =
            switch data["ended_by"]?.string.flatMap(NegotiationEnd.init) {
            case .decline: deals.declined
            case .rounds: deals.noRoundsLeft
            case .silence: deals.silence
            case .departure: deals.departure
            case nil: nil
            }
        return Told(subject, [why.map { say($0) }, words.terms], step: step, at: ThingPage.negotiation(data))
    }

    var contractCreated: Told {
        Told(
            sayOfGig(deals.contract), [words.terms ?? words.price ?? words.status(texts.words.itsStatusIs)], step: step,
            at: ThingPage.contract(data, "id"))
    }

    var contractUpdated: Told {
        let (worker, client) = (["worker": words.name(of: .worker)], ["client": words.name(of: .client)])
        let subject =
            switch words.checkoutChange {
            case .approved: words.side == .worker ? sayOfGig(deals.youApproved) : sayOfGig(deals.approved, worker)
            case .paid: words.side == .client ? sayOfGig(deals.youPaid) : sayOfGig(deals.paid, client)
            case .canceled: sayOfGig(deals.canceled)
            case .released: sayOfGig(deals.closed)
            case .releaseRequested:
                words.side == .client ? sayOfGig(deals.youAskedForRelease) : sayOfGig(deals.askedForRelease, client)
            case .created, .progressed, nil: sayOfGig(deals.contractUpdated)
            }
        return Told(
            subject, [words.status(texts.words.itsStatusIsNow)], step: step, at: ThingPage.contract(data, "id"))
    }

    /// What the reader's side can do next; when it has nothing to do, that the other side can.
    private var step: String? {
        guard let side = words.side else { return nil }
        if let phrase = firstStep(of: side) { return say(phrase) }
        return firstStep(of: side == .client ? .worker : .client) == nil ? nil : say(steps.othersTurn)
    }

    /// The most pressing of what is offered.
    private func firstStep(of side: PartyRole) -> Phrase? {
        let actions = words.actions(of: side)
        return Self.pressing.first { actions.contains($0.action) }?.phrase
    }

    private static let pressing: [(action: String, phrase: Phrase)] = {
        let steps = Texts.all.steps
        return [
            ("respond", steps.respond), ("approve", steps.approve), ("agree", steps.agree), ("round", steps.propose),
            ("connect", steps.connect), ("pay", steps.pay), ("release", steps.release), ("deliver", steps.deliver),
            ("update-status", steps.tellProgress), ("release-fund", steps.askForRelease), ("fund", steps.fund),
            ("review", steps.review),
        ]
    }()

    // MARK: - Money

    var milestoneFunded: Told {
        let values = ["milestone": words.milestoneTitle, "client": words.name(of: .client)]
        let (subject, held, step): (Phrase, Phrase, Phrase?) =
            switch words.side {
            case .client: (money.youFunded, money.heldUntilYouRelease, steps.othersTurn)
            case .worker: (money.funded, money.heldForYou, steps.deliver)
            case nil: (money.wasFunded, money.held, nil)
            }
        return Told(
            say(subject, values), [words.amount.map { say(held, ["amount": $0]) }], step: step.map { say($0) },
            at: page)
    }

    var milestoneReleased: Told {
        let values = ["milestone": words.milestoneTitle, "client": words.name(of: .client)]
        let subject =
            switch (data["released_by"]?.string.flatMap(ReleaseCause.init), words.side) {
            case (.deadline, _): money.releasedByItself
            case (.decision, _): money.wasDecided
            case (_, .client): money.youReleased
            case (_, .worker): money.released
            case (_, nil): money.wasReleased
            }
        let amount: String? =
            if words.side == .worker, let transfer = words.transfer, let amount = words.amount {
                say(money.youGet, ["transfer": transfer, "amount": amount])
            } else {
                words.amount.map { say(money.itIs, ["amount": $0]) }
            }
        let payout = words.day("payout_at").map { say(money.payout, ["day": $0]) }
        return Told(say(subject, values), [amount, payout], at: page)
    }

    var milestoneReleaseDue: Told {
        let day = words.day("auto_release_at")
        let values = ["milestone": words.milestoneTitle, "day": day ?? ""]
        return Told(
            say(day == nil ? money.releaseDueSoon : money.releaseDue, values),
            [words.amount.map { say(money.itIs, ["amount": $0]) }], step: say(money.releaseDueStep), at: page)
    }

    var milestoneMoneyChanged: Told { Told(say(money.changed), [moneyChange], at: page) }

    /// No page shows a contract of Skillhouse.
    var contractMoneyChanged: Told { Told(sayOfGig(money.contractChanged), [moneyChange]) }

    private var moneyChange: String? {
        let change = data["change"]?.string.flatMap(MoneyChange.init).map { change in
            switch change {
            case .refunded: money.refunded
            case .refundFailed: money.refundFailed
            case .disputed: money.disputed
            case .disputeWon: money.disputeWon
            case .disputeLost: money.disputeLost
            case .capturedPartly: money.capturedPartly
            case .givenBack: money.givenBack
            }
        }
        return change.flatMap { phrase in words.amount.map { say(phrase, ["amount": $0]) } }
    }

    /// No page shows a wallet.
    var walletPaidOut: Told {
        let hasCameBack = data["change"]?.string == WalletPayoutChange.cameBack.rawValue
        let details = [
            words.amount.map { say(money.itIs, ["amount": $0]) },
            words.quoted("reference").map { say(money.reference, ["reference": $0]) },
            words.balance.map { say(money.walletHas, ["amount": $0]) },
        ]
        return Told(
            say(hasCameBack ? money.payoutCameBack : money.walletPaidOut), details,
            step: hasCameBack ? say(money.payoutCameBackStep) : nil)
    }

    var caseOpened: Told {
        let kind = data["kind"]?.string.map { "\($0.prefix(1).uppercased() + $0.dropFirst())." }
        let details = [
            kind?.replacing("_", with: " "), data["believed"]?.string.map { say(money.ourBooks, ["what": $0]) },
            data["reported"]?.string.map { say(money.theProvider, ["what": $0]) },
        ]
        return Told(say(money.caseOpened), details, step: say(money.settleCase))
    }

    private var page: String? { ThingPage.contract(data, "contract_id") }

    // MARK: - Disputes

    var disputeCreated: Told {
        let reason = words.quoted("reason")
        let day = words.day("response_deadline")
        guard let side = words.side, let party = data["disputing_party"]?.string.flatMap(PartyRole.init) else {
            return Told(sayOfGig(deals.disputeOpened), [reason], at: page)
        }
        if side == party {
            return Told(
                sayOfGig(deals.youDispute), [reason], step: day.map { say(steps.otherAnswersUntil, ["day": $0]) },
                at: page)
        }
        return Told(
            sayOfGig(deals.dispute, ["other": words.name(of: party)]), [reason],
            step: day.map { say(steps.respondUntil, ["day": $0]) } ?? say(steps.respond), at: page)
    }
}
