/// The results of several calls made at the same time.
package struct Attempts<Value: Sendable>: Sendable {
    package fileprivate(set) var successes: [Value] = []
    package fileprivate(set) var failures: [any Error] = []
}

/// Makes `count` calls at the same time.
package func attempts<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) async throws -> Value
) async -> Attempts<Value> {
    await withTaskGroup(of: Result<Value, any Error>.self) { group in
        for index in 0..<count {
            group.addTask { await outcome { try await body(index) } }
        }
        var attempts = Attempts<Value>()
        for await result in group {
            switch result {
            case .success(let value): attempts.successes.append(value)
            case .failure(let error): attempts.failures.append(error)
            }
        }
        return attempts
    }
}

package func attempts<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable () async throws -> Value
) async -> Attempts<Value> {
    await attempts(count) { (_: Int) in try await body() }
}

/// The outcome of a call, for a test that looks at it later.
package func outcome<Value>(of body: () async throws -> Value) async -> Result<Value, any Error> {
    do {
        return .success(try await body())
    } catch {
        return .failure(error)
    }
}
