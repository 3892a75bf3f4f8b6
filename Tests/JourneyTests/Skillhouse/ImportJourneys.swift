import Foundation
import SharedModels
import TestSupport
import Testing

extension Journeys {
    /// Moving from the original Skillhouse.
    @Suite(.enabled(if: LocalStack.isGiven, "the programs of the stack are needed: GUILDHALL_TEST_BIN"))
    struct SkillhouseImports {
        private let stack: Stack
        private let dump = SkillhouseDump(seed: .random(in: 1 ... .max))

        init() throws { stack = try Stack.current() }

        private func signIn(_ thing: SkillhouseDump.Thing) async throws -> Answer {
            try await stack.anyone.ask(
                Endpoints.auth.login.operation, [:],
                ["email": .string(dump.address(of: thing)), "password": .string(SkillhouseDump.password)])
        }

        private func person(_ thing: SkillhouseDump.Thing) async throws -> Caller {
            let answer = try await signIn(thing)
            #expect(answer["user"]?["id"]?.string == dump.id(thing))
            return try SignedIn(answer, at: stack).caller
        }

        private func wallet(of thing: SkillhouseDump.Thing, _ caller: Caller) async throws -> JSONValue? {
            try await caller.succeed(Endpoints.wallets.earnings.operation, ["userId": dump.id(thing)])["data"]
        }

        private func numbers(_ things: SkillhouseDump.Thing...) -> Set<String> {
            Set(things.map { dump.number(of: $0) })
        }

        private func importAll() async throws {
            let folder = try dump.write()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let run = try await ImportRun.of(folder, at: stack)
            try #require(run.status == 0, "\(run.text)")
        }

        @Test
        func `A dry run tells what would come, and nothing comes`() async throws {
            let folder = try dump.write()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let run = try await ImportRun.of(folder, at: stack, ["--dry-run"])
            #expect(run.status == 0 && run.text.contains("would come"), "\(run.text)")
            for collection in ["users", "jobs", "contracts", "escrows", "wallets", "messages", "notifications"] {
                let counts = try run.counts(of: collection)
                #expect(counts[1] == counts[0] && counts[4] == 0, "\(collection): \(counts)")
            }
            #expect(try await signIn(.ada).status == 400)
            #expect(
                try await stack.anyone.ask(Endpoints.freelancerProfiles.get.operation, ["id": dump.id(.grace)]).status
                    == 404)
        }

        @Test
        func `A dry run tells what the installation would refuse, and what is there`() async throws {
            try await importAll()
            var other = SkillhouseDump(seed: .random(in: 1 ... .max))
            other.files["users.json"] = other.files["users.json"]?.replacing(
                other.address(of: .grace), with: dump.address(of: .grace))
            other.files["skills.json"] = dump.files["skills.json"]?.replacing(
                dump.id(.parsing), with: other.id(.parsing)
            )
            .replacing(dump.id(.sameAsParsing), with: other.id(.sameAsParsing))
            let folder = try other.write()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let run = try await ImportRun.of(folder, at: stack, ["--dry-run"])
            #expect(run.status == 2, "\(run.text)")
            #expect(run.text.contains("\(other.id(.grace)): email is another account's here"), "\(run.text)")
            #expect(try run.counts(of: "skills")[3] == 2)
            let own = try dump.write()
            defer { try? FileManager.default.removeItem(atPath: own) }
            let again = try await ImportRun.of(own, at: stack, ["--dry-run"])
            for collection in ["users", "jobs", "applications", "contracts", "escrows", "reviews", "messages"] {
                let counts = try again.counts(of: collection)
                #expect(counts[2] == counts[0] && counts[4] == 0, "\(collection): \(counts)")
            }
        }

        @Test
        func `What mongodump wrote comes as what mongoexport wrote, with the inbox`() async throws {
            let folder = try dump.writeBinary(isPacked: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let run = try await ImportRun.of(folder, at: stack)
            #expect(run.status == 0, "\(run.text)")
            #expect(try run.counts(of: "notifications") == [2, 2, 0, 0, 0])
            let (ada, grace) = (try await person(.ada), try await person(.grace))
            #expect(try await wallet(of: .grace, grace)?["balance"] == 2160)
            for (caller, unread) in [(ada, 0), (grace, 1)] {
                let inbox = try await caller.succeed(Endpoints.feed.inbox.operation)
                #expect(inbox["unread"]?.integer == Int64(unread), "\(inbox)")
            }
        }

        @Test
        func `An import that is killed is run again, and nothing is doubled`() async throws {
            let folder = try dump.write()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let seed = UInt64.random(in: 1...1_000_000)
            var random = SeededGenerator(seed: seed)
            for _ in 0..<6 {
                let limit = Int.random(in: 20...800, using: &random)
                _ = try await ImportRun.of(folder, at: stack, killedAfter: .milliseconds(limit))
            }
            let last = try await ImportRun.of(folder, at: stack)
            #expect(last.status == 0, "seed \(seed): \(last.text)")
            let again = try await ImportRun.of(folder, at: stack)
            #expect(again.status == 0, "\(again.text)")
            for collection in ["users", "jobs", "applications", "contracts", "escrows", "wallets", "messages"] {
                let counts = try again.counts(of: collection)
                #expect(counts[1] == 0 && counts[2] == counts[0] && counts[4] == 0, "\(collection): \(counts)")
            }
            let (ada, grace) = (try await person(.ada), try await person(.grace))
            #expect(try await wallet(of: .grace, grace)?["balance"] == 2160)
            #expect(try await wallet(of: .grace, grace)?["transactions"]?.array?.count == 2)
            #expect(try await wallet(of: .ada, ada)?["balance"] == 540)
            let job = try await ada.succeed(Endpoints.jobs.get.operation, ["id": dump.id(.ongoingJob)])
            #expect(job["data"]?["applicants"] == 2)
        }

        @Test
        func `Who comes from the original signs in with the old password and finds everything`() async throws {
            try await importAll()
            let (ada, grace) = (try await person(.ada), try await person(.grace))
            #expect(try await signIn(.linus).status == 403)
            #expect(try await signIn(.alan).status == 400)

            let jobs = try await ada.succeed(
                Endpoints.jobs.mine.operation, ["id": dump.id(.ada)], query: "?limit=10&sort=dateOld")["jobs"]?.array
            let states = (jobs ?? []).reduce(into: [String: String]()) {
                $0[$1["_id"]?.string ?? ""] = $1["status"]?.string
            }
            #expect(
                states == [
                    dump.id(.openJob): "Open", dump.id(.ongoingJob): "Ongoing", dump.id(.closedJob): "Closed",
                    dump.id(.canceledJob): "Open",
                ])
            let contracts = try await grace.succeed(
                Endpoints.freelancerContracts.list.operation, ["freelancerId": dump.id(.grace)])["contracts"]?.array
            #expect(
                Set((contracts ?? []).compactMap { $0["contractId"]?.string })
                    == numbers(.contract, .releasedContract, .canceledContract))
            let contract = try await ada.succeed(
                Endpoints.freelancerContracts.get.operation, ["contractId": dump.id(.contract)])["contract"]
            #expect(contract?["status"] == "Ongoing" && contract?["escrowPaid"] == .bool(true))
            #expect(contract?["statusHistory"]?.array?.first?["timestamp"] == "18-03-24")

