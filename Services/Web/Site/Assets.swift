import Crypto
import Foundation
import ServiceKit
import SharedModels

/// The files in `Resources/assets`, read once. Their addresses name their content, so browsers keep them for good.
struct Assets: Sendable {
    private let files: [String: (type: String, bytes: [UInt8], digest: String)]

    init(_ folder: URL) throws {
        var files: [String: (type: String, bytes: [UInt8], digest: String)] = [:]
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            guard let type = Self.types[file.pathExtension] else { continue }
            let bytes = [UInt8](try Data(contentsOf: file))
            let digest = Hexadecimal.encode(SHA256.hash(data: bytes)).prefix(12)
            files[file.lastPathComponent] = (type, bytes, String(digest))
        }
        self.files = files
    }

    private static let types = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
    ]

    /// The address of a file.
    func address(of name: String) -> String { "/assets/\(name)?v=\(files[name]?.digest ?? "")" }

    func answer(_ request: RawRequest) -> Answer? {
        guard let file = request.pathParameters["name"].flatMap({ files[$0] }) else { return nil }
        let isNamed = request.rawQuery == "v=\(file.digest)"
        return Answer(
            headers: [
                ("Content-Type", file.type),
                ("Cache-Control", isNamed ? "public, max-age=31536000, immutable" : "public, max-age=300"),
            ], body: file.bytes)
    }
}
