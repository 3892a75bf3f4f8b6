import SharedModels

/// Where the bytes of files rest. Which files there are is the database's to know.
///
/// All throw ``StorageFailure`` when storage cannot be reached or does not work. Every call may be repeated.
protocol FileStorage: Sendable {
    /// Returns once the file outlives a crash.
    func put(_ bytes: [UInt8], as id: FileID, _ type: FileType) async throws
    /// - Returns: `nil` when there is no such file.
    func get(_ id: FileID) async throws -> [UInt8]?
    /// Also removes what a broken-off ``put(_:as:_:)`` has left.
    func remove(_ id: FileID) async throws
}

/// Storage does not do what it is asked.
struct StorageFailure: Error, Equatable {
    /// For the log.
    let reason: String
}
