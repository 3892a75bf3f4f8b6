/// What `work` answers within `limit`, in real time; `nil` when it takes longer.
///
/// It is then cancelled, and waited for: `work` must end when it is.
func firstAnswer<Value: Sendable>(
    within limit: Duration, _ work: @escaping @Sendable () async -> Value
) async -> Value? {
    await withTaskGroup(of: Value?.self) { group in
        group.addTask { await work() }
        group.addTask {
            // Cut short when the answer has come.
            try? await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        return await group.next() ?? nil
    }
}
