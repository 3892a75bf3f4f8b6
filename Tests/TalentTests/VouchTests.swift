import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: an account vouches for another once, permanently, and never for itself.
@Suite struct VouchTests {
    @Test func `a vouch is on the profile of the one vouched for, with the voucher's present name`()
        async throws
    {
        try await Talents.with { (talents) async throws in
            let voucher = talents.newAccount(named: "Grace Hopper")
            let vouch = try await talents.features.vouches.vouch(
                for: talents.account, by: voucher, at: talents.clock.now)
            #expect(vouch.voucherID == voucher && vouch.vouchedID == talents.account)
            #expect(vouch.createdAt == talents.clock.now)
            try await talents.update(
                ProfileUpdate(displayName: .set("Amazing Grace")), by: talents.caller(voucher))
            let shown = try await talents.published().vouchedBy
            #expect(shown.map(\.userID) == [voucher] && shown.map(\.displayName) == ["Amazing Grace"])
            #expect(try await talents.published(voucher).vouchedBy.isEmpty)
        }
    }

    @Test func `two may vouch for each other`() async throws {
        try await Talents.with { (talents) async throws in
            let other = talents.newAccount()
            for (voucher, vouched) in [(other, talents.account), (talents.account, other)] {
                _ = try await talents.features.vouches.vouch(for: vouched, by: voucher, at: talents.clock.now)
            }
            #expect(try await talents.published(other).vouchedBy.map(\.userID) == [talents.account])
        }
    }

    @Test func `for oneself nobody vouches`() async throws {
        try await Talents.with { (talents) async throws in
            let refused = await #expect(throws: VouchError.forOneself) {
                try await talents.features.vouches.vouch(
                    for: talents.account, by: talents.account, at: talents.clock.now)
            }
            #expect(refused?.code == .validationFailed && refused?.issues.map(\.path) == ["vouched_user_id"])
            #expect(try await talents.published().vouchedBy.isEmpty)
        }
    }

    @Test func `for somebody who does not exist nobody vouches`() async throws {
        try await Talents.with { (talents) async throws in
            let nobody = AccountID.make(at: .start)
            await #expect(throws: ProfileError.notFound(nobody)) {
                try await talents.features.vouches.vouch(
                    for: nobody, by: talents.account, at: talents.clock.now)
            }
        }
    }

    @Test func `of several vouches at the same time one counts, the others are conflicts`() async throws {
        try await Talents.with { (talents) async throws in
            let voucher = talents.newAccount()
            let done = await attempts(6) {
                try await talents.features.vouches.vouch(
                    for: talents.account, by: voucher, at: talents.clock.now)
            }
            #expect(done.successes.count == 1)
            #expect(done.failures.allSatisfy { $0 as? VouchError == .vouchedBefore })
            #expect(VouchError.vouchedBefore.code == .conflict)
            #expect(try await talents.published().vouchedBy.count == 1)
        }
    }

    @Test func `under an idempotency key both accounts may still be new to the service`() async throws {
        try await Talents.with { (talents) async throws in
            let voucher = talents.newAccount()
            talents.peers.change { $0.mayNotBeAsked = { CommitScope.current?.hasOpenTransaction == true } }
            try await CommitScope.run(on: talents.database) { _ in
                _ = try await talents.features.vouches.vouch(
                    for: talents.account, by: voucher, at: talents.clock.now)
            }
            #expect(try await talents.published().vouchedBy.map(\.userID) == [voucher])
        }
    }
}
