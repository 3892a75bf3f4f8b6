import Foundation
import SharedModels

/// A small export of a made Skillhouse: what `mongoexport` writes of two clients, two freelancers and their deals.
package struct SkillhouseDump: Sendable {
    package static let password = "Sunny1day!"
    /// Of ``password``, as the original makes it.
    package static let hash = "$2b$10$abcdefghijklmnopqrstuubBMAZfsmApeybUYG0J5BxwmMeh2IA.K"

    /// Eight hexadecimal digits, in every id, address and name of this dump.
    package let tag: String
    /// The text of each file, by its name.
    package var files: [String: String] = [:]

    /// - Parameter seed: Another one for each dump that is brought into one installation.
    package init(seed: UInt32) {
        let digits = String(seed, radix: 16)
        tag = String(repeating: "0", count: 8 - digits.count) + digits
        addPeople()
        addJobs()
        addMoney()
        addTalk()
    }

    package enum Thing: Int, Sendable {
        case ada = 1, grace, linus, alan
        case category = 10
        case parsing = 20, sameAsParsing
        case openJob = 30, ongoingJob, closedJob, canceledJob
        case contract = 50, releasedContract, canceledContract
        case escrow = 60, releasedEscrow, refundedEscrow
        case review = 70
        case conversation = 80
    }

    /// 24 hexadecimal digits.
    package func id(_ thing: Thing) -> String { id(thing.rawValue) }

    package func id(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return "65f0c0de\(tag)" + String(repeating: "0", count: 8 - digits.count) + digits
    }

    package func address(of thing: Thing) -> String { "\(thing).\(tag)@example.org" }
    package var category: String { "Tools \(tag)" }
    package var skill: String { "Parsing \(tag)" }

    /// `CON` and eight digits, another one for each contract.
    package func number(of thing: Thing) -> String {
        let number =
            (Int(tag, radix: 16) ?? 0) * 10 % 90_000_000 + 10_000_000 + thing.rawValue - Thing.contract.rawValue
        return "CON\(number)"
    }

    /// Writes the files into a new folder.
    ///
    /// - Returns: Its path.
    package func write() throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "skillhouse-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in files {
            try Data(text.utf8).write(to: folder.appending(path: name))
        }
        return folder.path()
    }

    /// Writes what `mongodump` would have written, into a new folder.
    ///
    /// - Parameter isPacked: As with `--gzip`.
    /// - Returns: Its path.
    package func writeBinary(isPacked: Bool = false) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "skillhouse-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in files {
            let plain = String(name.prefix { $0 != "." })
            let file = folder.appending(path: "\(plain).bson")
            try Data(try Self.documents(text).flatMap(BSON.document)).write(to: file)
            try Data("{}".utf8).write(to: folder.appending(path: "\(plain).metadata.json"))
            guard isPacked else { continue }
            let gzip = Process()
            gzip.executableURL = URL(filePath: "/usr/bin/env")
            gzip.arguments = ["gzip", file.path()]
            try gzip.run()
            gzip.waitUntilExit()
        }
        return folder.path()
    }

    private static func documents(_ text: String) throws -> [JSONValue] {
        if let list = (try? JSONValue.parse(text.utf8))?.array { return list }
        return try text.split(separator: "\n").map { try JSONValue.parse($0.utf8) }
    }

    /// Adds a line to a file.
    package mutating func add(_ line: String, to file: String) { files[file, default: ""] += line + "\n" }

    private func reference(_ thing: Thing) -> String { #"{"$oid":"\#(id(thing))"}"# }
    private func new(_ number: Int) -> String { #""_id":{"$oid":"\#(id(number))"}"# }
    private func new(_ thing: Thing) -> String { new(thing.rawValue) }

    private func dates(_ created: String, _ updated: String) -> String {
        #""createdAt":{"$date":"\#(created)T10:00:00Z"},"updatedAt":{"$date":"\#(updated)T10:00:00.500Z"},"__v":0"#
    }
}

extension SkillhouseDump {
    private mutating func addPeople() {
        // An array, on several lines and in canonical form.
        files["users.json"] = """
            [{
              \(new(.ada)), "name": "Ada Lovelace", "email": "\(address(of: .ada).uppercased())",
              "password": "\(Self.hash)", "role": "client", "status": "active", "isGoogleAuth": false,
              "profilePic": "https://pictures.example/ada.png", "mobile": "+44 20 1234",
              "createdAt": {"$date": {"$numberLong": "1710280800000"}},
              "updatedAt": {"$date": {"$numberLong": "1710280800000"}}
            },
            {
              \(new(.grace)), "name": "Grace Hopper", "email": "\(address(of: .grace))", "password": "\(Self.hash)",
              "role": "freelancer", "status": "active", \(dates("2024-03-13", "2024-03-13"))
            },
            {
              \(new(.linus)), "name": "Linus Blocked", "email": "\(address(of: .linus))", "password": "\(Self.hash)",
              "role": "freelancer", "status": "blocked", \(dates("2024-03-13", "2024-03-13"))
            },
            {
              \(new(.alan)), "name": "Alan Turing", "email": "\(address(of: .alan))", "password": "", "role": "client",
              "isGoogleAuth": true, \(dates("2024-03-13", "2024-03-13"))
            }]
            """
        files["freelancerprofiles.json"] = """
            {\(new(5)),"userId":\(reference(.grace)),"firstName":"Grace","title":"Compilers","bio":"I make compilers.",\
            "skills":[\(reference(.parsing)),\(reference(.sameAsParsing))],"jobCategory":\(reference(.category)),\
            "city":"New York","language":["English"],"experienceLevel":"Expert","profileCompleted":true,\
            "education":{"college":"Yale","course":"Mathematics"},"linkedAccounts":{"github":"github.com/grace"},\
            "employmentHistory":[{"company":"Navy","position":"Admiral","duration":"42 years"}],\
            "portfolio":[{"name":"A-0","imageUrl":"https://pictures.example/a0.png"}],\
            \(dates("2024-03-13", "2024-03-14"))}

            """
        files["clientprofiles.json"] = """
            {\(new(6)),"userId":\(reference(.ada)),"firstName":"Ada","city":"London","state":"England",\
            "profileCompleted":true,"jobsPosted":4,"totalSpent":4500,\(dates("2024-03-13", "2024-03-14"))}

            """
        files["categories.json"] = """
            {\(new(.category)),"name":"\(category)","isListed":true,\(dates("2024-03-01", "2024-03-01"))}

            """
        files["skills.json"] = """
            {\(new(.parsing)),"name":"\(skill)","isListed":true,\(dates("2024-03-01", "2024-03-01"))}
            {\(new(.sameAsParsing)),"name":"\(skill.lowercased())","isListed":true,\(dates("2024-03-01", "2024-03-01"))}

            """
    }

    private mutating func addJobs() {
        let rows: [(Thing, title: String, rate: String, status: String, hired: String)] = [
            (.openJob, "A grammar", #"{"$numberInt":"750"}"#, "Open", "null"),
            (.ongoingJob, "A parser", #"{"$numberDouble":"1500.0"}"#, "Closed", reference(.grace)),
            (.closedJob, "A linker", "2000", "Closed", reference(.grace)),
            (.canceledJob, "A loader", "1000", "Open", "null"),
        ]
        for row in rows {
            add(
                """
                {\(new(row.0)),"title":"\(row.title) \(tag)","description":"As small as it can be.","rate":\(row.rate),\
                "experienceLevel":"Expert","location":"Remote","clientId":\(reference(.ada)),\
                "category":\(reference(.category)),"skills":[\(reference(.sameAsParsing))],\
                "hiredFreelancer":\(row.hired),\
                "applicants":1,"status":"\(row.status)",\(dates("2024-03-15", "2024-03-16"))}
                """, to: "jobs.json")
        }
        let applications: [(Int, Thing, Thing)] = [
            (40, .openJob, .grace), (41, .ongoingJob, .grace), (42, .closedJob, .grace), (43, .canceledJob, .grace),
            (44, .ongoingJob, .linus),
        ]
        for (number, job, freelancer) in applications {
            add(
                """
                {\(new(number)),"jobId":\(reference(job)),"freelancerId":\(reference(freelancer)),"isApplied":true,\
                "status":"Pending",\(dates("2024-03-16", "2024-03-16"))}
                """, to: "applications.json")
        }
    }

    private mutating func addMoney() {
        func contract(_ thing: Thing, of job: Thing, _ amount: Int, _ rest: String) -> String {
            """
            {\(new(thing)),"contractId":"\(number(of: thing))","jobId":\(reference(job)),"clientId":\(reference(.ada)),\
            "freelancerId":\(reference(.grace)),"amount":\(amount),"isApproved":true,"escrowPaid":true,\(rest),\
            \(dates("2024-03-17", "2024-03-25"))}
            """
        }
        func history(_ entries: (String, String)...) -> String {
            let list = entries.map { #"{"status":"\#($0.0)","timestamp":"\#($0.1)"}"# }
            return #""statusHistory":[\#(list.joined(separator: ","))]"#
        }
        let (started, ongoing) = (("Started", "18-03-24"), ("Ongoing", "19-03-24"))
        add(
            contract(
                .contract, of: .ongoingJob, 1500,
                #""status":"Ongoing","releaseFundStatus":"NotRequested","canceledBy":null,"#
                    + history(started, ongoing)), to: "contracts.json")
        add(
            contract(
                .releasedContract, of: .closedJob, 2000,
                #""status":"Completed","releaseFundStatus":"Approved","#
                    + history(started, ongoing, ("Completed", "22-03-24"))), to: "contracts.json")
        add(
            contract(
                .canceledContract, of: .canceledJob, 1000,
                #""status":"Canceled","releaseFundStatus":"Approved","canceledBy":"Client","cancelReason":"Late","#
                    + history(started, ongoing, ("Canceled", "21-03-24"))), to: "contracts.json")
        func escrow(_ thing: Thing, of contract: Thing, _ job: Thing, _ rest: String) -> String {
            """
            {\(new(thing)),"clientId":\(reference(.ada)),"freelancerId":\(reference(.grace)),"jobId":\(reference(job)),\
            "contractId":\(reference(contract)),"transactionType":"credit",\(rest),\(dates("2024-03-18", "2024-03-23"))}
            """
        }
        add(
            escrow(
                .escrow, of: .contract, .ongoingJob,
                #""amount":1500,"platformFee":150,"freelancerEarning":1350,"status":"funded""#), to: "escrows.json")
        add(
            escrow(
                .releasedEscrow, of: .releasedContract, .closedJob,
                #""amount":0,"platformFee":200,"freelancerEarning":1800,"status":"released""#), to: "escrows.json")
        add(
            escrow(
                .refundedEscrow, of: .canceledContract, .canceledJob,
                #""amount":0,"platformFee":100,"freelancerEarning":900,"status":"refunded""#), to: "escrows.json")
        func movement(_ amount: Int, of contract: Thing) -> String {
            """
            {"amount":\(amount),"description":"Payment","type":"credit","date":{"$date":"2024-03-23T10:00:00Z"},\
            "contractId":\(reference(contract))}
            """
        }
        files["wallets.json"] = """
            {\(new(90)),"userId":\(reference(.grace)),"balance":2160,"transactions":[\
            \(movement(1800, of: .releasedContract)),\(movement(360, of: .canceledContract))],\
            \(dates("2024-03-23", "2024-03-23"))}
            {\(new(91)),"userId":\(reference(.ada)),"balance":540,"transactions":[\
            \(movement(540, of: .canceledContract))],\
            \(dates("2024-03-23", "2024-03-23"))}

            """
        files["reviews.json"] = """
            {\(new(.review)),"contractId":\(reference(.releasedContract)),"clientId":\(reference(.ada)),\
            "freelancerId":\(reference(.grace)),"rating":5,"description":"It links.",\
            \(dates("2024-03-24", "2024-03-24"))}

            """
    }

    private mutating func addTalk() {
        files["conversations.json"] = """
            {\(new(.conversation)),"clientId":\(reference(.ada)),"freelancerId":\(reference(.grace)),\
            "lastMessage":"Yes",\
            \(dates("2024-03-17", "2024-03-20"))}

            """
        func message(_ number: Int, _ sender: Thing, _ receiver: Thing, _ rest: String) -> String {
            """
            {\(new(number)),"conversationId":\(reference(.conversation)),"senderId":\(reference(sender)),\
            "receiverId":\(reference(receiver)),\(rest),\(dates("2024-03-17", "2024-03-17"))}
            """
        }
        add(
            message(
                100, .ada, .grace,
                #""message":"Does it parse?","isRead":true,"readAt":{"$date":"2024-03-17T11:00:00Z"}"#),
            to: "messages.json")
        add(
            message(
                101, .grace, .ada,
                #""message":"See","isRead":true,"mediaType":"image","mediaUrl":"https://pictures.example/p.png""#),
            to: "messages.json")
        add(
            message(102, .grace, .ada, #""message":"Yes","isRead":false,"mediaType":null,"mediaUrl":"""#),
            to: "messages.json")
        func notice(_ number: Int, _ user: Thing, _ rest: String) -> String {
            "{\(new(number)),\"userId\":\(reference(user)),\(rest),\(dates("2024-03-17", "2024-03-18"))}"
        }
        add(
            notice(110, .ada, #""message":"Grace applied.","role":"client","type":"applied","read":true"#),
            to: "notifications.json")
        add(
            notice(111, .grace, #""message":"A contract for you.","role":"freelancer","type":"contract""#),
            to: "notifications.json")
    }
}
