import OutboundHTTP
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: Skillhouse shows and changes the one profile of an account, and what it adds stays with it.
@Suite struct WorkProfileTests {
    @Test func `a freelancer's profile is there before it is filled in, and nobody needs to sign in`() async throws {
        try await Talents.with { (talents) async throws in
            let shown = try await talents.freelancer()
            #expect(shown.firstName == "Ada Lovelace" && shown.userID.id == talents.account)
            #expect(!shown.profileCompleted && shown.skills.isEmpty && shown.jobCategory == nil)
            #expect(shown.experienceLevel == .beginner && shown.profilePic.isEmpty)
            #expect(shown.linkedAccounts.github == "https://github.example/ada")
        }
    }

    @Test func `a freelancer fills it in, and every surface shows it`() async throws {
        try await Talents.with { (talents) async throws in
            let (swift, sql) = (talents.catalogue.put(skill: "Swift"), talents.catalogue.put(skill: "SQL"))
            let category = talents.catalogue.put(category: "Backend")
            var input = FreelancerProfileInput()
            input.title = "Engineer"
            input.firstName = "Ada Byron"
            input.bio = "I count."
            input.city = "St. Gallen"
            input.experienceLevel = .expert
            input.jobCategory = .set(CategoryReference(category))
            input.skills = [swift, sql, swift].map { SkillReference(_id: ObjectID($0)) }
            input.language = ["English", "German"]
            input.education = EducationInput(college: "Home", course: "Mathematics")
            input.employmentHistory = [EmploymentInput(company: "Babbage", position: "Analyst")]
            input.linkedAccounts = LinkedAccountsInput(
                linkedIn: "https://in.example/ada", website: "https://ada.example")
            let saved = try await talents.change(input)
            #expect(saved.profileCompleted && saved.title == "Engineer" && saved.city == "St. Gallen")
            #expect(saved.skills.map(\.name) == ["Swift", "SQL"] && saved.skills.map { $0._id?.id } == [swift, sql])
            #expect(saved.jobCategory?.name == "Backend" && saved.language == ["English", "German"])
            #expect(saved.education == Education(college: "Home", course: "Mathematics"))
            #expect(saved.employmentHistory == [Employment(company: "Babbage", position: "Analyst", duration: "")])
            #expect(try await JSONValue.encode(talents.freelancer()) == JSONValue.encode(saved))

            let own = try await talents.own()
            #expect(own.displayName == "Ada Byron" && own.bio == "I count." && own.skills == ["Swift", "SQL"])
            #expect(own.portfolioWebsiteURL == "https://ada.example")
        }
    }

    @Test func `what is left out stays, but languages become none`() async throws {
        try await Talents.with { (talents) async throws in
            let swift = talents.catalogue.put(skill: "Swift")
            var input = FreelancerProfileInput()
            (input.title, input.city, input.language) = ("Engineer", "Pune", ["English"])
            input.skills = [SkillReference(_id: ObjectID(swift))]
            try await talents.change(input)
            let saved = try await talents.change(FreelancerProfileInput(bio: "I count."))
            #expect(saved.title == "Engineer" && saved.city == "Pune" && saved.skills.map(\.name) == ["Swift"])
            #expect(saved.language.isEmpty && saved.bio == "I count.")
            let cleared = try await talents.change(FreelancerProfileInput(title: "", bio: "", city: "", skills: []))
            #expect(cleared.title.isEmpty && cleared.bio.isEmpty && cleared.city.isEmpty && cleared.skills.isEmpty)
        }
    }

    @Test func `skills and categories are shown as jobs calls them now, or as it did last while it is out`()
        async throws
    {
        try await Talents.with { (talents) async throws in
            let (swift, category) = (talents.catalogue.put(skill: "Swift"), talents.catalogue.put(category: "Backend"))
            var input = FreelancerProfileInput(skills: [SkillReference(_id: ObjectID(swift))])
            input.jobCategory = .set(CategoryReference(category))
            try await talents.change(input)
            talents.catalogue.put(skill: "Swift 6", swift)
            talents.catalogue.put(category: "Servers", category)
            let shown = try await talents.freelancer()
            #expect(shown.skills.map(\.name) == ["Swift 6"] && shown.jobCategory?.name == "Servers")
            talents.catalogue.change { $0.outage = OutboundError.timedOut }
            let last = try await talents.freelancer()
            #expect(last.skills.map(\.name) == ["Swift"] && last.jobCategory?.name == "Backend")
        }
    }

