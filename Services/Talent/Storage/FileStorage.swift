import SharedModels

/// Where the bytes of files are stored. The database records which files exist.
///
/// All throw ``StorageFailure`` when storage cannot be reached or does not work. Every call may be repeated.
protocol FileStorage: Sendable {
    /// Returns once the file would survive a crash.
    func put(_ bytes: [UInt8], as id: FileID, _ type: FileType) async throws
    /// - Returns: `nil` when there is no such file.
    func get(_ id: FileID) async throws -> [UInt8]?
    /// Also removes the remains of an interrupted ``put(_:as:_:)``.
    func remove(_ id: FileID) async throws
}

/// Storage does not work.
struct StorageFailure: Error, Equatable {
    /// For the log.
    let reason: String
}
