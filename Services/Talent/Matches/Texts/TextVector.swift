import Foundation
import SharedModels

/// What a text means, as a model of the provider sees it: a byte for each dimension.
struct TextVector: Sendable, Equatable {
    /// The most dimensions that are kept.
    static let most = 4_096

    let model: String
    let bytes: [UInt8]

    init?(model: String, bytes: [UInt8]) {
        guard !model.isEmpty, (1...Self.most).contains(bytes.count) else { return nil }
        (self.model, self.bytes) = (model, bytes)
    }

    /// Rounded to whole numbers up to 127; only the direction counts.
    ///
    /// - Returns: `nil` for what is no direction.
    init?(model: String, _ numbers: [Double]) {
        guard let largest = numbers.map(abs).max(), largest.isFinite, largest > 0,
            numbers.allSatisfy(\.isFinite)
        else { return nil }
        let bytes = numbers.map { UInt8(bitPattern: Int8(($0 / largest * 127).rounded())) }
        self.init(model: model, bytes: bytes)
    }

    /// How close two texts are, in hundredths of a percent: the cosine, or 0 when they point away from each other. `nil` when
    /// they cannot be compared.
    ///
    /// All sums are whole numbers below 2^53, so the result is the same on every machine.
    func closeness(to other: Self) -> Int? {
        guard model == other.model, bytes.count == other.bytes.count else { return nil }
        var (product, one, two) = (0, 0, 0)
        for (left, right) in zip(bytes, other.bytes) {
            let (left, right) = (Int(Int8(bitPattern: left)), Int(Int8(bitPattern: right)))
            product += left * right
            one += left * left
            two += right * right
        }
        guard one > 0, two > 0 else { return nil }
        let length = Double(one * two).squareRoot()
        return min(MatchScorer.whole, Int(Double(max(0, product)) / length * Double(MatchScorer.whole)))
    }
}

extension TextVector: Codable {
    private enum CodingKeys: String, CodingKey {
        case model, bytes
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let model = try container.decode(String.self, forKey: .model)
        guard let bytes = Base64.decode(try container.decode(String.self, forKey: .bytes)),
            let vector = Self(model: model, bytes: bytes)
        else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no vector of a text"))
        }
        self = vector
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(model, forKey: .model)
        try container.encode(Base64.encode(bytes), forKey: .bytes)
    }
}