    @Test func `many freelancers are told of at once, also those who are clients by now, and who is gone is left out`()
        async throws
    {
        try await Talents.with { (talents) async throws in
            let (swift, other) = (talents.catalogue.put(skill: "Swift"), talents.newAccount(.sample(name: "Grace H.")))
            try await talents.change(
                FreelancerProfileInput(title: "Engineer", skills: [SkillReference(_id: ObjectID(swift))]))
            try await talents.update(ProfileUpdate(userType: .client))
            talents.catalogue.change { $0.outage = OutboundError.timedOut }
            let shown = try await talents.features.workProfiles.freelancers(
                [other, talents.account, .make(at: .start)], at: talents.clock.now
            ).map { $0.view(.sample, at: talents.clock.now) }
            let profileOf = Dictionary(uniqueKeysWithValues: shown.map { ($0.userID.id, $0) })
            #expect(profileOf.count == 2 && profileOf[other]?.firstName == "Grace H.")
            #expect(profileOf[talents.account]?.title == "Engineer")
            #expect(profileOf[talents.account]?.skills.map(\.name) == ["Swift"])
        }
    }

    @Test func `a skill written elsewhere gets the catalogue's id when it has one`() async throws {
        try await Talents.with { (talents) async throws in
            let react = talents.catalogue.put(skill: "React")
            try await talents.update(ProfileUpdate(skills: .set(["react.js", "knitting"])))
            let shown = try await talents.freelancer().skills
            #expect(shown.map { $0._id?.id } == [react, nil] && shown.map(\.name) == ["React", "knitting"])
        }
    }

