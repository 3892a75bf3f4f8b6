import Glibc
import Postgres

/// The error that `body` throws, if it is one of the client's.
func postgresError(_ body: () async throws -> some Any) async -> PostgresError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? PostgresError
    }
}

/// How much memory this process has in RAM, in bytes (`man 5 proc`, `statm`).
func residentMemory() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 128)
    guard fgets(&buffer, 128, file) != nil else { return 0 }
    let fields = buffer.prefix { $0 != 0 }.split(separator: CChar(32))
    guard fields.count > 1 else { return 0 }
    let pages = Int(String(decoding: fields[1].map { UInt8(bitPattern: $0) }, as: UTF8.self)) ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
}
