import ServiceKit

struct ContractsSettings: Sendable {
    /// `PLATFORM_FEE_BPS`, the platform's share in hundredths of a percent; 5 % as the product promises.
    /// Payments, which has the same setting, decides; here it only foretells a release that has not
    /// finished.
    let feeBasisPoints: Int64

    init(_ environment: SettingsReader) throws {
        feeBasisPoints = Int64(try environment.integer("PLATFORM_FEE_BPS", default: 500, 0...10_000))
    }
}
