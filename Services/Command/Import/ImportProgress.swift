import Foundation

/// Tells how far an import is, while it works.
struct ImportProgress: Sendable {
    static let silent = ImportProgress(every: .seconds(3600)) { _ in }

    private let interval: Duration
    private let say: @Sendable (String) -> Void
    private var last = ContinuousClock.now

    /// - Parameter interval: Nothing is said sooner after the line before.
    init(every interval: Duration, _ say: @escaping @Sendable (String) -> Void) {
        (self.interval, self.say) = (interval, say)
    }

    /// Tells it on the standard error, so that the report stays alone in the output.
    static func onStandardError() -> Self {
        Self(every: .seconds(5)) { line in
            // Who closed it does not want to know.
            try? FileHandle.standardError.write(contentsOf: Data("\(line)\n".utf8))
        }
    }

    mutating func tell(_ collection: DumpCollection, of report: ImportReport) {
        let now = ContinuousClock.now
        guard last + interval <= now, let count = report.counts[collection] else { return }
        last = now
        let verb = report.isRehearsal ? "would come" : "imported"
        say(
            "at \(collection.rawValue): \(count.read) read, \(count.imported) \(verb), \(count.present) there, "
                + "\(count.merged) merged, \(count.refused) refused")
    }
}
