import ServiceKit
import SharedModels

/// Where files are stored: in a bucket when one is named, else in a folder.
enum StorageSettings: Sendable {
    case folder(String)
    case bucket(S3Settings)

    init(_ reader: SettingsReader) throws {
        guard let bucket = reader.optional("S3_BUCKET") else {
            self = .folder(reader.string("STORAGE_FOLDER", default: "storage"))
            return
        }
        self = .bucket(try S3Settings(bucket: bucket, reader))
    }
}

struct S3Settings: Sendable {
    let bucket: String
    /// Scheme, host and port.
    let origin: String
    /// As the header `Host` has it: without a port that is the scheme's own.
    let host: String
    /// Below which the buckets are: empty, or without a slash at its end.
    let path: String
    let region: String
    let accessKey: String
    let secretKey: Secret

    init(bucket: String, _ reader: SettingsReader) throws {
        let isName = bucket.utf8.allSatisfy { $0.isASCIILowercase || $0.isASCIIDigit || "-.".utf8.contains($0) }
        guard isName, (3...63).contains(bucket.utf8.count) else {
            throw BadSetting("S3_BUCKET", "must be 3 to 63 of a-z, 0-9, hyphen and dot")
        }
        self.bucket = bucket
        region = reader.string("S3_REGION", default: "us-east-1")
        accessKey = try reader.required("S3_ACCESS_KEY")
        secretKey = try reader.secret("S3_SECRET_KEY")
        let endpoint = try reader.url("S3_ENDPOINT", default: "https://s3.\(region).amazonaws.com")
        guard let url = WebURL(endpoint), url.trailer.isEmpty else {
            throw BadSetting("S3_ENDPOINT", "must be an http or https URL without a query")
        }
        (host, origin, path) = (url.authority, url.origin, url.path)
    }
}
