import SharedModels

/// One request from its arrival to its log line, for every route.
struct Exchange: Sendable {
    /// The route's name in log and metrics; `nil` when no route matches.
    let endpoint: String?
    /// Decides the shape of errors, and whether pages of the web client may read the answer.
    let surface: Surface
    /// The path that the log shows.
    let path: String
    let head: RequestHead
    let trace: RequestTrace
    /// Whether a refusal is sent as a page.
    let showsPage: Bool
    /// Whether pages of every site may read the answer.
    let anyOrigin: Bool
    let reply = ReplyHead()
    private let started = ContinuousClock.now

    /// - Parameters:
    ///   - isForBrowsers: Whether people come here by a link.
    ///   - anyOrigin: Whether pages of every site may read the answer.
    ///   - path: The path that the log shows instead of the real one.
    ///   - now: The domain clock's time. It becomes part of the request's id when the caller sent none.
    init(
        _ head: RequestHead, endpoint: String?, surface: Surface, isForBrowsers: Bool = false, anyOrigin: Bool = false,
        path: String? = nil, at now: Timestamp
    ) {
        self.head = head
        trace = RequestTrace(
            accepting: head.header(.requestID), traceparent: head.header(.traceParent), on: surface, at: now)
        showsPage = isForBrowsers && head.prefersPage
        self.endpoint = endpoint
        self.surface = surface
        self.anyOrigin = anyOrigin
        self.path = path ?? head.path
    }

    /// How long the request has taken so far.
    var duration: Duration { ContinuousClock.now - started }
}
