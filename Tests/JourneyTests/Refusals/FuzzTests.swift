import SharedModels
import TestSupport
import Testing

extension Journeys {
    /// Every fault at every endpoint that writes: always a refusal in the right shape, nothing changed, and little
    /// spent.
    @Suite struct Fuzz {
        /// Without the one that takes whatever a mail program sends: its link alone decides.
        static let writing = Catalogue.published.filter {
            [.post, .put, .patch].contains($0.method) && $0.id != Endpoints.unsubscribing.unsubscribe.operation.id
        }
        /// How much a service's memory may grow over all calls, in bytes.
        private static let memory = 64 << 20

        let stack: Stack

        init() throws { stack = try Stack.current() }

        /// A caller that gets as far as the body.
        func caller(
            of operation: SharedModels.Operation, _ row: GuardRow, in world: GuardedWorld
        ) async throws -> Caller {
            guard case .account(let rule) = operation.access else { return stack.anyone }
            if rule.isForAdmins { return world.admin }
            let role: PartyRole =
                if case .parties(let roles) = row.owner { roles[0] } else if rule.userType == .freelancer {
                    .worker
                } else {
                    .client
                }
            let account = world.party(role)
            return rule.credentials.contains(.session) ? account.session : try await account.key().caller
        }

        private func bodies(
            for operation: SharedModels.Operation, _ row: GuardRow, in world: GuardedWorld,
            using generator: inout SeededGenerator
        ) -> [BadBody] {
            if operation.input == RawInput.self { return BadBody.forAll.map { $0.answered([400]) } }
            if operation.file != nil { return BadBody.forAll.map { $0.answered([400, 415]) } }
            guard let schema = operation.inputSchema, let example = operation.inputExample else {
                return BadBody.forAll + [BadBody("a member", ["surprise": 1], member: "surprise")]
            }
            // All members, with those of the row in place of the example's.
            let body = row.target(world).body
            let good = JSONValue.object(
                (example.object ?? []).map { JSONMember($0.name, body?[$0.name] ?? $0.value) })
            return BadBody.forAll + BadBody.variants(of: good, against: schema, using: &generator)
        }

        @Test(.timeLimit(.minutes(20)))
        func `Bad bodies are refused by name and change nothing, at the gateway and at the services`() async throws {
            let world = try await GuardedWorld.make(in: stack)
            let before = try await world.look()
            var generator = SeededGenerator(seed: 4711)
            var tried = 0
            for operation in Self.writing {
                let row = try #require(
                    GuardRow.all[operation.id], "\(operation.id) has no row in GuardRow.all")
                let caller = try await caller(of: operation, row, in: world)
                for (number, body) in bodies(for: operation, row, in: world, using: &generator).enumerated() {
                    let door = number.isMultiple(of: 2) ? caller : caller.at(operation.service)
                    try await expectRefusal(of: body, at: operation, row.target(world).ids, by: door)
                    tried += 1
                }
            }
            #expect(tried > 500)
            let changes = try await world.changes(since: before)
            #expect(changes == [])
        }

        @Test(.timeLimit(.minutes(20)))
        func `Ten megabytes are refused everywhere, and are not kept`() async throws {
            let world = try await GuardedWorld.make(in: stack)
            let before = try peaks()
            for operation in Self.writing {
                let row = try #require(GuardRow.all[operation.id])
                let caller = try await caller(of: operation, row, in: world)
                var body = BadBody.tooLarge
                // What streams to a file is refused by its type before its first byte is read.
                if operation.takesUpload { body.statuses.insert(415) }
                for door in [caller, caller.at(operation.service)] {
                    try await expectRefusal(of: body, at: operation, row.target(world).ids, by: door)
                }
            }
            try expectLittleMore(than: before)
        }

        @Test(.timeLimit(.minutes(20)))
        func `Many large and deep bodies at once cost little memory`() async throws {
            let world = try await GuardedWorld.make(in: stack)
            let before = try peaks()
            let client = world.deal.client.session
            let target = (Endpoints.gigs.create.operation, Endpoints.notifications.createWebhook.operation)
            for body in [BadBody.tooLarge] + BadBody.forAll.prefix(3) {
                for operation in [target.0, target.1] {
                    _ = try await Parallel.run(16) {
                        try await expectRefusal(
                            of: body, at: operation, [:], by: client.at(operation.service))
                    }
                }
            }
            try expectLittleMore(than: before)
        }

        private func expectRefusal(
            of body: BadBody, at operation: SharedModels.Operation, _ ids: [String: String], by caller: Caller
        ) async throws {
            let type = body.contentType.map { [(name: "Content-Type", value: $0)] } ?? []
            let answer = try await caller.ask(
                operation.method, operation.path(with: ids), bytes: body.bytes, headers: type)
            let comment: Comment = "\(operation.id), \(body.what): \(answer)"
            let isSkillSync = operation.surface == .skillSync
            // There wrong members are a 422.
            let status = isSkillSync && answer.code == "VALIDATION_FAILED" && answer.status == 422 ? 400 : answer.status
            #expect(body.statuses.contains(status), comment)
            #expect(operation.refusals.contains { $0.status == status }, comment)
            #expect(answer.code.flatMap(ErrorCode.init)?.status == status, comment)
            #expect(answer.message?.isEmpty == false, comment)
            #expect(answer.requestID == answer.header("x-request-id"), comment)
            #expect(answer.isEnveloped == isSkillSync, comment)
            #expect(answer.isOAuth == (operation.surface == .oauth), comment)
            if !isSkillSync, !answer.isOAuth {
                #expect(answer["status"]?.integer == Int64(answer.status), comment)
                #expect(answer["error"]?["issues"]?.array != nil, comment)
            }
            if let member = body.member { #expect(answer.issuePaths.contains(member), comment) }
        }

        /// The most memory that each service has used, if the services run on this machine.
        private func peaks() throws -> [ServiceName: Int] {
            guard LocalStack.isGiven else { return [:] }
            return try LocalStack(stack).peakMemory()
        }

        private func expectLittleMore(than before: [ServiceName: Int]) throws {
            for (service, after) in try peaks() {
                let grown = after - (before[service] ?? 0)
                #expect(grown < Self.memory, "\(service) took \(grown >> 20) MiB more")
            }
        }
    }
}

extension BadBody {
    /// The same body, refused in a different way.
    fileprivate func answered(_ statuses: Set<Int>) -> BadBody {
        var body = self
        body.statuses = statuses
        body.member = nil
        return body
    }
}
