import Foundation

/// The collections of Skillhouse, in the order in which they are imported.
enum DumpCollection: String, CaseIterable, Sendable {
    case users
    case categories
    case skills
    case freelancerProfiles = "freelancerprofiles"
    case clientProfiles = "clientprofiles"
    case jobs
    case applications
    case contracts
    case escrows
    case wallets
    case reviews
    case conversations
    case messages
    case notifications

    /// What a file of it may be called, in lower case and without what is no letter: as Mongoose makes names of
    /// collections, and as people do.
    fileprivate var names: [String] {
        switch self {
        case .freelancerProfiles: [rawValue, "freelancerprofile", "freelancers"]
        case .clientProfiles: [rawValue, "clientprofile", "clients"]
        case .categories: [rawValue, "category", "jobcategories"]
        case .applications: [rawValue, "application", "jobapplications"]
        case .escrows: [rawValue, "escrow"]
        case .users, .skills, .jobs, .contracts, .wallets, .reviews, .conversations, .messages,
            .notifications:
            [rawValue, String(rawValue.dropLast())]
        }
    }

    init?(fileNamed name: String) {
        let letters = name.lowercased().filter(\.isLetter)
        guard let found = Self.allCases.first(where: { $0.names.contains(letters) }) else { return nil }
        self = found
    }
}

/// The folder of an export: a file for each collection.
struct DumpFolder: Sendable {
    private static let endings: Set<String> = ["json", "jsonl", "ndjson"]

    private(set) var files: [DumpCollection: DumpFile] = [:]
    /// What is in the folder and is not read, by name.
    private(set) var ignored: [String] = []

    /// - Throws: ``DumpError``
    init(_ path: String) throws {
        guard Self.isFolder(path) else {
            throw DumpError(
                "\(path) is no folder; name the folder with a file for each collection (an archive is not read)")
        }
        let urls = try FileManager.default.contentsOfDirectory(
            at: URL(filePath: path), includingPropertiesForKeys: nil)
        for url in urls.sorted(by: { $0.lastPathComponent < $1.lastPathComponent }) { try add(url) }
        guard files[.users] != nil else {
            let inside = urls.filter { Self.isFolder($0.path(percentEncoded: false)) && Self.hasUsers($0) }.map(
                \.lastPathComponent
            ).sorted()
            let remedy =
                inside.isEmpty
                ? "export each collection, as `mongoexport --collection users --out users.json`, or all with `mongodump`"
                : "name the folder of one database: \(inside.map { "\(path)/\($0)" }.joined(separator: " or "))"
            throw DumpError("\(path) has no users.json and no users.bson: \(remedy)")
        }
    }

    private mutating func add(_ url: URL) throws {
        let name = url.lastPathComponent
        // What mongodump writes of the indexes, beside each collection.
        if name.hasSuffix(".metadata.json") || name.hasSuffix(".metadata.json.gz") { return }
        let isPacked = url.pathExtension.lowercased() == "gz"
        let plain = isPacked ? url.deletingPathExtension() : url
        let ending = plain.pathExtension.lowercased()
        let isBinary = ending == "bson"
        let collection = DumpCollection(fileNamed: plain.deletingPathExtension().lastPathComponent)
        guard let collection, isBinary || (!isPacked && Self.endings.contains(ending)) else {
            ignored.append(name)
            return
        }
        if let other = files[collection] {
            throw DumpError("\(other.name) and \(name) are both \(collection.rawValue)")
        }
        files[collection] = try DumpFile(url, isBinary: isBinary, isPacked: isPacked)
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    private static func hasUsers(_ folder: URL) -> Bool {
        ["users.bson", "users.bson.gz", "users.json"].contains {
            FileManager.default.fileExists(atPath: folder.appending(path: $0).path(percentEncoded: false))
        }
    }
}

/// The export cannot be read at all.
struct DumpError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
