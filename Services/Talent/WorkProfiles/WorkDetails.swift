import SharedModels

/// What Skillhouse shows of a person besides the profile.
struct WorkDetails: Sendable, Equatable {
    let userID: AccountID
    var city = ""
    var state = ""
    var country = ""
    var zip = ""
    var languages: [String] = []
    var experienceLevel = ExperienceLevel.beginner
    var category: WorkCategory?
    var education = Education(college: "", course: "")
    var employment: [Employment] = []
    var portfolio: [PortfolioItem] = []
    /// Whether the person has filled in the profile of the role.
    var isFreelancerCompleted = false
    var isClientCompleted = false

    init(of user: AccountID) {
        userID = user
    }
}

/// A category, and what jobs called it last.
struct WorkCategory: Sendable, Equatable {
    let id: CategoryID
    let name: String
}

extension WorkDetails {
    /// As a freelancer's update asks for. `language` becomes empty when it is absent.
    ///
    /// - Parameter category: The category that the update names.
    mutating func apply(_ input: FreelancerProfileInput, category: WorkCategory?) throws(WorkProfileError) {
        try city.replace(with: input.city, "city", .place)
        try state.replace(with: input.state, "state", .place)
        try country.replace(with: input.country, "country", .place)
        zip = input.zip ?? zip
        languages = input.language ?? []
        experienceLevel = input.experienceLevel ?? experienceLevel
        if input.jobCategory != .keep { self.category = category }
        if let new = input.education {
            education = Education(college: new.college ?? "", course: new.course ?? "")
        }
        if let jobs = input.employmentHistory {
            employment = jobs.map {
                Employment(company: $0.company ?? "", position: $0.position ?? "", duration: $0.duration ?? "")
            }.filter { "\($0.company)\($0.position)\($0.duration)".hasVisibleCharacter }
        }
        portfolio = input.portfolio ?? portfolio
        isFreelancerCompleted = true
    }

    mutating func apply(_ input: ClientProfileInput) throws(WorkProfileError) {
        try city.replace(with: input.city, "city", .place)
        try state.replace(with: input.state, "state", .place)
        isClientCompleted = true
    }
}

/// How Skillhouse wants people and places to be written.
enum WorkWording {
    /// At least three characters, as at registration.
    case name
    /// Letters and single spaces.
    case place

    /// - Returns: What is wrong with `text`, or `nil`.
    func problem(of text: String) -> String? {
        guard self == .place else { return text.unicodeScalars.count < 3 ? "must have at least 3 characters" : nil }
        guard PlainWords.arePermitted(text) else { return PlainWords.refusal }
        let isSpaced = text.utf8.first != 0x20 && text.utf8.last != 0x20 && !text.contains("  ")
        return isSpaced ? nil : "must have single spaces, and none at its ends"
    }
}

extension String {
    /// Takes another text over, if there is one. An empty text clears; the same text is taken as it is.
    mutating func replace(
        with new: String?, _ member: String, _ wording: WorkWording
    ) throws(WorkProfileError) {
        guard let new, !new.isSpelled(self) else { return }
        if !new.isEmpty, let problem = wording.problem(of: new) { throw .unacceptable(member, problem) }
        self = new
    }
}
