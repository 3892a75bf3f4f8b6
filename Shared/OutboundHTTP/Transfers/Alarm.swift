/// The next moment at which the I/O thread must check who has waited too long.
final class Alarm {
    /// May be too early, but is never too late. `nil`: nobody waits.
    private(set) var moment: ContinuousClock.Instant?

    func ring(by moment: ContinuousClock.Instant) {
        self.moment = min(self.moment ?? moment, moment)
    }

    /// Takes the alarm when its moment has come. Transfers that still wait set it again.
    func takeIfDue(at now: ContinuousClock.Instant) -> Bool {
        guard let moment, now >= moment else { return false }
        self.moment = nil
        return true
    }
}
