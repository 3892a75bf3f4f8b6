/// A body of `multipart/form-data` (RFC 7578) with one part: the file that the endpoint declares.
public struct FileInput: Sendable {
    /// Determined from the content, never from the file's name or the type that was sent with it.
    public let type: FileType
    public let bytes: [UInt8]

    public init(type: FileType, bytes: [UInt8]) {
        self.type = type
        self.bytes = bytes
    }
}

/// The answer is a file, to be saved and not shown.
public struct FileOutput: Sendable {
    public let type: FileType
    /// What it is saved as, without the extension: letters, digits and hyphens.
    public let name: String
    public let bytes: [UInt8]

    public init(type: FileType, name: String, bytes: [UInt8]) {
        self.type = type
        self.name = name
        self.bytes = bytes
    }
}

/// The file that an endpoint takes.
public struct FileField: Sendable {
    /// Room for the rest of the form besides the file: boundaries and the part's head.
    public static let formOverhead = 64 << 10

    /// The form's field.
    public let name: String
    public let types: [FileType]
    /// The largest file, in bytes.
    public let maximum: Int

    public init(_ name: String, types: [FileType], maximum: Int) {
        self.name = name
        self.types = types
        self.maximum = maximum
    }
}

/// The kinds of files we take.
public enum FileType: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case pdf = "application/pdf"
    case jpeg = "image/jpeg"
    case png = "image/png"
    case webP = "image/webp"
    case gif = "image/gif"
    case mp4 = "video/mp4"
    case webM = "video/webm"
    case quickTime = "video/quicktime"

    public static let images = [jpeg, png, gif, webP]
    public static let videos = [mp4, webM, quickTime]

    /// The type of `bytes`, from the first few (WHATWG MIME Sniffing, section 6). A PDF must begin at the first byte.
    ///
    /// - Returns: `nil` for anything else.
    public init?(sniffing bytes: some Collection<UInt8>) {
        let head = Array(bytes.prefix(Self.head))
        if head.starts(with: "%PDF-".utf8) {
            self = .pdf
        } else if head.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if head.starts(with: "RIFF".utf8), head.dropFirst(8).starts(with: "WEBPVP".utf8) {
            self = .webP
        } else if head.starts(with: "GIF87a".utf8) || head.starts(with: "GIF89a".utf8) {
            self = .gif
        } else if head.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) {
            // Matroska, of which WebM is a part.
            guard head.firstRange(of: [0x42, 0x82, 0x84] + Array("webm".utf8)) != nil else { return nil }
            self = .webM
        } else if let type = Self.video(head.dropFirst(4)) {
            self = type
        } else {
            return nil
        }
    }

    /// Of how many bytes the type is determined, at most.
    public static let head = 64

    /// ISO/IEC 14496-12, section 4.3, and Apple's QuickTime File Format, whose older files begin with another atom.
    private static func video(_ text: some Collection<UInt8>) -> Self? {
        if text.starts(with: "ftyp".utf8) { return text.dropFirst(4).starts(with: "qt  ".utf8) ? .quickTime : .mp4 }
        return ["moov", "mdat", "wide", "free", "skip"].contains { text.starts(with: $0.utf8) } ? .quickTime : nil
    }

    public var fileExtension: String {
        switch self {
        case .pdf: "pdf"
        case .jpeg: "jpg"
        case .png: "png"
        case .webP: "webp"
        case .gif: "gif"
        case .mp4: "mp4"
        case .webM: "webm"
        case .quickTime: "mov"
        }
    }

    /// The name to show to people.
    public var title: String {
        switch self {
        case .pdf: "PDF"
        case .jpeg: "JPEG"
        case .png: "PNG"
        case .webP: "WebP"
        case .gif: "GIF"
        case .mp4: "MP4"
        case .webM: "WebM"
        case .quickTime: "QuickTime"
        }
    }
}
