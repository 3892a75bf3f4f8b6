/// Where a picture is that was just stored.
public struct StoredPicture: Model {
    public let message: String
    /// Lets in everybody who follows it, until it expires.
    public let imageURL: String

    public init(message: String, imageURL: String) {
        self.message = message
        self.imageURL = imageURL
    }
}

public enum MediaKind: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case image, video
}

public struct StoredMedia: Model {
    /// Lets in everybody who follows it, until it expires. Without its query it takes a credential.
    public let mediaURL: String
    public let mediaType: MediaKind

    public init(mediaURL: String, mediaType: MediaKind) {
        self.mediaURL = mediaURL
        self.mediaType = mediaType
    }
}

/// The pictures of profiles on Skillhouse.
public struct PictureEndpoints: EndpointGroup {
    public static let surface = Surface.skillhouse
    public static let service = ServiceName.talent

    public static let picture = FileField("profilePic", types: FileType.images, maximum: 10 << 20)

    public let uploadForClient = Endpoint<UploadInput, StoredPicture>(
        "client.profile.picture", .post, "/api/client/profile/upload-image/{id}", of: Self.self,
        access: .client(.profilesWrite), errors: [.badRequest, .forbidden, .notFound], idempotency: .resumable,
        file: Self.picture, "Store your picture as a client, in place of the last one")
    public let uploadForFreelancer = Endpoint<UploadInput, StoredPicture>(
        "freelancer.profile.picture", .post, "/api/freelancer/profile/upload-image/{id}", of: Self.self,
        access: .freelancer(.profilesWrite), errors: [.badRequest, .forbidden, .notFound], idempotency: .resumable,
        file: Self.picture, "Store your picture as a freelancer, in place of the last one")
}

/// `/api/media`: images and videos that people show each other.
public struct MediaEndpoints: EndpointGroup {
    public static let surface = Surface.skillhouse
    public static let service = ServiceName.talent

    public static let media = FileField("media", types: FileType.images + FileType.videos, maximum: 100 << 20)
    /// Both belong to a signed link. They are ignored beside a credential that is missing them.
    public static let expires = Parameter<Int64?>.seconds("expires", "When the link ends, in seconds since 1970")
    public static let signature = Parameter<String?>.text("signature", 64, "Proves that the link is ours")

    public let upload = Endpoint<UploadInput, StoredMedia>(
        "media.upload", .post, "/api/media/upload", of: Self.self, access: .account(.messagesWrite),
        errors: [.badRequest], idempotency: .resumable, file: Self.media,
        "Store an image or a video; an image is bounded to 500 by 500 pixels")
    /// What `mediaUrl` and the addresses of pictures lead to. With the link's query it takes no credential.
    public let get = Endpoint<NoInput, StreamedOutput>(
        "media.get", .get, "/api/media/{id}", of: Self.self,
        access: .account(AccountRule(scope: nil, opensByLink: true)), query: [Self.expires, Self.signature],
        alsoAnswers: [206], errors: [.badRequest, .forbidden, .notFound], mediaTypes: Self.media.types.map(\.rawValue),
        "An image or a video")
    public let delete = Endpoint<NoInput, NoOutput>(
        "media.delete", .delete, "/api/media/{id}", of: Self.self, access: .account(.messagesWrite), success: 204,
        errors: [.badRequest, .notFound], "Remove an image or a video that you stored")
}
