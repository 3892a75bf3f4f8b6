/// An answer that comes with the version of what it shows, as `ETag`: for `If-Match` of a later change, and for
/// `If-None-Match` of a later look.
public protocol Versioned: Model {}

extension OwnProfile: Versioned {}
extension StoredResume: Versioned {}
extension HostedAgentView: Versioned {}
extension GigView: Versioned {}
extension ApplicationView: Versioned {}
extension NegotiationView: Versioned {}
extension ContactShare: Versioned {}
extension ContractView: Versioned {}
extension MilestoneView: Versioned {}
extension ReviewView: Versioned {}
extension DisputeView: Versioned {}
extension WebhookView: Versioned {}
extension CreatedWebhook: Versioned {}
extension ChannelView: Versioned {}

extension FreelancerProfileAnswer: Versioned {}
extension SavedFreelancerProfile: Versioned {}
extension SavedClientProfile: Versioned {}
extension StoredPicture: Versioned {}
extension JobAnswer: Versioned {}
extension JobDetails: Versioned {}
extension HireAnswer: Versioned {}
extension WholeHire: Versioned {}

extension TalentProfile: Versioned {}
extension UpdatedTalentProfile: Versioned {}
extension StoredPhoto: Versioned {}
extension CreatedSkillSyncWebhook: Versioned {}

extension Operation {
    /// Whether its answers have an `ETag`.
    public var tellsVersion: Bool { output is any Versioned.Type || output == StreamedOutput.self }
}
