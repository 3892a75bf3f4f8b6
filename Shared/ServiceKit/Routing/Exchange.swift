import Hummingbird
import SharedModels

/// One request from its arrival to its line in the log, whichever route answers it.
struct Exchange: Sendable {
    /// What log and metrics call the route; `nil` when none fits.
    let endpoint: String?
    /// Decides the shape of errors, and whether other sites may ask.
    let surface: Surface
    /// As the log shows it.
    let path: String
    let head: RequestHead
    let trace: RequestTrace
    /// Whether a refusal is shown as a page.
    let showsPage: Bool
    let reply = ReplyHead()
    private let started = ContinuousClock.now

    /// - Parameters:
    ///   - isForBrowsers: Whether people come here by a link.
    ///   - path: What the log shows instead of the path that was asked for.
    ///   - now: Of the domain clock; goes into the request's id when it brings none.
    init(
        _ request: Request, _ context: BasicRequestContext, endpoint: String?, surface: Surface,
        isForBrowsers: Bool = false,
        path: String? = nil, at now: Timestamp
    ) {
        head = RequestHead(request, context)
        trace = RequestTrace(accepting: head.header(.requestID), traceparent: head.header(.traceParent), at: now)
        showsPage = isForBrowsers && head.prefersPage
        self.endpoint = endpoint
        self.surface = surface
        self.path = path ?? head.path
    }

    /// The time it has taken so far.
    var duration: Duration { ContinuousClock.now - started }
}
