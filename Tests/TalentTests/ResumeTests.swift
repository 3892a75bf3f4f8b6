import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: a profile shows one resume, unchanged, and a replaced resume is gone for good.
@Suite struct ResumeTests {
    @Test func `an uploaded resume is on the profile and comes back byte for byte`() async throws {
        try await Talents.with { (talents) async throws in
            let stored = try await talents.upload()
            #expect(stored.version == 2 && stored.view.resumeURL == stored.url)
            #expect(stored.url.hasPrefix("https://guildhall.example/api/profile/\(talents.account)/resume/"))
            #expect(try await talents.own().resumeURL == stored.url)
            #expect(try await talents.published().resumeURL == stored.url)
            let read = try await talents.read(stored.url)
            #expect(read.type == .pdf && read.bytes == Samples.pdf)
            #expect(try await talents.fileStates() == ["kept"])
        }
    }

    @Test func `a new resume replaces the last, which is gone at once and removed soon`() async throws {
        try await Talents.with { (talents) async throws in
            let old = try await talents.upload()
            let new = try await talents.upload(Samples.png)
            #expect(new.url != old.url && new.version == old.version + 1)
            await #expect(throws: ResumeError.notFound) { try await talents.read(old.url) }
            #expect(try await talents.read(new.url).type == .png)
            try await talents.scheduled {
                try await eventually("the old file is removed") { try await talents.fileStates() == ["kept"] }
            }
            #expect(talents.storage.held.count == 1)
            #expect(try await talents.read(new.url).bytes == Samples.png)
        }
    }

    @Test func `a removed resume is gone, and removing none is harmless`() async throws {
        try await Talents.with { (talents) async throws in
            let stored = try await talents.upload()
            let removed = try await talents.features.resumes.remove(
                by: talents.caller(), at: talents.clock.now, expecting: onlyVersion(stored.version))
            #expect(removed.shown.view.resumeURL == nil && removed.profile.version == stored.version + 1)
            await #expect(throws: ResumeError.notFound) { try await talents.read(stored.url) }
            let again = try await talents.features.resumes.remove(
                by: talents.caller(), at: talents.clock.now
            ) { _ in }
            #expect(again.profile.version == removed.profile.version)
            try await talents.scheduled {
                try await eventually("nothing is left") { try await talents.fileStates().isEmpty }
            }
            #expect(talents.storage.held.isEmpty)
        }
    }

    @Test(arguments: [Patch<String>.clear, .set("https://ada.example/cv")])
    func `a profile's own link, or none, takes the place of the file`(link: Patch<String>) async throws {
        try await Talents.with { (talents) async throws in
            let stored = try await talents.upload()
            let changed = try await talents.update(ProfileUpdate(resumeURL: link))
            #expect(changed.view.resumeURL == link.applied(to: nil))
            await #expect(throws: ResumeError.notFound) { try await talents.read(stored.url) }
            #expect(try await talents.fileStates() == ["leaving"])
            let back = try await talents.upload(Samples.png)
            #expect(try await talents.own().resumeURL == back.url)
        }
    }

    @Test func `a change that repeats the link of the stored file keeps the file`() async throws {
        try await Talents.with { (talents) async throws in
            let stored = try await talents.upload()
            let changed = try await talents.update(
                ProfileUpdate(bio: .set("I count"), resumeURL: .set(stored.url)))
            #expect(changed.view.resumeURL == stored.url && changed.view.bio == "I count")
            #expect(try await talents.read(stored.url).bytes == Samples.pdf)
            #expect(try await talents.fileStates() == ["kept"])
        }
    }

    @Test func `a file is read below its owner's profile and nobody else's`() async throws {
        try await Talents.with { (talents) async throws in
            let other = talents.newAccount()
            let stored = try await talents.upload()
            _ = try await talents.upload(Samples.png, by: other)
            let borrowed = stored.url.replacing("\(talents.account)", with: "\(other)")
            await #expect(throws: ResumeError.notFound) { try await talents.read(borrowed) }
            let nobody = stored.url.replacing("\(talents.account)", with: "\(AccountID.make(at: .start))")
            await #expect(throws: ResumeError.notFound) { try await talents.read(nobody) }
        }
    }

