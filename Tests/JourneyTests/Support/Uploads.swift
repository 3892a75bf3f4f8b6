import SharedModels
import Testing

/// Files that the service decodes or looks into.
enum Files {
    /// 600 by 300 pixels, with a palette.
    static let png = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAAlgAAAEsCAMAAAAo4z2kAAAAA1BMVEXIHjzD6Ll6AAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAxUlEQVR4\
        2u3BAQ0AAADCoPdPbQ8HFAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAHwawGoAAS0YDHwAAAAASUVORK5CYII=
        """)
    /// The least that a video has.
    static let mp4: [UInt8] =
        [0, 0, 0, 16] + Array("ftypisom".utf8) + [0, 0, 2, 0, 0, 0, 0, 9] + Array("moov".utf8) + [1, 0, 0, 0x40, 8]
        + Array("mdat".utf8) + (0..<16384).map { UInt8(truncatingIfNeeded: $0 / 3) }

    private static func decoded(_ text: String) -> [UInt8] { Base64.decode(text) ?? [] }
}

extension Caller {
    /// Sends a form with one file.
    func upload(
        _ bytes: [UInt8], to operation: SharedModels.Operation, _ ids: [String: String] = [:], field: String? = nil,
        headers: [(name: String, value: String)] = []
    ) async throws -> Answer {
        let name = field ?? operation.file?.name ?? "file"
        let head = "Content-Disposition: form-data; name=\"\(name)\"; filename=\"a\"\r\n"
        let form = Array("--guildhall\r\n\(head)\r\n".utf8) + bytes + Array("\r\n--guildhall--\r\n".utf8)
        return try await ask(
            operation.method, operation.path(with: ids), bytes: form,
            headers: [("Content-Type", "multipart/form-data; boundary=guildhall")] + headers)
    }

    /// The id of an image that was just stored.
    func image() async throws -> String {
        let stored = try await upload(Files.png, to: Endpoints.media.upload.operation)
        let url = try #require(stored["mediaUrl"]?.string, "\(stored)")
        return try #require(url.split(separator: "?").first?.split(separator: "/").last.map(String.init))
    }
}
