import SharedModels

/// What two parties agree on, or what one of them proposes. A term that is left out of a proposal keeps its present value.
struct Terms: Sendable, Equatable {
    /// For one hour.
    var rate: Money?
    var hoursPerWeek: Int?
    var startDate: CalendarDay?
    /// Days between release and payout.
    var payoutDelayDays: Int?
}

extension Terms {
    init(_ input: TermsInput) {
        self.init(
            rate: input.rateCents.map(Money.usd(cents:)), hoursPerWeek: input.hoursPerWeek, startDate: input.startDate,
            payoutDelayDays: input.payoutDelayDays)
    }

    /// As a round proposes them. Views, events and the log show them so, too.
    var input: TermsInput {
        TermsInput(
            rateCents: rate?.minorUnits, hoursPerWeek: hoursPerWeek, startDate: startDate,
            payoutDelayDays: payoutDelayDays)
    }

    var isEmpty: Bool { self == Terms() }

    func replacing(with proposal: Terms) -> Terms {
        Terms(
            rate: proposal.rate ?? rate, hoursPerWeek: proposal.hoursPerWeek ?? hoursPerWeek,
            startDate: proposal.startDate ?? startDate,
            payoutDelayDays: proposal.payoutDelayDays ?? payoutDelayDays)
    }

    /// Checks what a week costs after a proposal.
    ///
    /// - Parameters:
    ///   - proposal: Part of these terms. One that leaves the price as it is cannot be at fault.
    ///   - rule: What a week can cost. Terms without a value count as 0.
    /// - Throws: ``NegotiationError/badPrice(_:)``, which names the member to change.
    func requirePayable(proposedIn proposal: Terms, by rule: PriceRule) throws {
        let isPriced = proposal.rate != nil || proposal.hoursPerWeek != nil
        guard isPriced, weeklyAmount.map(rule.allows) != true else { return }
        throw NegotiationError.badPrice(proposal.rate == nil ? .hours : .rate, rule)
    }

    /// The value of one week; `nil` when it exceeds 2^53 - 1 cents. Terms without a value count as 0.
    var weeklyAmount: Money? {
        let hourly = rate ?? .zero(.usd)
        let (amount, overflow) = hourly.minorUnits.multipliedReportingOverflow(by: Int64(hoursPerWeek ?? 0))
        return overflow || amount > 9_007_199_254_740_991 ? nil : Money(minorUnits: amount, currency: hourly.currency)
    }
}
