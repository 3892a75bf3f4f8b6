/// How long something takes, by the median of several tries: a busy machine holds up some of them, a wait that is built in
/// holds up all.
package func median(of tries: Int, _ body: () async throws -> Void) async rethrows -> Duration {
    var times: [Duration] = []
    for _ in 0..<tries {
        let start = ContinuousClock.now
        try await body()
        times.append(ContinuousClock.now - start)
    }
    return times.sorted()[tries / 2]
}
