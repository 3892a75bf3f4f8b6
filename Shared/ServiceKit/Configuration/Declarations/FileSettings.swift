import SharedModels

/// Where files are stored, and the secret that recognises the owners of deleted accounts.
package struct FileSettings: Sendable {
    package let folder = Setting(
        "STORAGE_FOLDER", .folder, default: "storage", of: [.talent],
        "Where files are, unless `S3_BUCKET` is set. `make up` sets `.local/storage`, Compose a volume.")
    package let bucket = Setting(
        "S3_BUCKET", .bucket, without: "files are in `STORAGE_FOLDER`", of: [.talent],
        "The bucket that files are in, so that replicas need no shared folder.")
    package let endpoint = Setting(
        "S3_ENDPOINT", .httpURL, without: "Amazon's of `S3_REGION`", of: [.talent],
        "Where buckets are, each named in the path. Without a query.")
    package let region = Setting(
        "S3_REGION", .word, default: "us-east-1", of: [.talent], "The region that requests are signed for.")
    package let accessKey = Setting(
        "S3_ACCESS_KEY", .word, without: "required with `S3_BUCKET`", of: [.talent], "The key's id.")
    package let secretKey = Setting(
        "S3_SECRET_KEY", .token(), without: "required with `S3_BUCKET`", of: [.talent], "The key's secret.")
    package let tombstoneKey = Setting(
        "TOMBSTONE_KEY", .replaceableText(ofAtLeast: 32), without: "`SERVICE_SECRET`", of: [.auth, .talent],
        "Hashes what deleted accounts are recognised by. With another, those deleted before are not.")
}