    @Test func `skills are sent back as they were shown, those without an id too`() async throws {
        try await Talents.with { (talents) async throws in
            let react = talents.catalogue.put(skill: "React")
            try await talents.update(ProfileUpdate(skills: .set(["react.js", "knitting", "weaving"])))
            talents.catalogue.put(skill: "React", react, isListed: false)
            let shown = try await talents.freelancer().skills
            let same = shown.map { SkillReference(_id: $0._id, name: $0.name) }
            let saved = try await talents.change(FreelancerProfileInput(title: "Weaver", skills: same))
            #expect(saved.skills == shown && saved.title == "Weaver")
            let fewer = try await talents.change(FreelancerProfileInput(skills: [same[2], same[2]]))
            #expect(fewer.skills.map(\.name) == ["weaving"])
            let unknown = [same[2], SkillReference(_id: nil, name: "juggling"), SkillReference(_id: nil)]
            await #expect(throws: WorkProfileError.unknownSkills([1, 2])) {
                try await talents.change(FreelancerProfileInput(skills: unknown))
            }
        }
    }

    @Test func `what is not in the catalogue, or not offered any more, is refused by its place`() async throws {
        try await Talents.with { (talents) async throws in
            let (known, hidden) = (talents.catalogue.put(skill: "Swift"), talents.catalogue.put(skill: "COBOL"))
            try await talents.change(FreelancerProfileInput(skills: [SkillReference(_id: ObjectID(hidden))]))
            talents.catalogue.put(skill: "COBOL", hidden, isListed: false)
            // Kept, as it was there before.
            let both = [known, hidden].map { SkillReference(_id: ObjectID($0)) }
            #expect(try await talents.change(FreelancerProfileInput(skills: both)).skills.count == 2)
            try await talents.change(FreelancerProfileInput(skills: []))
            await #expect(throws: WorkProfileError.unknownSkills([1])) {
                try await talents.change(FreelancerProfileInput(skills: both))
            }
            var input = FreelancerProfileInput(title: "Engineer")
            input.jobCategory = .set(CategoryReference(.make(at: .start)))
            await #expect(throws: WorkProfileError.unknownCategory) { try await talents.change(input) }
            #expect(try await talents.freelancer().title.isEmpty)
        }
    }

    @Test(arguments: ["Al", "X"])
    func `a name has three characters at least, unless it is the one there was`(name: String) async throws {
        try await Talents.with { (talents) async throws in
            let refused = await #expect(throws: WorkProfileError.self) {
                try await talents.change(FreelancerProfileInput(firstName: name))
            }
            #expect(refused?.issues.map(\.path) == ["firstName"])
            #expect(try await talents.own().displayName == "Ada Lovelace")
            try await talents.update(ProfileUpdate(displayName: .set(name)))
            #expect(try await talents.change(FreelancerProfileInput(firstName: name)).firstName == name)
        }
    }

    @Test(arguments: ["City 17", "Two  Spaces", " Pune", "<Pune>"])
    func `a city has letters and single spaces`(city: String) async throws {
        try await Talents.with { (talents) async throws in
            let refused = await #expect(throws: WorkProfileError.self) {
                try await talents.change(FreelancerProfileInput(city: city))
            }
            #expect(refused?.issues.map(\.path) == ["city"])
        }
    }

    @Test func `a category is referred to by its id or its name, and an empty text names none`() async throws {
        try await Talents.with { (talents) async throws in
            let category = talents.catalogue.put(category: "Web Development")
            let found = [category.objectID, "\(category)", "Web Development", "web development"]
            for text in found {
                let input = FreelancerProfileInput(jobCategory: .set(CategoryReference(text)))
                #expect(try await talents.change(input).jobCategory?._id.id == category)
                let none = FreelancerProfileInput(jobCategory: .set(CategoryReference("")))
                #expect(try await talents.change(none).jobCategory == nil)
            }
            await #expect(throws: WorkProfileError.unknownCategory) {
                try await talents.change(FreelancerProfileInput(jobCategory: .set(CategoryReference("Weaving"))))
            }
        }
    }

    @Test func `a row of the employment history that says nothing is left out, and one without a company stays`()
        async throws
    {
        try await Talents.with { (talents) async throws in
            let rows = [
                EmploymentInput(company: "", position: "", duration: ""), EmploymentInput(),
                EmploymentInput(company: "", position: "Analyst", duration: "a year"),
            ]
            let saved = try await talents.change(FreelancerProfileInput(employmentHistory: rows))
            #expect(saved.employmentHistory == [Employment(company: "", position: "Analyst", duration: "a year")])
        }
    }

    @Test func `links are http or https, or empty`() async throws {
        try await Talents.with { (talents) async throws in
            for text in ["javascript:alert(1)", "ada", "ada@home.example", "https://", "ftp://ada.example"] {
                let links = LinkedAccountsInput(website: text)
                let refused = await #expect(throws: WorkProfileError.self) {
                    try await talents.change(FreelancerProfileInput(linkedAccounts: links))
                }
                #expect(refused?.issues.map(\.path) == ["linkedAccounts.website"])
                await #expect(throws: WorkProfileError.self) {
                    try await talents.change(FreelancerProfileInput(profilePic: text))
                }
            }
            await #expect(throws: WorkProfileError.self) {
                try await talents.change(FreelancerProfileInput(profilePic: "ada.example"))
            }
            let written = LinkedAccountsInput(github: "github.com/ada", linkedIn: "", website: "http://ada.example")
            let links = try await talents.change(FreelancerProfileInput(linkedAccounts: written)).linkedAccounts
            #expect(links.github == "https://github.com/ada" && links.website == "http://ada.example")
            let picture = "https://pictures.example/ada.png"
            #expect(try await talents.change(FreelancerProfileInput(profilePic: picture)).profilePic == picture)
            #expect(try await talents.change(FreelancerProfileInput(profilePic: "")).profilePic.isEmpty)
        }
    }

    @Test func `only one's own profile can be changed, only as what one is, and only in the version one has seen`()
        async throws
    {
        try await Talents.with { (talents) async throws in
            let other = talents.newAccount()
            await #expect(throws: WorkProfileError.notOwn) {
                try await talents.features.workProfiles.update(
                    FreelancerProfileInput(bio: "Mine."), of: other, by: talents.caller(), at: talents.clock.now,
                    expecting: anyVersion)
            }
            await #expect(throws: WorkProfileError.notFound(.client)) {
                try await talents.change(ClientProfileInput(firstName: "Ada", city: "Pune", state: "MH"))
            }
            await #expect(throws: Refusal.self) {
                try await talents.features.workProfiles.update(
                    FreelancerProfileInput(bio: "Mine."), of: talents.account, by: talents.caller(),
                    at: talents.clock.now, expecting: onlyVersion(9))
            }
            #expect(try await talents.own().bio == nil)
        }
    }

    @Test func `a client's profile shows the mail address, and what was posted and paid`() async throws {
        try await Talents.with { (talents) async throws in
            let client = talents.newAccount(.sample(name: "Grace Hopper", email: "grace@navy.example", type: .client))
            let input = ClientProfileInput(firstName: "Grace Hopper", city: "New York", state: "NY")
            let saved = try await talents.change(input, of: client)
            #expect(saved.profileCompleted && saved.city == "New York" && saved.state == "NY")
            #expect(saved.userID.email == "grace@navy.example" && saved.userID._id.id == client)
            #expect(saved.jobsPosted == 0 && saved.totalSpent == Rupees(paise: 0))

            let job = EventAggregate.make(at: .start)
            for flow in [DealFlow.escrowCheckout, .escrowCheckout, .milestoneCapture] {
                let aggregate = flow == .escrowCheckout ? job : .make(at: .start)
                try await talents.tell(
                    EventName.gigCreated.rawValue, of: aggregate,
                    [
                        "owner_user_id": .string("\(client)"), "title": "Invoices", "status": "active",
                        "flow": .string(flow.rawValue),
                    ])
            }
            let contract = EventAggregate.make(at: .start)
            for (status, isPaid, sequence) in [
                (CheckoutContractStatus.started, true, Int64(3)), (.pending, false, 2),
            ] {
                try await talents.tell(
                    contract: contract, of: client, paise: 100_050, status, isPaid: isPaid, sequence: sequence)
            }
            let shown = try await talents.client(client)
            #expect(shown.jobsPosted == 1 && shown.totalSpent == Rupees(paise: 100_050))
            try await talents.tell(
                contract: contract, of: client, paise: 100_050, .canceled, isPaid: true, sequence: 4)
            #expect(try await talents.client(client).totalSpent == Rupees(paise: 0))
        }
    }

    @Test func `a profile is shown as what its owner is, and gone with the account`() async throws {
        try await Talents.with { (talents) async throws in
            await #expect(throws: WorkProfileError.notFound(.client)) { try await talents.client(talents.account) }
            await #expect(throws: WorkProfileError.notFound(.freelancer)) {
                try await talents.freelancer(.make(at: .start))
            }
            try await talents.change(FreelancerProfileInput(title: "Engineer", city: "Pune"))
            try await talents.tell(
                InternalEventName.accountDeleted.rawValue, of: EventAggregate(talents.account.uuid),
                ["user_id": .string("\(talents.account)")])
            await #expect(throws: WorkProfileError.notFound(.freelancer)) { try await talents.freelancer() }
            let rows: Int64 = try await talents.database.one(
                "SELECT (SELECT count(*) FROM work_details) + (SELECT count(title) FROM profiles) AS rows"
            ) { try $0.decode("rows") }
            #expect(rows == 0)
        }
    }
}

