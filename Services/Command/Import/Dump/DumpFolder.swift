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

    /// What a file of it may be called, in lower case and without what is no letter: as Mongoose makes names of
    /// collections, and as people do.
    fileprivate var names: [String] {
        switch self {
        case .freelancerProfiles: [rawValue, "freelancerprofile", "freelancers"]
        case .clientProfiles: [rawValue, "clientprofile", "clients"]
        case .categories: [rawValue, "category", "jobcategories"]
        case .applications: [rawValue, "application", "jobapplications"]
        case .escrows: [rawValue, "escrow"]
        case .users, .skills, .jobs, .contracts, .wallets, .reviews, .conversations, .messages:
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
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            throw DumpError("\(path) is no folder; name the folder with a file for each collection")
        }
        let urls = try FileManager.default.contentsOfDirectory(
            at: URL(filePath: path), includingPropertiesForKeys: nil)
        for url in urls.sorted(by: { $0.lastPathComponent < $1.lastPathComponent }) {
            let collection = DumpCollection(fileNamed: url.deletingPathExtension().lastPathComponent)
            guard let collection, Self.endings.contains(url.pathExtension.lowercased()) else {
                ignored.append(url.lastPathComponent)
                continue
            }
            if let other = files[collection] {
                throw DumpError("\(other.name) and \(url.lastPathComponent) are both \(collection.rawValue)")
            }
            files[collection] = try DumpFile(url)
        }
        guard files[.users] != nil else {
            let isBinary = ignored.contains { $0.hasSuffix(".bson") || $0.hasSuffix(".bson.gz") }
            let remedy =
                isBinary
                ? "but BSON: turn each file into JSON with `bsondump --outFile users.json users.bson`"
                : "the file of the users: export each collection, as `mongoexport --collection users --out users.json`"
            throw DumpError("\(path) has no users.json, \(remedy)")
        }
    }
}

/// The export cannot be read at all.
struct DumpError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
