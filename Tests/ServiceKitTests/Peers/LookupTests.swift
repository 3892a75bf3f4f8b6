import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: what another service cannot tell is missing, and nothing else is.
@Suite struct LookupTests {
    private struct Silent: Error {}

    private let ids = (0..<250).map { _ in AccountID.make(at: .start) }
    private let lookup = Lookup(at: .talent, logger: .quiet)

    @Test func `many things are asked about a hundred at a time, each of them once`() async {
        let questions = Shared<[Int]>([])
        let found = await lookup.find(ids + ids, by: \.self) { part in
            questions.change { $0.append(part.count) }
            return part
        }
        #expect(Set(found.keys) == Set(ids))
        #expect(questions.value == [100, 100, 50])
    }

    @Test func `the first question without an answer is the last, and what was told before is kept`() async {
        let questions = Shared(0)
        let found = await lookup.find(ids, by: \.self) { part in
            questions.change { $0 += 1 }
            guard questions.value < 2 else { throw Silent() }
            return part
        }
        #expect(found.count == 100)
        #expect(questions.value == 2)
    }

    @Test func `nothing is asked about nothing`() async {
        let found = await lookup.find([AccountID](), by: \.self) { _ in
            Issue.record("somebody was asked")
            return []
        }
        #expect(found.isEmpty)
    }
}