extension Talents {
    func freelancer(_ account: AccountID? = nil) async throws -> FreelancerProfile {
        try await features.workProfiles.freelancer(account ?? self.account, at: clock.now).view(.sample, at: clock.now)
    }

    func client(_ account: AccountID) async throws -> ClientProfile {
        try await features.workProfiles.client(account, at: clock.now).view(.sample, at: clock.now)
    }

    @discardableResult
    func change(_ input: FreelancerProfileInput) async throws -> FreelancerProfile {
        try await features.workProfiles.update(
            input, of: account, by: caller(), at: clock.now, expecting: anyVersion
        ).view(.sample, at: clock.now)
    }

    @discardableResult
    func change(_ input: ClientProfileInput, of account: AccountID? = nil) async throws -> ClientProfile {
        try await features.workProfiles.update(
            input, of: account ?? self.account, by: caller(account, as: .client), at: clock.now, expecting: anyVersion
        ).view(.sample, at: clock.now)
    }

    /// Contracts reports what became of a contract of Skillhouse.
    fileprivate func tell(
        contract: EventAggregate, of client: AccountID, paise: Int64, _ status: CheckoutContractStatus, isPaid: Bool,
        sequence: Int64
    ) async throws {
        try await tell(
            InternalEventName.checkoutContractChanged.rawValue, of: contract,
            [
                "contract_id": .string("\(contract)"), "job_id": .string("\(GigID.make(at: .start))"),
                "client_user_id": .string("\(client)"), "freelancer_user_id": .string("\(account)"),
                "amount": .integer(paise), "is_paid": .bool(isPaid), "status": .string(status.rawValue),
                "release_fund_status": "NotRequested", "created_at": "2026-01-01T00:00:00Z",
            ], sequence: sequence)
    }
}
