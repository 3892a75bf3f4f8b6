import SharedModels

extension Kit {
    /// What waits in this service. Without numbers when the database does not answer within a second: this is needed most
    /// when something is wrong.
    package func work() async -> ServiceWork {
        let read = await firstAnswer(within: .seconds(1)) { [outbox, scheduler, deadLetters] () -> ServiceWork? in
            // What cannot be read is told as unknown.
            guard let backlog = try? await outbox.backlog(), let overdue = try? await scheduler.overdue(),
                let dead = try? await deadLetters.backlog()
            else { return nil }
            return ServiceWork(
                version: Release.version, eventsWaiting: Int(backlog.count),
                oldestEventSeconds: Int(backlog.age.components.seconds), itemsOverdue: overdue,
                deadLetters: dead.count, oldestDeadLetterSeconds: Int(dead.age.components.seconds))
        }
        return (read ?? nil) ?? ServiceWork(version: Release.version)
    }
}
