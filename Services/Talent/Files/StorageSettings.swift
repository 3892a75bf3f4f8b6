import ServiceKit
import SharedModels

/// Where files are stored: in a bucket if one is named, otherwise in a folder.
enum StorageSettings: Sendable {
    case folder(String)
    case bucket(S3Settings)

    init(_ reader: SettingsReader) throws(BadSetting) {
        guard let bucket = reader.optional(Declared.files.bucket) else {
            self = .folder(try reader.value(Declared.files.folder))
            return
        }
        self = .bucket(try S3Settings(bucket: bucket, reader))
    }
}

struct S3Settings: Sendable {
    let bucket: String
    /// Scheme, host and port.
    let origin: String
    /// As in the header `Host`: without the scheme's default port.
    let host: String
    /// The path above the buckets: empty, or without a slash at its end.
    let path: String
    let region: String
    let accessKey: String
    let secretKey: Secret

    init(bucket: String, _ reader: SettingsReader) throws(BadSetting) {
        let declared = Declared.files
        guard let accessKey = reader.optional(declared.accessKey) else {
            throw BadSetting("S3_ACCESS_KEY", "is missing, while S3_BUCKET is there")
        }
        guard let secretKey = reader.optional(declared.secretKey) else {
            throw BadSetting("S3_SECRET_KEY", "is missing, while S3_BUCKET is there")
        }
        self.bucket = bucket
        self.accessKey = accessKey
        self.secretKey = secretKey
        region = try reader.value(declared.region)
        let endpoint = reader.value(declared.endpoint, default: "https://s3.\(region).amazonaws.com")
        guard let url = WebURL(endpoint), url.trailer.isEmpty else {
            throw BadSetting("S3_ENDPOINT", "must be an http or https URL without a query")
        }
        (host, origin, path) = (url.authority, url.origin, url.path)
    }
}