            let moves = try await grace.succeed(
                Endpoints.wallets.transactions.operation, ["walletId": dump.id(.grace)])
            #expect(
                Set((moves["data"]?.array ?? []).compactMap { $0["contractId"]?.string })
                    == numbers(.releasedContract, .canceledContract))
            #expect(moves["data"]?.array?.allSatisfy { $0["clientName"] == "Ada" } == true)
            let reviews = try await stack.anyone.succeed(
                Endpoints.clientReviews.list.operation, ["freelancerId": dump.id(.grace)])
            #expect(reviews["data"]?.array?.first?["_id"]?.string == dump.id(.review))
            #expect(reviews["data"]?.array?.first?["description"] == "It links.")
            let profile = try await stack.anyone.succeed(
                Endpoints.freelancerProfiles.get.operation, ["id": dump.id(.grace)])["data"]
            #expect(profile?["title"] == "Compilers" && profile?["experienceLevel"] == "Expert")
            #expect(profile?["skills"]?.array?.compactMap { $0["name"]?.string } == [dump.skill])
            #expect(profile?["jobCategory"]?["name"]?.string == dump.category)
            let client = try await grace.succeed(
                Endpoints.clientProfiles.get.operation, ["id": dump.id(.ada)])["data"]
            #expect(client?["city"] == "London" && client?["jobsPosted"] == 4 && client?["totalSpent"] == 3500)

            let token = try #require(try await signIn(.ada)["accessToken"]?.string)
            let socket = try await PolledSocket.connect(stack, token: token)
            try await socket.say(
                "initializeChat", ["clientId": .string(dump.id(.ada)), "freelancerId": .string(dump.id(.grace))])
            let chat = try await socket.hear("chatInitialized")
            #expect(chat["conversationId"]?.string == dump.id(.conversation))
            #expect(chat["messages"]?.array?.map { $0["isRead"] == .bool(true) } == [true, true, false])
        }

        @Test
        func `A deal goes on where it was, to the wallet, and nobody is told of what was imported`() async throws {
            try await importAll()
            let (ada, grace) = (try await person(.ada), try await person(.grace))
            let admin = try await stack.admin().caller
            for one in [ada, grace] {
                #expect(try await one.succeed(Endpoints.feed.list.operation)["events"] == [])
            }
            let ids = ["contractId": dump.id(.contract)]
            try await grace.succeed(
                Endpoints.freelancerContracts.setStatus.operation, ids, ["status": "Completed"])
            try await ada.succeed(Endpoints.clientContracts.requestRelease.operation, ids)
            let released = try await admin.succeed(Endpoints.escrow.release.operation, ids)
            #expect(released["data"]?["grossAmount"] == 1500 && released["data"]?["status"] == "released")
            #expect(try await wallet(of: .grace, grace)?["balance"] == 3510)
            let job = try await eventually("the job is closed") {
                let job = try await ada.succeed(Endpoints.jobs.get.operation, ["id": dump.id(.ongoingJob)])["data"]
                return job?["status"] == "Closed" ? job : nil
            }
            #expect(job["hiredFreelancer"]?["_id"]?.string == dump.id(.grace))
        }

        @Test
        func `What is refused is named, and the rest comes`() async throws {
            var dump = dump
            dump.add("{\"_id\":{\"$oid\":\"\(dump.id(300))\"},\"title\":\"Without a client\"}", to: "jobs.json")
            let folder = try dump.write()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let run = try await ImportRun.of(folder, at: stack)
            #expect(run.status == 2)
            #expect(run.text.contains("refused  jobs.json:5 \(dump.id(300)): clientId is missing"), "\(run.text)")
            #expect(try run.counts(of: "jobs") == [5, 4, 0, 0, 1])
        }
    }
}
