/// What was decided about a payment.
struct Settlement: Sendable, Equatable {
    /// Whether the hire takes it. Otherwise the money goes back.
    let isAccepted: Bool
    /// `nil` when the job has no hire.
    let hire: Hire?
}
