/// Runs tasks on a database's I/O thread, between two looks at its connections. When that thread is busy, tasks run on
/// Swift's own threads.
///
/// A task that sends the database one request after another then needs no change of thread (decision 0015). It must not
/// block, as on Swift's own threads: everything else on the same thread would wait with it.
package final class TaskExecution: TaskExecutor {
    /// When this many tasks wait, about a millisecond of work, further tasks go to Swift's threads.
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
