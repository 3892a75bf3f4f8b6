import Foundation
import ServiceKit
import SharedModels

/// Makes images small, upright and free of what cameras note in them. libvips does it, in a separate process: images
/// come from strangers, and decoders have faults.
struct ImageWorkshop: Sendable {
    enum Shape: Sendable, Equatable {
        /// At most so wide and high.
        case within(Int)
        /// The middle of the image, at most so wide and high.
        case square(Int)
    }

    /// A larger image is not decoded.
    static let mostPixels = 50_000_000
    /// Of all pictures of an animation together.
    static let mostAnimatedPixels = 60_000_000

    private let queue = BlockingQueue("images")
    private let turnstile = Turnstile(width: 2, limit: 32)

    /// The image in its own format, with its colours in sRGB.
    ///
    /// - Throws: 400 for what is no image, or one that is too large to be decoded; 429 when too many images of the
    ///   account wait; 503 while images cannot be worked on.
    func fit(_ upload: UploadInput, _ shape: Shape, field: String, of account: AccountID) async throws -> [UInt8] {
        try await turnstile.pass(for: .account(account)) {
            try await queue.run {
                do {
                    return try WorkBench.use { try $0.fit(upload, shape) }
                } catch let problem as ImageProblem {
                    throw MediaError.unusable(field, problem.text)
                }
            }
        }
    }
}

/// Why an image is refused, to follow its field's name.
private struct ImageProblem: Error {
    let text: String
}

/// A folder that is there for one image.
private struct WorkBench {
    private static let environment = [
        "PATH=/usr/bin:/bin", "LC_ALL=C", "HOME=/nonexistent",
        // No decoder that is not tested against hostile files, and no threads.
        "VIPS_BLOCK_UNTRUSTED=1", "VIPS_CONCURRENCY=1",
    ]

    let folder: String

    static func use<Result>(_ body: (WorkBench) throws -> Result) throws -> Result {
        var path = Array("\(FileManager.default.temporaryDirectory.path)/guildhall-image-XXXXXX".utf8CString)
        guard mkdtemp(&path) != nil else { throw MediaError.unavailable(reason: "no folder: errno \(errno)") }
        let folder = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // What cannot be removed stays until the system clears the folder for temporary files.
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try body(WorkBench(folder: folder))
    }

    func fit(_ upload: UploadInput, _ shape: ImageWorkshop.Shape) throws -> [UInt8] {
        let image = try measure(upload)
        let result = "\(folder)/image.\(upload.type.fileExtension)"
        let source = "/dev/fd/\(ChildProcess.input)" + (image.pictures > 1 ? "[n=-1]" : "")
        let (side, crop): (Int, [String]) =
            switch shape {
            case .within(let side): (side, ["--size", "down"])
            case .square(let side): (min(side, image.width, image.height), ["--crop", "centre"])
            }
        try run(
            upload, "/usr/bin/vips",
            ["thumbnail", source, "\(result)[strip\(upload.type == .jpeg ? ",Q=85" : "")]", "\(side)"]
                + ["--height", "\(side)"] + crop + ["--export-profile", "srgb", "--fail-on", "error"])
        return [UInt8](try Data(contentsOf: URL(filePath: result)))
    }

    /// Reads the image's head alone.
    private func measure(_ upload: UploadInput) throws -> (width: Int, height: Int, pictures: Int) {
        try run(upload, "/usr/bin/vipsheader", ["-a", "/dev/fd/\(ChildProcess.input)"])
        let lines = String(decoding: try Data(contentsOf: URL(filePath: output)), as: UTF8.self).split(separator: "\n")
        func number(_ name: String) -> Int? {
            lines.first { $0.hasPrefix("\(name): ") }.flatMap { Int($0.dropFirst(name.count + 2)) }
        }
        guard let width = number("width"), let height = number("height"), width > 0, height > 0 else {
            throw ImageProblem(text: "is not an image that can be read")
        }
        let pictures = max(1, number("n-pages") ?? 1)
        let most = pictures > 1 ? ImageWorkshop.mostAnimatedPixels : ImageWorkshop.mostPixels
        guard width <= most, height <= most / width, pictures <= most / (width * height) else {
            let size =
                pictures > 1 ? "\(width) by \(height) pixels in \(pictures) pictures" : "\(width) by \(height) pixels"
            throw ImageProblem(text: "has \(size), more than \(most / 1_000_000) million; send a smaller one")
        }
        return (width, height, pictures)
    }

    private var output: String { "\(folder)/output" }

    private func run(_ upload: UploadInput, _ program: String, _ arguments: [String]) throws {
        let process = ChildProcess(
            program: program, arguments: arguments, descriptor: upload.file.descriptor, output: output,
            environment: Self.environment)
        switch process.run() {
        case .done: return
        case .failed: throw ImageProblem(text: "is not a whole \(upload.type.title) image")
        case .ended: throw ImageProblem(text: "takes too long to be decoded; send a smaller one")
        case .missing: throw MediaError.unavailable(reason: "\(program) cannot be started")
        }
    }
}
