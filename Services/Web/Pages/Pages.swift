/// What is shown under a number of addresses that belong together.
protocol PageGroup: Sendable {
    func register(on site: inout SiteMap)
}

/// Every page.
enum Pages {
    static let all: [any PageGroup] = [
        HomePages(), SignInPages(), BoardPages(), GigPages(), OwnGigPages(), ApplicantPages(), ApplicationPages(),
        ProfilePages(), PeoplePages(), DealPages(), TermsPages(), ContractPages(), MilestonePages(), FundingPages(),
        DisputePages(),
        MessagePages(), EarningsPages(), SettingsPages(), FilePages(), SignInMethodPages(),
        PasswordPages(), RegisterPages(), ReturnPages(),
        KeyPages(), WebhookPages(), ChannelPages(), AdminPages(), NamePages(), ServicePages(),
    ]
}
