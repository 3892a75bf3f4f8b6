import CPostgres
import Glibc

/// One connection to PostgreSQL, in libpq's pipeline mode.
///
/// Every request is one *segment* on the wire: what it needs (`BEGIN`, the statement's `Parse`), what was to go with it
/// (``Request/before``), its execution, and a `Sync`. The server's answers come in the same order. A request counts as
/// answered when its `Sync` is answered: only then is a write committed, and only then do errors of the commit (a deferred
/// constraint) arrive.
///
/// Queries that are sent at the same moment share one `Sync`, because libpq writes to the socket at each. They are
/// answered one by one. When one fails the server skips the rest; those are then sent once more, separately. Writes share
/// a `Sync`, and so a commit, when their callers allow it (``SQL/sharingCommit()``). They are answered when it is
/// answered, and when one fails all are sent once more, separately.
///
/// Not `Sendable`: created, used and closed on the I/O thread only.
final class Connection {
    enum Role {
        case pipelined(Use)
        case leasable
        case listening(Listener)
    }

    /// The preferred use of a pipelined connection. A write waits for its commit and holds up the requests behind it.
    enum Use {
        case queries, writes
    }

    enum State {
        case connecting(deadline: MonotonicTime)
        case ready
    }

    /// Why a connection had to be given up.
    enum Loss: Error {
        case disconnected(String)
        case deadline
        case resultTooLarge
    }

    /// What is on the wire for one request.
    struct Segment {
        let request: Request
        /// The commands before the `Sync`, in their order.
        let steps: [Step]
        var isScript = false
        /// Whether the segment ends with its own `Sync`. Otherwise it ends with its last command.
        var hasSync = true
        /// Whether it commits with its neighbours.
        var sharesCommit = false
    }

    /// One command on the wire.
    struct Step {
        /// What it parses or executes; `nil` for what is not prepared, such as `BEGIN`.
        var statement: Prepared?
        var isParsing = false
    }

    /// A statement prepared on this connection.
    final class Prepared {
        let key: StatementKey
        let name: String
        /// Whether it may share a `Sync` with others.
        let isReadOnly: Bool
        /// Why PostgreSQL refused it. Statements that were sent before this was known fail with the same error.
        var failure: PostgresError?

        init(key: StatementKey, name: String, isReadOnly: Bool) {
            self.key = key
            self.name = name
            self.isReadOnly = isReadOnly
        }
    }

    /// The same text with parameters of other types is a different statement.
    struct StatementKey: Hashable {
        let text: String
        let types: [Oid]
    }

    /// What has arrived of the first segment's answer so far.
    struct Progress {
        var step = 0
        var hasResult = false
        var answer: OpaquePointer?
        var failure: PostgresError?
        /// The prepared statement that failed.
        var failed: Prepared?
        var isStalePlan = false
        /// Whether the server skipped a command because an earlier one had failed.
        var isAborted = false
        /// Separators since the last result; two in a row mean that libpq has nothing more.
        var readCount = 0
        /// Roughly how many bytes of the answer have arrived.
        var receivedBytes = 0
    }

    /// How many statements stay prepared. Others are parsed at every execution. Each prepared one costs the server
    /// about 10-100 kB.
    static let preparedLimit = 500
    /// How many requests may be on the wire: enough to keep the server busy, and few enough that a slow one holds up
    /// few others.
    static let depthLimit = 64
    /// The maximum number of statements that share a `Sync`.
    static let batchLimit = 16

    let role: Role
    let handle: OpaquePointer
    let maximumResultBytes: Int
    var state: State
    var descriptor: Int32 = -1
    var isWriting = false
    var segments = Queue<Segment>()
    /// How many statements wait for a common `Sync`.
    var unsyncedCount = 0
    var progress = Progress()
    /// Writes that were carried out and wait for their common commit.
    var uncommitted: [(request: Request, answer: OpaquePointer?)] = []
    var isGroupRefused = false
    var prepared: [StatementKey: Prepared] = [:]
    private var preparedCount = 0
    /// Requests that must be sent again because their prepared statement had become stale.
    var returned: [Request] = []
    /// The `BEGIN` to be sent in front of the next statement.
    var pendingBegin: String?
    var lease: Lease?
    /// Whether the transaction's last statement was sent.
    var isEndingLease = false
    /// Whether the server no longer takes writes, as after a failover. The connection is left as soon as it is idle.
    var isRetired = false
    /// Whether the listener was told that its channel is being listened to.
    var hasAnnounced = false
    /// When a listening connection was asked the last time whether it still is there.
    var askedAt: MonotonicTime?

    init(_ handle: OpaquePointer, role: Role, maximumResultBytes: Int, deadline: MonotonicTime) {
        self.handle = handle
        self.role = role
        self.maximumResultBytes = maximumResultBytes
        state = .connecting(deadline: deadline)
        descriptor = PQsocket(handle)
    }

    deinit {
        PQclear(progress.answer)
        for write in uncommitted { PQclear(write.answer) }
        PQfinish(handle)
    }

    var isReady: Bool { if case .ready = state { true } else { false } }
    var isIdle: Bool { segments.isEmpty }

    var isOutsideTransaction: Bool { PQtransactionStatus(handle) == PQTRANS_IDLE }

    /// The moment by which something must have happened on this connection.
    var deadline: MonotonicTime {
        switch state {
        case .connecting(let deadline): deadline
        case .ready: segments.first?.request.deadline ?? .distantFuture
        }
    }

    /// libpq's error message, on one line.
    var errorMessage: String {
        let message = String(cString: PQerrorMessage(handle))
        return message.split(separator: "\n").joined(separator: "; ")
    }

    /// When a listening connection that has answered is to be asked again.
    var nextQuestion: MonotonicTime {
        guard isReady, isIdle, let askedAt, let watch = listener?.watch else { return .distantFuture }
        return askedAt + watch.pause
    }

    var listener: Listener? { if case .listening(let listener) = role { listener } else { nil } }

    func nextStatementName() -> String {
        preparedCount += 1
        return "s\(preparedCount)"
    }
}
