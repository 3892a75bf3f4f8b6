import SharedModels

/// The people and the work of the made-up market. The same every time.
enum SeedWords {
    struct Person: Sendable {
        let name: String
        let bio: String
        let skills: [String]

        /// At the sandbox's GitHub.
        var login: String { name.lowercased().replacing(" ", with: "-").replacing("é", with: "e") }
    }

    struct Work: Sendable {
        let title: String
        let description: String
        let scope: String
        /// US cents per hour.
        let rate: Int64
    }

    static let clients: [Person] = [
        client("Mara Lindqvist", "Invoices and receipts for craftspeople."),
        client("Tomas Okafor", "Timetables for regional buses."), client("Yuki Tanabe", "A museum's online archive."),
        client("Ines Carvalho", "Software for small clinics."), client("Paul Demir", "Weather for farmers."),
        client("Sofia Rossi", "A publisher of cookbooks."), client("Henrik Aalto", "Maps for hikers."),
        client("Nadia Rahman", "A shop for second-hand bicycles."), client("Oliver Grant", "Bookkeeping for clubs."),
        client("Chloe Mercier", "Courses for carpenters."), client("Jonas Weber", "Sensors for greenhouses."),
        client("Amara Diallo", "Radio stations and their programmes."), client("Ravi Menon", "Loans of tools."),
        client("Elena Petrova", "Translations of technical manuals."), client("Liam Byrne", "A ferry company."),
    ]

    static let freelancers: [Person] = zip(
        [
            "Ada Novak", "Ben Castillo", "Clara Voss", "Dmitri Sokolov", "Esther Mwangi", "Felix Brandt", "Gita Rao",
            "Hugo Martel", "Isla Fraser", "Javier Ortega", "Kaya Demirel", "Lena Fischer", "Mateo Silva", "Nora Haugen",
            "Omar Farouk", "Priya Nair", "Quinn Doyle", "Rosa Delgado", "Samuel Adeyemi", "Tara Singh", "Umut Kaplan",
            "Vera Kowalski", "Wen Zhang", "Ximena Flores", "Yara Haddad", "Zoltan Nagy", "Anton Berg", "Bea Lombardi",
            "Cyrus Azadi", "Dana Levin", "Emil Kristensen", "Freya Olsen", "Goran Horvat", "Hana Suzuki", "Ivo Marek",
        ], 0...
    ).map { name, index in
        let craft = crafts[index % crafts.count]
        return Person(
            name: name, bio: "\(craft.bio) \(3 + index % 15) years of it, mostly for small companies.",
            skills: craft.skills)
    }

    /// Two hundred different gigs.
    static let works: [Work] = fields.enumerated().flatMap { place, field in
        crafts.enumerated().flatMap { index, craft in
            craft.titles.enumerated().map { variant, title in
                Work(
                    title: "\(title) for \(field)",
                    description: "\(craft.task) It is for \(field). The present state is in a repository that you get "
                        + "access to; ask when something is unclear.",
                    scope: craft.scope, rate: 2_500 + Int64((place * 7 + index * 13 + variant * 5) % 24) * 500)
            }
        }
    }

    private struct Craft {
        let titles: [String]
        let task: String
        let scope: String
        let bio: String
        let skills: [String]
    }

    private static let fields = [
        "a bicycle shop", "a museum's archive", "regional buses", "a small clinic", "a publisher", "a ferry line",
        "hikers' maps", "a greenhouse", "a radio station", "a lending library",
    ]

    private static let crafts = [
        Craft(
            titles: ["Write a parser", "Speed up the import"],
            task: "Files come in four formats, none of them documented well.",
            scope: "One package with tests; a benchmark before and after.", bio: "Parsers, compilers and file formats.",
            skills: ["swift", "rust", "parsing"]),
        Craft(
            titles: ["Design a booking page", "Rework the checkout"],
            task: "Half of the visitors give up before the end.",
            scope: "Drafts, then HTML and CSS; no framework.", bio: "Pages that people understand at once.",
            skills: ["html", "css", "figma"]),
        Craft(
            titles: ["Move the database to PostgreSQL", "Find the slow queries"],
            task: "Reports take minutes, and nobody knows why.",
            scope: "A migration that can be undone, and its notes.",
            bio: "Databases, from schema to backup.", skills: ["postgresql", "sql", "linux"]),
        Craft(
            titles: ["Build an iPhone app", "Make the app accessible"],
            task: "It must work with VoiceOver and large text.",
            scope: "SwiftUI, with tests of its screens.", bio: "Apps for people in a hurry.",
            skills: ["swift", "swiftui", "accessibility"]),
        Craft(
            titles: ["Write the handbook", "Translate the help pages"], task: "About forty pages, with pictures.",
            scope: "Markdown in a repository, one page a topic.", bio: "Technical writing in plain words.",
            skills: ["writing", "markdown", "german"]),
        Craft(
            titles: ["Set up monitoring", "Automate the releases"], task: "Faults are reported by customers today.",
            scope: "Everything as code; alerts that mean something.", bio: "Machines that look after themselves.",
            skills: ["linux", "prometheus", "ci"]),
        Craft(
            titles: ["Analyse the sales data", "Forecast the demand"], task: "Five years of numbers in spreadsheets.",
            scope: "A notebook, and a page that a manager reads.", bio: "Numbers, and what they mean.",
            skills: ["python", "statistics", "pandas"]),
        Craft(
            titles: ["Connect the payment provider", "Write a webhook receiver"],
            task: "Repeats must be harmless, and signatures checked.",
            scope: "A small service with tests of every failure.",
            bio: "Interfaces between things that were not made for each other.", skills: ["go", "http", "payments"]),
        Craft(
            titles: ["Review the security", "Write the threat model"], task: "Before we open it to the public.",
            scope: "A report, each finding with a way to fix it.", bio: "Looks for what can go wrong.",
            skills: ["security", "oauth", "review"]),
        Craft(
            titles: ["Train a classifier", "Build a search"], task: "Thirty thousand documents that nobody finds.",
            scope: "Measured on a sample that we label together.", bio: "Search and small models.",
            skills: ["python", "search", "machine learning"]),
    ]

    private static func client(_ name: String, _ bio: String) -> Person { Person(name: name, bio: bio, skills: []) }

    static let applications = [
        "I have done this twice; the second time in half the time.",
        "Your description is clear. I could begin on Monday.",
        "I would begin with a test that shows the fault.", "This is what I do all day, and I like it.",
        "May I see the repository before we talk about the rate?",
    ]

    static let clientReviews = [
        "On time, well tested, and a pleasure to work with.", "Asked the right questions first. Would hire again.",
        "Good work; one round more than planned.", "Found two faults that we had not asked about.",
    ]

    static let workerReviews = [
        "Clear wishes, quick answers, prompt release.", "Knows what is wanted, and says it.",
        "A friendly team. The access took a few days.", "Paid at once and without discussion.",
    ]
}
