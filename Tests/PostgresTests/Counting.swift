/// How many of `numbers` come back right when all are asked at the same time.
func count(
    _ numbers: Range<Int>, _ isRight: @escaping @Sendable (Int) async throws -> Bool
) async throws -> Int {
    try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in numbers { group.addTask { try await isRight(number) } }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
}
