import ArgumentParser
import SharedModels

struct GatewayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway", abstract: "Prints nginx's locations, grouped by service and prefix.")

    func run() {
        print(GatewayRoutes.text, terminator: "")
    }
}

/// The gateway's route map: one location for all paths below a prefix that go to the same service.
///
/// nginx finds a prefix in a tree, so the number of locations hardly matters; it tries patterns one by one. So a
/// pattern stands only inside the prefix where it makes a difference, for a path with parameters that leads elsewhere.
/// What is not declared below a prefix, the service behind it refuses, in the same shape as the gateway.
enum GatewayRoutes {
    static var text: String {
        "# Printed by `guildhallctl gateway`; do not edit. A test fails when it is stale.\n"
            + text(of: Catalogue.published)
    }

    static func text(of operations: [SharedModels.Operation]) -> String {
        var root = Branch(path: "")
        for (path, sharing) in Dictionary(grouping: operations, by: \.path).sorted(by: { $0.key < $1.key }) {
            let target = Target(sharing)
            root.insert(path.split(separator: "/"), Place(path: path, target: target))
        }
        return root.locations(besides: nil).joined()
    }
}

/// Where a request goes, and how large it may be.
private struct Target: Hashable {
    let service: ServiceName
    let largestBody: Int

    /// - Parameter operations: Those of one path.
    init(_ operations: [SharedModels.Operation]) {
        service = operations[0].service
        precondition(operations.allSatisfy { $0.service == operations[0].service }, "\(operations[0].path) is shared")
        largestBody = operations.map(\.maximumBody).max() ?? SharedModels.Operation.ordinaryBody
    }

    var directives: String {
        let limit = largestBody > SharedModels.Operation.ordinaryBody ? "client_max_body_size \(largestBody); " : ""
        return "\(limit)proxy_pass http://\(service.rawValue);"
    }
}

/// A declared path.
private struct Place {
    let path: String
    let target: Target

    var location: String {
        guard path.contains("{") else { return "location = \(path) { \(target.directives) }\n" }
        let segments = path.split(separator: "/").map { segment in
            segment.hasPrefix("{") ? "[^/]+" : String(segment).replacing(".", with: "\\.")
        }
        return "location ~ ^/\(segments.joined(separator: "/"))$ { \(target.directives) }\n"
    }
}

/// A prefix without parameters, and all that is declared below it.
private struct Branch {
    let path: String
    /// Ends here, or goes on with a parameter.
    var places: [Place] = []
    var branches: [String: Branch] = [:]

    init(path: String) { self.path = path }

    mutating func insert(_ segments: some Collection<Substring>, _ place: Place) {
        guard let next = segments.first, !next.hasPrefix("{") else { return places.append(place) }
        let name = String(next)
        branches[name, default: Branch(path: "\(path)/\(name)")].insert(segments.dropFirst(), place)
    }

    private var everything: [Place] { places + branches.values.flatMap(\.everything) }

    /// - Parameter outer: Where requests below this prefix go without a location of their own; `nil` is nowhere.
    func locations(besides outer: Target?) -> [String] {
        let all = everything
        let targets = Set(all.map(\.target))
        if let outer, targets == [outer] { return [] }
        if all.count == 1, !all[0].path.contains("{") { return [all[0].location] }
        // The longest prefix that all have: what is beside it stays a 404 of the gateway's own.
        if places.isEmpty, branches.count == 1 { return inner(besides: outer) }
        if targets.count == 1, !path.isEmpty { return [location(to: all[0].target, but: [])] }
        guard let most = mostWanted else {
            return places.filter { $0.target != outer }.map(\.location) + inner(besides: outer)
        }
        let others = places.filter { $0.target != most }
        return [location(to: most, but: others.filter { $0.path.contains("{") })]
            + others.filter { !$0.path.contains("{") }.map(\.location) + inner(besides: most)
    }

    private func location(to target: Target, but others: [Place]) -> String {
        guard !others.isEmpty else { return "location \(path) { \(target.directives) }\n" }
        return "location \(path) {\n"
            + others.map { "    \($0.location)" }.joined() + "    \(target.directives)\n}\n"
    }

    private func inner(besides outer: Target?) -> [String] {
        branches.sorted { $0.key < $1.key }.flatMap { $0.value.locations(besides: outer) }
    }

    /// Where most of the paths go that have a parameter next; `nil` when none has.
    private var mostWanted: Target? {
        var counts: [(target: Target, count: Int)] = []
        for place in places where place.path.contains("{") {
            if let index = counts.firstIndex(where: { $0.target == place.target }) {
                counts[index].count += 1
            } else {
                counts.append((place.target, 1))
            }
        }
        return counts.max { $0.count < $1.count }?.target
    }
}
