import SharedModels

/// What can happen to a milestone's money.
enum EscrowEvent: String, CaseIterable, Sendable {
    /// The client began to pay.
    case fund
    /// The provider holds the money.
    case authorize
    /// We let the payment go.
    case cancel
    /// The provider let the payment go.
    case lapse
    /// The held money was captured before it could lapse.
    case capture
    /// The captured money went back to the client.
    case refund
    /// The money became the platform's fee and the worker's earning; what was only held is captured with it.
    case release
    /// The earning left for the worker's account.
    case transfer
}

/// The diagram has no such arrow.
struct IllegalEscrowMove: Error, Equatable {
    let state: EscrowState
    let event: EscrowEvent
}

extension EscrowState {
    /// The state that follows when `event` happens now.
    ///
    /// Pure: no clock, no store, no network. Each state also lists its refusals, so adding one does not
    /// compile until its moves are decided; a new event is refused until it has a move.
    ///
    /// - Throws: ``IllegalEscrowMove`` when the diagram has no such arrow.
    func applying(_ event: EscrowEvent) throws(IllegalEscrowMove) -> EscrowState {
        switch (self, event) {
        case (.unfunded, .fund): .authorizing
        case (.authorizing, .authorize): .held
        case (.authorizing, .cancel), (.authorizing, .lapse): .unfunded
        case (.held, .cancel), (.held, .lapse): .unfunded
        case (.held, .capture): .escrowed
        case (.held, .release): .released
        case (.escrowed, .refund): .unfunded
        case (.escrowed, .release): .released
        case (.released, .transfer): .paid
        case (.unfunded, _), (.authorizing, _), (.held, _), (.escrowed, _), (.released, _), (.paid, _):
            throw IllegalEscrowMove(state: self, event: event)
        }
    }

    /// Every event that has a move from here.
    var possibleEvents: [EscrowEvent] {
        EscrowEvent.allCases.filter { event in
            do throws(IllegalEscrowMove) {
                _ = try applying(event)
                return true
            } catch {
                return false
            }
        }
    }
}
