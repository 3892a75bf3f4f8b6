import Foundation
import OutboundHTTP
import SharedModels

/// A form with one file (RFC 7578), as it is sent.
struct FileForm {
    let contentType: String
    let bytes: [UInt8]

    init(_ file: FileInput, in field: FileField) {
        // A random separator, which no file contains by chance.
        let boundary = "guildhall-\(UUID().uuidString)"
        contentType = "multipart/form-data; boundary=\(boundary)"
        let disposition =
            "form-data; name=\"\(field.name)\"; filename=\"\(field.name).\(file.type.fileExtension)\""
        let head = "Content-Disposition: \(disposition)\r\nContent-Type: \(file.type.rawValue)\r\n"
        bytes =
            Array("--\(boundary)\r\n\(head)\r\n".utf8) + file.bytes + Array("\r\n--\(boundary)--\r\n".utf8)
    }
}

extension FileOutput {
    /// - Returns: `nil` when the answer is not a file of a known type.
    init?(_ response: OutboundResponse) {
        guard let type = response.header("content-type").flatMap(FileType.init) else { return nil }
        let name = response.header("content-disposition")?.split(separator: "\"").dropFirst().first
        self.init(
            type: type, name: String(name?.prefix { $0 != "." } ?? "file"), bytes: response.body)
    }
}
