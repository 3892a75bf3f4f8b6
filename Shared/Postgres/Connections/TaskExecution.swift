/// Runs tasks on a database's I/O thread, between one look at its connections and the next, and on Swift's own threads
/// when that one has much to do.
///
/// A task that asks the database for one thing after the other then changes threads for none of them (decision 0015).
/// It must not block, no more than on Swift's threads: what waits on the same thread would wait with it.
package final class TaskExecution: TaskExecutor {
    /// With so many waiting, about a millisecond of work, further tasks go to Swift's threads.
    static let waitingLimit = 32

    private let inbox: Inbox

    init(inbox: Inbox) {
        self.inbox = inbox
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if !inbox.submit(job, of: self) { globalConcurrentExecutor.enqueue(ExecutorJob(job)) }
    }
}
