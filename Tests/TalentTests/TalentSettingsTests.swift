import ServiceKit
import SharedModels
import Testing

@testable import TalentService

/// The promise under test: a setting means what the table says, and a bad one is named.
@Suite struct TalentSettingsTests {
    private static let keys = ["S3_BUCKET": "files", "S3_ACCESS_KEY": "a", "S3_SECRET_KEY": "b"]

    private func bucket(_ more: [String: String]) throws -> S3Settings {
        let reader = try SettingsReader(.talent, Self.keys.merging(more) { _, new in new })
        guard case .bucket(let settings) = try StorageSettings(reader) else {
            throw BadSetting("S3_BUCKET", "is not used")
        }
        return settings
    }

    @Test func `files go to a folder unless a bucket is named`() throws {
        guard case .folder("storage") = try StorageSettings(SettingsReader(.talent, [:])) else {
            Issue.record("without settings it is the folder 'storage'")
            return
        }
        guard case .folder("/files") = try StorageSettings(SettingsReader(.talent, ["STORAGE_FOLDER": "/files"]))
        else {
            Issue.record("the folder is the one that is set")
            return
        }
        #expect(try bucket(["STORAGE_FOLDER": "/files"]).bucket == "files")
    }

    @Test(arguments: [
        ([:], "https://s3.us-east-1.amazonaws.com", "s3.us-east-1.amazonaws.com", ""),
        (
            ["S3_REGION": "eu-central-1"], "https://s3.eu-central-1.amazonaws.com",
            "s3.eu-central-1.amazonaws.com", ""
        ),
        (["S3_ENDPOINT": "http://Minio:9000/"], "http://minio:9000", "minio:9000", ""),
        (
            ["S3_ENDPOINT": "https://s3.example.com:443/base"], "https://s3.example.com", "s3.example.com",
            "/base"
        ),
        (["S3_ENDPOINT": "http://s3.example.com:443"], "http://s3.example.com:443", "s3.example.com:443", ""),
    ])
    func `an endpoint is where it says`(more: [String: String], origin: String, host: String, path: String)
        throws
    {
        let settings = try bucket(more)
        #expect(settings.origin == origin && settings.host == host && settings.path == path)
    }

    @Test(arguments: [
        ("S3_BUCKET", "ab"), ("S3_BUCKET", "Files"), ("S3_BUCKET", "a/../b"), ("S3_BUCKET", "bücher"),
        ("S3_ENDPOINT", "s3.example.com"), ("S3_ENDPOINT", "http://a.example/?b=c"), ("S3_ACCESS_KEY", ""),
        ("S3_SECRET_KEY", ""),
    ])
    func `a bad one is named`(name: String, value: String) {
        let refusal = #expect(throws: BadSetting.self) { try bucket([name: value]) }
        #expect(refusal?.name == name)
    }

    @Test func `free text counts with a provider alone, which needs a model`() throws {
        func settings(_ more: [String: String]) throws -> TalentSettings {
            try TalentSettings(SettingsReader(.talent, more))
        }
        let without = try settings(["MATCH_WEIGHT_TEXT": "30"])
        #expect(without.embedding == nil && without.matchWeights == .standard)
        let base = ["EMBEDDING_BASE_URL": "http://127.0.0.1:8089/llm/v1", "EMBEDDING_MODEL": "words-1"]
        let with = try settings(base.merging(["EMBEDDING_API_KEY": "sk-x"]) { $1 })
        #expect(with.embedding?.model == "words-1" && with.embedding?.apiKey?.reveal() == "sk-x")
        #expect(with.matchWeights.text == 20)
        #expect(try settings(base.merging(["MATCH_WEIGHT_TEXT": "0"]) { $1 }).matchWeights.text == 0)
        let refusal = #expect(throws: BadSetting.self) {
            try settings(["EMBEDDING_BASE_URL": "http://127.0.0.1:8089/llm/v1"])
        }
        #expect(refusal?.name == "EMBEDDING_MODEL")
    }
}
