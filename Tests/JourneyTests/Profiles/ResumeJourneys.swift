import GuildhallClient
import SharedModels
import Testing

extension Journeys {
    /// A resume through the gateway: its limits, and who may read it for how long.
    @Suite struct Resumes {
        private static let pdf = Array("%PDF-1.7\n%\u{e2}\u{e3}\r\n--b\r\n%%EOF\n".utf8)
        private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0xFF]

        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private func upload(
            _ bytes: [UInt8], by caller: Caller, name: String = "cv.exe", type: String = "text/html",
            headers: [(name: String, value: String)] = []
        ) async throws -> Answer {
            let disposition = "form-data; name=\"resume\"; filename=\"\(name)\""
            let head = "Content-Disposition: \(disposition)\r\nContent-Type: \(type)\r\n"
            let form = Array("--guildhall\r\n\(head)\r\n".utf8) + bytes + Array("\r\n--guildhall--\r\n".utf8)
            return try await caller.ask(
                .post, Endpoints.resumes.upload.operation.path, bytes: form,
                headers: [("Content-Type", "multipart/form-data; boundary=guildhall")] + headers)
        }

        /// Reads a file whose address is the gateway's, at the address of the caller.
        private func read(_ url: String, by caller: Caller) async throws -> Answer {
            let path = try #require(
                url.hasPrefix(stack.gateway) ? String(url.dropFirst(stack.gateway.count)) : nil)
            return try await caller.ask(.get, path)
        }

        @Test
        func `A resume comes back byte for byte to everybody signed in, to be saved and not shown`() async throws {
            let (owner, reader) = (try await stack.freelancer(), try await stack.client())
            let stored = try await upload(Self.pdf, by: owner.session)
            #expect(stored.status == 200, "\(stored)")
            let url = try #require(stored["resume_url"]?.string)
            #expect(stored["profile"]?["resume_url"]?.string == url)
            let seen = try await reader.session.succeed(Endpoints.profiles.get.operation, ["userId": owner.id])
            #expect(seen["resume_url"]?.string == url)
            for caller in [
                owner.session, reader.session, try await reader.key().caller, reader.session.at(.talent),
            ] {
                let file = try await read(url, by: caller)
                #expect(file.status == 200 && file.bytes == Self.pdf, "\(file)")
                #expect(file.header("content-type") == "application/pdf")
                #expect(file.header("content-disposition") == "attachment; filename=\"resume.pdf\"")
                #expect(file.header("x-content-type-options") == "nosniff")
            }
            #expect(try await read(url, by: stack.anyone).status == 401)
        }

        @Test
        func `The client library sends a resume and reads it back`() async throws {
            let owner = try await stack.freelancer()
            let key = try await owner.key()
            let client = GuildhallClient(url: stack.gateway, credential: .key(key.text))
            let stored = try await client.call(Endpoints.resumes.upload, FileInput(type: .pdf, bytes: Self.pdf))
            let file = try await client.call(
                Endpoints.resumes.get,
                path: [
                    "userId": owner.id, "fileId": String(stored.resumeURL.split(separator: "/").last ?? ""),
                ])
            #expect(file.type == .pdf && file.name == "resume" && file.bytes == Self.pdf)
            await client.close()
        }

        @Test
        func `A replaced or removed resume is gone`() async throws {
            let owner = try await stack.freelancer()
            let old = try #require(try await upload(Self.pdf, by: owner.session)["resume_url"]?.string)
            let new = try #require(try await upload(Self.png, by: owner.session)["resume_url"]?.string)
            #expect(try await read(old, by: owner.session).status == 404)
            #expect(try await read(new, by: owner.session).header("content-type") == "image/png")
            let removed = try await owner.session.succeed(Endpoints.resumes.remove.operation)
            #expect(removed["resume_url"]?.isNull == true && removed["user_id"]?.string == owner.id)
            #expect(try await read(new, by: owner.session).status == 404)
            try await owner.session.succeed(Endpoints.resumes.remove.operation)
            let me = try await owner.session.succeed(Endpoints.profiles.me.operation)
            #expect(me["resume_url"]?.isNull == true)
        }

        @Test
        func `A file of 5 MiB goes through the gateway, one byte more is 413 there and at the service`() async throws {
            let owner = try await stack.freelancer()
            let largest =
                Self.pdf + [UInt8](repeating: 0x20, count: ResumeEndpoints.file.maximum - Self.pdf.count)
            let stored = try await upload(largest, by: owner.session)
            #expect(stored.status == 200, "\(stored)")
            let url = try #require(stored["resume_url"]?.string)
            #expect(try await read(url, by: owner.session).bytes == largest)
            for caller in [owner.session, owner.session.at(.talent)] {
                for excess in [1, 100_000, 6 << 20] {
                    let refused = try await upload(largest + [UInt8](repeating: 0, count: excess), by: caller)
                    #expect(
                        refused.status == 413 && refused.code == "PAYLOAD_TOO_LARGE", "\(excess): \(refused)")
                }
            }
            #expect(try await read(url, by: owner.session).status == 200)
        }

        @Test(arguments: [
            (Array("hello".utf8), "cv.pdf", "application/pdf"),
            (Array("GIF89a".utf8), "cv.png", "image/png"), ([], "cv.pdf", "application/pdf"),
        ])
        func `What is no resume is refused, and the one there is stays`(bytes: [UInt8], name: String, type: String)
            async throws
        {
            let owner = try await stack.freelancer()
            let url = try #require(try await upload(Self.pdf, by: owner.session)["resume_url"]?.string)
            let refused = try await upload(bytes, by: owner.session, name: name, type: type)
            #expect(refused.status == 400 && refused.code == "VALIDATION_FAILED", "\(refused)")
            #expect(refused.issuePaths == ["resume"])
            #expect(try await read(url, by: owner.session).bytes == Self.pdf)
        }

        @Test
        func `What is no form is 400 or 415, never a fault of ours`() async throws {
            let owner = try await stack.freelancer()
            let path = Endpoints.resumes.upload.operation.path
            let form = "multipart/form-data; boundary=b"
            let bad: [(type: String, body: String, status: Int)] = [
                (form, "", 400), (form, "--b", 400), (form, "--b\r\n\r\n\r\n--b--", 400),
                (form, "--b--", 400),
                (
                    form, "--b\r\nContent-Disposition: form-data; name=\"resume\u{0}\"\r\n\r\n%PDF-\r\n--b--",
                    400
                ),
                (form, "--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\n%PDF-\r\n--b--", 400),
                (form, "--b\r\nContent-Disposition: form-data; name=\"resume\"\r\n\r\n%PDF-", 400),
                (form, "--b\r\nX: \(String(repeating: "a", count: 100_000))\r\n\r\n%PDF-\r\n--b--", 400),
                ("multipart/form-data", "--b--", 400), ("multipart/form-data; boundary=", "--b--", 400),
                ("application/json", "{}", 415), ("application/pdf", "%PDF-1.7", 415),
            ]
            for (type, body, status) in bad {
                let answer = try await owner.session.ask(
                    .post, path, bytes: Array(body.utf8), headers: [("Content-Type", type)])
                #expect(answer.status == status, "\(type) \(body.prefix(60)): \(answer)")
            }
        }

        @Test
        func `A repeat with the same Idempotency-Key stores once`() async throws {
            let owner = try await stack.freelancer()
            let key = [(name: "Idempotency-Key", value: "resume-\(owner.id)")]
            let first = try await upload(Self.pdf, by: owner.session, headers: key)
            let second = try await upload(Self.pdf, by: owner.session, headers: key)
            #expect(first.status == 200 && second.json == first.json)
            #expect(second.header("idempotent-replayed") == "true")
            let other = try await upload(Self.png, by: owner.session, headers: key)
            #expect(other.status == 422, "\(other)")
        }
    }
}
