import SharedModels
import Testing

extension Journeys {
    /// Profiles, pictures and media of Skillhouse through the gateway.
    @Suite struct WorkProfiles {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private func read(_ url: String, by caller: Caller, headers: [(name: String, value: String)] = []) async throws
            -> Answer
        {
            let path = try #require(url.hasPrefix(stack.gateway) ? String(url.dropFirst(stack.gateway.count)) : nil)
            return try await caller.ask(.get, path, headers: headers)
        }

        @Test
        func `A freelancer fills in a profile with skills of the catalogue, and everybody reads it`() async throws {
            let (freelancer, admin) = (try await stack.freelancer(), try await stack.admin().caller)
            let name = "Weaving \(UInt32.random(in: 0 ... .max))"
            let skill = try await admin.succeed(Endpoints.skills.add.operation, [:], ["name": .string(name)])
            let shown = try #require(skill["data"])
            let id = try #require(shown["_id"]?.string)
            let ids = ["id": freelancer.id]
            let saved = try await freelancer.session.succeed(
                Endpoints.freelancerProfiles.update.operation, ids,
                [
                    "title": "Weaver", "firstName": "Asha Rao", "bio": "I weave.", "city": "Pune",
                    "experienceLevel": "Expert", "skills": [shown], "language": ["Marathi"],
                    "education": ["college": "Fergusson", "course": "Textiles"],
                    "employmentHistory": [["company": "Loom", "position": "Weaver", "duration": "2 years"]],
                ])
            #expect(saved["data"]?["profileCompleted"] == true && saved["message"]?.string != nil, "\(saved)")
            let seen = try await stack.anyone.succeed(Endpoints.freelancerProfiles.get.operation, ids)
            #expect(seen["data"] == saved["data"])
            #expect(seen["data"]?["skills"]?.array?.first == ["_id": .string(id), "name": .string(name)])
            #expect(seen["data"]?["email"] == nil)

            let again = try await freelancer.session.succeed(
                Endpoints.freelancerProfiles.update.operation, ids, ["title": "Master weaver"])
            #expect(again["data"]?["skills"]?.array?.count == 1 && again["data"]?["language"] == [])
            let own = try await freelancer.session.succeed(Endpoints.profiles.me.operation)
            #expect(own["display_name"] == "Asha Rao" && own["skills"] == [.string(name)])
        }

        @Test
        func `A profile is its owner's to change, and shown as what its owner is`() async throws {
            let (client, freelancer) = (try await stack.client(), try await stack.freelancer())
            let update = Endpoints.freelancerProfiles.update.operation
            #expect(try await freelancer.session.ask(update, ["id": client.id], ["city": "Pune"]).status == 403)
            #expect(try await freelancer.session.ask(update, ["id": "nonsense"], ["city": "Pune"]).status == 400)
            let unknown: JSONValue = ["skills": [["_id": "0123456789abcdef01234567"]]]
            let refused = try await freelancer.session.ask(update, ["id": freelancer.id], unknown)
            #expect(refused.status == 400 && refused.issuePaths == ["skills.0._id"], "\(refused)")
            let get = Endpoints.clientProfiles.get.operation
            #expect(try await freelancer.session.ask(get, ["id": freelancer.id]).status == 404)
            #expect(try await freelancer.session.ask(get, ["id": client.id]).status == 200)
            #expect(try await stack.anyone.ask(get, ["id": client.id]).status == 401)
        }

        @Test
        func `A picture is bounded, and shown by all surfaces through its link until it is replaced`() async throws {
            let freelancer = try await stack.freelancer()
            let upload = Endpoints.pictures.uploadForFreelancer.operation
            let stored = try await freelancer.session.upload(Files.png, to: upload, ["id": freelancer.id])
            let url = try #require(stored["imageUrl"]?.string, "\(stored)")
            let file = try await read(url, by: stack.anyone)
            #expect(file.status == 200 && file.header("content-type") == "image/png", "\(file)")
            #expect(file.bytes[16..<24].elementsEqual([0, 0, 1, 0xF4, 0, 0, 0, 0xFA]), "500 by 250")
            #expect(file.header("x-content-type-options") == "nosniff")
            #expect(file.header("content-disposition") == "inline; filename=\"image.png\"")
            let seen = try await stack.anyone.succeed(
                Endpoints.freelancerProfiles.get.operation, ["id": freelancer.id])
            #expect(seen["data"]?["profilePic"]?.string == url)
            let shown = try await freelancer.session.succeed(
                Endpoints.talentProfiles.get.operation, ["userId": freelancer.id])
            #expect(shown["data"]?["avatar"]?.string == url)
            let sign = try #require(url.last)
            let forged = url.dropLast() + (sign == "0" ? "1" : "0")
            #expect(try await read(String(forged), by: stack.anyone).status == 403)
            let bare = try #require(url.split(separator: "?").first.map(String.init))
            #expect(try await read(bare, by: stack.anyone).status == 401)
            #expect(try await read(bare, by: freelancer.session).status == 200)
            #expect(try await freelancer.session.upload(Files.png, to: upload, ["id": freelancer.id]).status == 200)
            #expect(try await read(url, by: stack.anyone).status == 404)
            #expect(try await freelancer.session.upload(Files.mp4, to: upload, ["id": freelancer.id]).status == 400)
            let other = try await stack.freelancer()
            #expect(try await other.session.upload(Files.png, to: upload, ["id": freelancer.id]).status == 403)
        }

        @Test
        func `A video comes back byte for byte and in parts, and is gone once it is removed`() async throws {
            let (owner, other) = (try await stack.client(), try await stack.freelancer())
            let stored = try await owner.session.upload(Files.mp4, to: Endpoints.media.upload.operation)
            #expect(stored.status == 200 && stored["mediaType"] == "video", "\(stored)")
            let url = try #require(stored["mediaUrl"]?.string)
            let whole = try await read(url, by: stack.anyone)
            #expect(whole.status == 200 && whole.bytes == Files.mp4 && whole.header("content-type") == "video/mp4")
            let part = try await read(url, by: stack.anyone, headers: [("Range", "bytes=10-29")])
            #expect(part.status == 206 && part.bytes == Array(Files.mp4[10..<30]))
            let id = try #require(url.split(separator: "?").first?.split(separator: "/").last.map(String.init))
            let delete = Endpoints.media.delete.operation
            #expect(try await other.session.ask(delete, ["id": id]).status == 404)
            #expect(try await owner.session.ask(delete, ["id": id]).status == 204)
            #expect(try await read(url, by: stack.anyone).status == 404)
        }

        @Test
        func `What is no image or video is refused by name, and so is what is too large`() async throws {
            let owner = try await stack.client()
            let upload = Endpoints.media.upload.operation
            for bytes in [
                Array("<svg/>".utf8), Array("%PDF-1.7".utf8), Array(Files.png.prefix(100)),
                Array(Files.mp4.dropLast(1)),
            ] {
                let refused = try await owner.session.upload(bytes, to: upload)
                #expect(refused.status == 400 && refused.issuePaths == ["media"], "\(refused)")
            }
            let field = try await owner.session.upload(Files.png, to: upload, field: "file")
            #expect(field.status == 400 && field.issuePaths == ["file"])
            let picture = Files.png + [UInt8](repeating: 0, count: PictureEndpoints.picture.maximum)
            let large = try await owner.session.upload(
                picture, to: Endpoints.pictures.uploadForClient.operation, ["id": owner.id])
            #expect(large.status == 413, "\(large)")
        }
    }
}