    @Test func `an upload meant for another version changes nothing and leaves nothing behind`() async throws {
        try await Talents.with { (talents) async throws in
            let stored = try await talents.upload()
            await #expect(throws: Refusal.self) {
                try await talents.upload(Samples.png, expecting: onlyVersion(stored.version + 1))
            }
            #expect(try await talents.read(stored.url).type == .pdf)
            #expect(talents.storage.held.count == 1)
        }
    }

    @Test func `while storage is away nothing changes, and the resume there is stays shown`() async throws {
        try await Talents.with { (talents) async throws in
            let stored = try await talents.upload()
            talents.storage.go(away: true)
            let refused = await #expect(throws: FileError.self) { try await talents.upload(Samples.png) }
            #expect(refused?.code == .serviceUnavailable && refused?.retryAfter != nil)
            await #expect(throws: FileError.storageUnavailable(reason: "away")) {
                try await talents.read(stored.url)
            }
            #expect(try await talents.own().resumeURL == stored.url)
            talents.storage.go(away: false)
            #expect(try await talents.read(stored.url).bytes == Samples.pdf)
        }
    }

    @Test func `a file whose upload was broken off is removed after an hour`() async throws {
        try await Talents.with { (talents) async throws in
            let now = talents.clock.now
            _ = try await talents.features.files.store(.bytes(Samples.pdf), .pdf, at: now)
            #expect(talents.storage.held.count == 1)
            try await talents.scheduled {
                talents.clock.advance(by: FileWorkflow.patience)
                try await eventually("the orphan is removed") { try await talents.fileStates().isEmpty }
            }
            #expect(talents.storage.held.isEmpty)
        }
    }

    @Test func `an upload that took longer than that is refused rather than shown and lost`() async throws {
        try await Talents.with { (talents) async throws in
            let stored = try await talents.upload()
            talents.storage.before {
                let files = try await talents.database.all("SELECT id FROM files WHERE state = 'arriving'") {
                    try $0.decode("id", as: FileID.self)
                }
                for id in files { _ = try await FileStore().claim(id, in: talents.database) }
            }
            let refused = await #expect(throws: FileError.self) { try await talents.upload(Samples.png) }
            #expect(refused?.code == .serviceUnavailable)
            #expect(try await talents.own().resumeURL == stored.url)
            #expect(try await talents.read(stored.url).bytes == Samples.pdf)
        }
    }

    @Test func `a file that cannot be removed yet is removed later`() async throws {
        try await Talents.with { (talents) async throws in
            try await talents.upload()
            try await talents.update(ProfileUpdate(resumeURL: .clear))
            talents.storage.go(away: true)
            try await talents.scheduled {
                try await eventually("it was tried in vain") {
                    try await talents.database.one("SELECT max(attempt) AS n FROM scheduled") {
                        try $0.decode("n", as: Int64.self)
                    } > 0
                }
                #expect(try await talents.fileStates() == ["leaving"])
                talents.storage.go(away: false)
                talents.clock.advance(by: .minutes(5))
                try await eventually("it is removed") {
                    talents.clock.advance(by: .seconds(1))
                    return try await talents.fileStates().isEmpty
                }
            }
            #expect(talents.storage.held.isEmpty)
        }
    }

    @Test func `uploads at the same time leave one resume, and no file that nothing shows`() async throws {
        try await Talents.with { (talents) async throws in
            _ = try await talents.own()
            let done = await attempts(6) { try await talents.upload().url }
            #expect(done.failures.isEmpty && Set(done.successes).count == 6)
            let shown = try #require(try await talents.own().resumeURL)
            #expect(done.successes.contains(shown))
            try await talents.scheduled {
                try await eventually("the others are removed") { try await talents.fileStates() == ["kept"] }
            }
            #expect(talents.storage.held.count == 1)
            #expect(try await talents.read(shown).bytes == Samples.pdf)
        }
    }
}
