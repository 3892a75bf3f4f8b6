import HTTPTypes
import SharedModels

/// A file, or the part of it that was asked for (RFC 9110, section 14).
struct FileAnswer: Sendable {
    /// How much is read at a time, in bytes.
    private static let piece = 1 << 20

    let file: StreamedOutput
    let range: Range<Int>

    /// - Parameters:
    ///   - range: The header `Range`. What is not one range of bytes within the file is ignored, as the RFC allows.
    ///   - condition: The header `If-Range`. A file of ours never changes, but we do not compare: it is sent whole.
    init(_ file: StreamedOutput, range: String?, condition: String?) {
        self.file = file
        self.range = condition == nil ? Self.range(range, of: file.length) : 0..<file.length
    }

    private var isWhole: Bool { range == 0..<file.length }
    var status: Int { isWhole ? 200 : 206 }

    var headers: [(HTTPField.Name, String)] {
        var headers: [(HTTPField.Name, String)] = [
            (.contentType, file.type.rawValue), (.acceptRanges, "bytes"),
            (.contentDisposition, "inline; filename=\"\(file.name).\(file.type.fileExtension)\""),
            // Whatever it contains, it is no page of ours.
            (.contentSecurityPolicy, "sandbox; default-src 'none'"),
        ]
        if !isWhole {
            headers.append((.contentRange, "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.length)"))
        }
        return headers
    }

    func send(over line: ConnectionLine) async throws {
        var position = range.lowerBound
        while position < range.upperBound {
            let next = min(position + Self.piece, range.upperBound)
            try await line.write(try await file.read(position..<next))
            position = next
        }
    }

    private static func range(_ header: String?, of length: Int) -> Range<Int> {
        let whole = 0..<length
        guard let bytes = header?.utf8, bytes.starts(with: "bytes=".utf8) else { return whole }
        let ends = bytes.dropFirst("bytes=".utf8.count)
            .split(separator: UInt8(ascii: "-"), maxSplits: 2, omittingEmptySubsequences: false)
        guard ends.count == 2, ends.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) }) else { return whole }
        switch (Int(Substring(ends[0])), Int(Substring(ends[1]))) {
        case (let first?, let last?) where first <= last && first < length: return first..<min(last, length - 1) + 1
        case (let first?, nil) where ends[1].isEmpty && first < length: return first..<length
        case (nil, let last?) where ends[0].isEmpty && last > 0: return max(0, length - last)..<length
        default: return whole
        }
    }
}
