/// The next moment at which the I/O thread must look who has waited too long.
final class Alarm {
    /// Not later than the first such moment; it may be too early, never too late. `nil`: nobody waits.
    private(set) var moment: ContinuousClock.Instant?

    func ring(by moment: ContinuousClock.Instant) {
        self.moment = min(self.moment ?? moment, moment)
    }

    /// Takes the alarm when its moment has come; whoever still waits sets it again.
    func takeIfDue(at now: ContinuousClock.Instant) -> Bool {
        guard let moment, now >= moment else { return false }
        self.moment = nil
        return true
    }
}
