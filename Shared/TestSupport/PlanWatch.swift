import Foundation
import Postgres

/// Shows which plans PostgreSQL really used for what a service did, and how many rows each step read: a separate server
/// logs every statement with its plan, also those of triggers and foreign keys (`auto_explain`).
///
/// So a test of growth asks workflows as routes do. It cannot forget a statement, and it sees plans that a connection has
/// kept from a time when the tables were empty.
package struct PlanWatch: Sendable {
    /// Something that a service does, by the words in which a failure tells of it.
    package struct Request: Sendable {
        let name: String
        /// How many rows one step may read, when it is more than others may.
        let rows: Double?
        let run: @Sendable () async throws -> Void

        package init(_ name: String, rows: Double? = nil, _ run: @escaping @Sendable () async throws -> Void) {
            (self.name, self.rows, self.run) = (name, rows, run)
        }
    }

    /// What may be read. It does not depend on how many rows there are.
    package struct Bounds: Sendable {
        /// Tables that stay small, which may be read as a whole.
        var small: Set<String>
        /// Tables that can fill while PostgreSQL still takes them for quiet: their rows are bounded then, too.
        var sudden: Set<String>
        /// How many rows one step may read, those that it leaves out included.
        var rows: Double
        /// How many rows may be sorted.
        var sorted: Double
        /// How many pages of an index may be passed by without a row. Versions of rows that are gone count, and the way to
        /// each key of many, so it is for tables that are read in the order of an index.
        var pages: Double
        /// Whether PostgreSQL knows of the rows that are there.
        fileprivate var isKnown = true

        package init(
            small: Set<String> = [], sudden: Set<String> = [], rows: Double = 1000, sorted: Double = 250,
            pages: Double = .infinity
        ) {
            (self.small, self.sudden, self.rows, self.sorted, self.pages) = (small, sudden, rows, sorted, pages)
        }
    }

    /// PostgreSQL tries a prepared statement's own plan five times before it may keep a general one.
    private static let repeats = 7
    private static let settings = [
        "shared_preload_libraries=auto_explain", "auto_explain.log_min_duration=0", "auto_explain.log_analyze=on",
        "auto_explain.log_timing=off", "auto_explain.log_nested_statements=on", "auto_explain.log_format=json",
        "auto_explain.log_buffers=on",
        // Statistics are taken when a test says so.
        "autovacuum=off", "shared_buffers=256MB",
    ]

    private let cluster: PrivateCluster

    /// Runs `body`, whose databases are on a watched server.
    package static func use(_ body: (PlanWatch) async throws -> Void) async throws {
        let cluster = try await PrivateCluster(settings: settings)
        let result: Result<Void, any Error>
        do {
            result = .success(try await TestPostgres.with(cluster) { try await body(PlanWatch(cluster: cluster)) })
        } catch {
            result = .failure(error)
        }
        try await cluster.remove()
        try result.get()
    }

    /// Runs statements that are not watched, each as long as it takes. Triggers and foreign keys rest meanwhile.
    private func unwatched(_ database: Database, _ statements: [SQL]) async throws {
        let name: String = try await database.one("SELECT current_database()::text AS name") { try $0.decode("name") }
        var configuration = Database.Configuration.patient(url: cluster.url(database: name))
        (configuration.statementTimeout, configuration.deadline) = (.seconds(280), .seconds(300))
        let other = Database(configuration, logger: .quiet)
        let result: Result<Void, any Error>
        do {
            try await other.transaction { tx in
                try await tx.execute(
                    """
                    SELECT set_config('auto_explain.log_min_duration', '-1', true),
                           set_config('session_replication_role', 'replica', true), set_config('enable_seqscan', 'on', true)
                    """)
                for statement in statements { try await tx.execute(statement) }
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await other.close()
        try result.get()
    }

    /// Does all requests on quiet tables until their plans are kept, fills the tables, and judges the same requests twice.
    /// With what PostgreSQL knew of the quiet tables, which it does for a minute, none may read a whole table, and sudden
    /// ones are read within the bounds. When it has looked at the full ones, all bounds hold.
    ///
    /// - Returns: What went through too many rows. Empty is good.
    package func judge(
        _ database: Database, _ requests: [Request], within bounds: Bounds, fill: [SQL]
    ) async throws -> [String] {
        try await unwatched(database, ["ANALYZE"])
        for request in requests {
            for _ in 0..<Self.repeats { try await request.run() }
        }
        try await unwatched(database, fill)
        var findings: [String] = []
        for (moment, isKnown) in [("as planned when it was quiet", false), ("as planned when it was full", true)] {
            for request in requests {
                let start = try size()
                for _ in 0..<Self.repeats { try await request.run() }
                var bounds = bounds
                bounds.rows = request.rows ?? bounds.rows
                bounds.isKnown = isKnown
                findings += try plans(from: start).flatMap { plan in
                    plan.findings(bounds).map { "\(request.name), \(moment): \($0) in \(plan.text)" }
                }
            }
            try await unwatched(database, ["ANALYZE"])
        }
        return NSOrderedSet(array: findings).array.compactMap { $0 as? String }
    }

    private func size() throws -> UInt64 {
        let file = try FileHandle(forReadingFrom: URL(filePath: cluster.log))
        defer { file.closeFile() }
        return try file.seekToEnd()
    }

    /// The plans in the log behind `start`. A plan follows the line that ends in `plan:`, each of its lines behind a tab.
    private func plans(from start: UInt64) throws -> [WatchedPlan] {
        let file = try FileHandle(forReadingFrom: URL(filePath: cluster.log))
        defer { file.closeFile() }
        try file.seek(toOffset: start)
        let lines = try file.readToEnd()?.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) ?? []
        var plans: [WatchedPlan] = []
        var current: Data?
        for line in lines + [Data()] {
            if line.first == UInt8(ascii: "\t") {
                current?.append(line)
            } else {
                if let json = current { plans.append(try JSONDecoder().decode(WatchedPlan.self, from: json)) }
                current = line.hasSuffix("plan:") ? Data() : nil
            }
        }
        return plans
    }
}

extension Data {
    fileprivate func hasSuffix(_ text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}

/// One executed statement.
private struct WatchedPlan: Decodable {
    let text: String
    let top: Step

    enum CodingKeys: String, CodingKey {
        case text = "Query Text"
        case top = "Plan"
    }

    /// A step of a plan. Numbers of rows are those of one loop.
    struct Step: Decodable {
        let kind: String
        let table: String?
        let index: String?
        let rows: Double
        let loops: Double
        let leftOut: Double?
        let leftOutLater: Double?
        /// Of all loops, with the steps below.
        let foundPages: Double?
        let readPages: Double?
        let below: [Step]?

        enum CodingKeys: String, CodingKey {
            case kind = "Node Type"
            case table = "Relation Name"
            case index = "Index Name"
            case rows = "Actual Rows"
            case loops = "Actual Loops"
            case leftOut = "Rows Removed by Filter"
            case leftOutLater = "Rows Removed by Index Recheck"
            case foundPages = "Shared Hit Blocks"
            case readPages = "Shared Read Blocks"
            case below = "Plans"
        }

        var read: Double { loops * (rows + (leftOut ?? 0) + (leftOutLater ?? 0)) }
        /// Pages beside those of its rows and of the way down to each loop's first one. PostgreSQL does not count the entries
        /// that a scan of an index passes by before it comes to the first row.
        var passedPages: Double {
            guard kind == "Index Scan" || kind == "Index Only Scan" else { return 0 }
            return pages - (below ?? []).reduce(0) { $0 + $1.pages } - read - 3 * loops
        }
        private var pages: Double { (foundPages ?? 0) + (readPages ?? 0) }
        var all: [Step] { [self] + (below ?? []).flatMap(\.all) }
    }

    func findings(_ bounds: PlanWatch.Bounds) -> [String] {
        top.all.compactMap { step in
            let name = [step.kind, step.index, step.table].compactMap(\.self).joined(separator: " ")
            if step.kind == "Seq Scan", let table = step.table, !bounds.small.contains(table) {
                return step.read > bounds.rows / 10 ? "\(name) of \(Int(step.read)) rows" : nil
            }
            let isSudden = step.table.map { bounds.sudden.contains($0) } ?? false
            guard bounds.isKnown || isSudden else { return nil }
            if step.kind.hasSuffix("Sort") {
                let sorted = (step.below ?? []).map { $0.rows * $0.loops }.max() ?? 0
                return sorted > bounds.sorted ? "\(name) of \(Int(sorted)) rows" : nil
            }
            if step.read > bounds.rows { return "\(name) of \(Int(step.read)) rows" }
            return step.passedPages > bounds.pages ? "\(name) past \(Int(step.passedPages)) pages" : nil
        }
    }
}
