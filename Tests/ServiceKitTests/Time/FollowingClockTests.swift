import SharedModels
import Testing

@testable import ServiceKit

@Suite struct FollowingClockTests {
    @Test(arguments: [
        (JSONValue.object([JSONMember("offset_seconds", 86_400)]), Int64?(86_400_000_000)),
        (.object([JSONMember("offset_seconds", .decimal("1.5"))]), 1_500_000),
        (.object([JSONMember("offset_seconds", -3)]), -3_000_000),
        (.object([JSONMember("offset_seconds", "1")]), nil), (.object([]), nil),
    ])
    func `the sandbox's answer is read`(answer: JSONValue, offset: Int64?) {
        #expect(FollowingClock.offset(in: answer) == offset)
    }

    @Test func `a signal that nobody waited for ends the next wait`() async {
        let wakeUp = WakeUp()
        wakeUp.signal()
        #expect(await wakeUp.wait(atMost: .seconds(60)))
        #expect(await !wakeUp.wait(atMost: .milliseconds(1)))
    }
}
