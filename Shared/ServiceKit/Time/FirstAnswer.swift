/// The result of `work` if it comes within `limit`, in real time; `nil` when it takes longer.
///
/// In that case `work` is cancelled, and this function waits for its end. So `work` must end when it is cancelled.
package func firstAnswer<Value: Sendable>(
    within limit: Duration, _ work: @escaping @Sendable () async -> Value
) async -> Value? {
    await withTaskGroup(of: Value?.self) { group in
        group.addTask { await work() }
        group.addTask {
            // The wait is cut short when the result has come.
            try? await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        return await group.next() ?? nil
    }
}
