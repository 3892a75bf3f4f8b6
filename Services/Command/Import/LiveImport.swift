import Foundation
import Logging
import OutboundHTTP
import ServiceKit
import SharedModels

/// Sends what was read to the services that own it, as the operator. What is lost on the way is sent again.
struct LiveImport: ImportTarget {
    private static let attempts = 6

    private let peers: Peers
    private let http: OutboundHTTP
    private let isRehearsal: Bool

    /// - Parameters:
    ///   - environment: Has `SERVICE_SECRET`.
    ///   - places: Where the services are.
    ///   - isRehearsal: Whether the services only tell what would become of everything.
    /// - Throws: ``DumpError`` without a secret.
    init(_ environment: [String: String], at places: ServicePlaces, isRehearsal: Bool) throws {
        guard let secret = environment["SERVICE_SECRET"], !secret.isEmpty else {
            throw DumpError("SERVICE_SECRET must be set, as the services have it")
        }
        let addresses = ServiceName.withDatabase.map { ($0, places.url(of: $0)) }
        http = OutboundHTTP(userAgent: "guildhallctl", logger: Logger(label: "import"))
        peers = Peers(
            addresses: Dictionary(uniqueKeysWithValues: addresses),
            tokens: ServiceTokens(ofOperator: RotatingSecret(reading: secret)), http: http)
        self.isRehearsal = isRehearsal
    }

    func close() async { await http.shutdown() }

    func bring(_ batch: ImportBatch) async throws -> [ImportOutcome] {
        try await send(batch, isRehearsal: isRehearsal)
    }

    func ask(_ batch: ImportBatch) async throws -> [ImportOutcome] { try await send(batch, isRehearsal: true) }

    private func send(_ batch: ImportBatch, isRehearsal: Bool) async throws -> [ImportOutcome] {
        switch batch {
        case .users(let users): try await send(Endpoints.userImport.users, users, isRehearsal)
        case .profiles(let profiles): try await send(Endpoints.profileImport.profiles, profiles, isRehearsal)
        case .records(let jobs): try await send(Endpoints.profileImport.records, jobs, isRehearsal)
        case .categories(let categories): try await send(Endpoints.jobImport.categories, categories, isRehearsal)
        case .skills(let skills): try await send(Endpoints.jobImport.skills, skills, isRehearsal)
        case .jobs(let jobs): try await send(Endpoints.jobImport.jobs, jobs, isRehearsal)
        case .applications(let all): try await send(Endpoints.jobImport.applications, all, isRehearsal)
        case .contracts(let contracts): try await send(Endpoints.contractImport.contracts, contracts, isRehearsal)
        case .reviews(let reviews): try await send(Endpoints.contractImport.reviews, reviews, isRehearsal)
        case .escrows(let escrows): try await send(Endpoints.moneyImport.escrows, escrows, isRehearsal)
        case .wallets(let wallets): try await send(Endpoints.moneyImport.wallets, wallets, isRehearsal)
        case .conversations(let all): try await send(Endpoints.chatImport.conversations, all, isRehearsal)
        case .messages(let messages): try await send(Endpoints.chatImport.messages, messages, isRehearsal)
        case .notices(let notices): try await send(Endpoints.noticeImport.notices, notices, isRehearsal)
        }
    }

    private func send<Thing: Model>(
        _ endpoint: Endpoint<ImportedThings<Thing>, ImportAnswer>, _ things: [Thing], _ isRehearsal: Bool
    ) async throws -> [ImportOutcome] {
        let batch = ImportedThings(things, isRehearsal: isRehearsal)
        var attempt = 1
        while true {
            do {
                return try await peers.call(endpoint, batch, deadline: .seconds(120)).outcomes
            } catch let refusal as PeerRefusal where refusal.status < 500 || attempt == Self.attempts {
                if refusal.status == 413 { throw BatchTooLarge() }
                if refusal.status == 401 {
                    throw DumpError("SERVICE_SECRET is not what \(endpoint.operation.service.rawValue) has")
                }
                if let problems = refusal.problems { throw BatchRefused(problems: problems) }
                throw DumpError("\(endpoint.operation.service.rawValue) refuses: \(refusal.words)")
            } catch let error as OutboundError where attempt == Self.attempts {
                throw DumpError("\(endpoint.operation.service.rawValue) cannot be reached: \(error)")
            } catch is PeerRefusal, is OutboundError {
                try await Task.sleep(for: .seconds(1 << (attempt - 1)))
                attempt += 1
            }
        }
    }
}

extension PeerRefusal {
    /// What is wrong with single things of the batch: a path is `jobs.17.title`. `nil` when something else is wrong.
    fileprivate var problems: [Int: ImportOutcome]? {
        var problems: [Int: ImportOutcome] = [:]
        for issue in issues {
            let parts = issue.path.split(separator: ".", maxSplits: 2)
            guard parts.count >= 2, let index = Int(parts[1]), ImportLimit.things.contains(index + 1) else {
                return nil
            }
            if problems[index] == nil {
                problems[index] = .refused(parts.count > 2 ? String(parts[2]) : "", issue.message)
            }
        }
        return problems.isEmpty ? nil : problems
    }

    fileprivate var words: String {
        ([publicMessage] + issues.prefix(5).map { "\($0.path) \($0.message)" }).joined(separator: " ")
    }
}
