import Foundation
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: a logged line is written, once and in order, however standard output behaves, and dropped
/// lines are reported.
@Suite struct LogOutputTests {
    /// A standard output that sometimes accepts only part of the bytes, or none.
    private struct Pipe: Sendable {
        var written: [UInt8] = []
        /// The results of the next calls: an error, or the most bytes that are accepted.
        var answers: [Answer] = []
        /// Whether the reader is so slow that nothing is accepted.
        var isFull = false

        enum Answer: Sendable { case error(Int32), takes(Int) }

        mutating func write(_ bytes: [UInt8]) -> Int {
            let answer = isFull ? .error(EAGAIN) : answers.isEmpty ? .takes(bytes.count) : answers.removeFirst()
            switch answer {
            case .error(let number):
                errno = number
                return -1
            case .takes(let most):
                let taken = bytes.prefix(most)
                written += taken
                return taken.count
            }
        }

        var lines: [String] { String(decoding: written, as: UTF8.self).split(separator: "\n").map(String.init) }
    }

    private func output(_ pipe: Shared<Pipe>, patience: Duration) -> LogOutput {
        // Descriptor 1 is writable, so waiting for it takes no time.
        LogOutput(descriptor: 1, patience: patience) { bytes in
            pipe.change { [bytes = Array(bytes)] in $0.write(bytes) }
        }
    }

    private func log(_ number: Int, to output: LogOutput) {
        var writer = JSONWriter(capacity: 16)
        writer.value(number)
        output.write(line: writer)
    }

    @Test(arguments: [EINTR, EAGAIN])
    func `a signal or a full pipe loses no line and writes none twice`(error: Int32) {
        let pipe = Shared(Pipe(answers: [.takes(1), .error(error), .takes(2), .error(error), .error(error)]))
        let output = output(pipe, patience: .seconds(60))
        for number in 1...5 { log(number, to: output) }
        output.flush()
        #expect(pipe.value.lines == ["1", "2", "3", "4", "5"])
    }

    @Test func `a line is written soon, also after a silence and when standard output took nothing for a while`()
        async throws
    {
        let pipe = Shared(Pipe())
        let output = output(pipe, patience: .zero)
        for number in 1...3 {
            log(number, to: output)
            try await eventually("\(number) is written") { pipe.value.lines.last == "\(number)" }
        }
        pipe.change { $0.isFull = true }
        log(4, to: output)
        // It is tried in vain.
        output.flush()
        pipe.change { $0.isFull = false }
        try await eventually("4 is written") { pipe.value.lines == ["1", "2", "3", "4"] }
    }

    @Test func `a pipe that stays full keeps the lines for the next time, in order`() {
        let pipe = Shared(Pipe(isFull: true))
        let output = output(pipe, patience: .zero)
        log(1, to: output)
        output.flush()
        #expect(pipe.value.lines == [])
        log(2, to: output)
        pipe.change { $0.isFull = false }
        output.flush()
        #expect(pipe.value.lines == ["1", "2"])
    }

    @Test func `when more waits than can be kept, further lines are dropped and their number is told`() throws {
        let pipe = Shared(Pipe(isFull: true))
        let output = output(pipe, patience: .zero)
        let long = String(repeating: "x", count: 1 << 20)
        for _ in 0..<10 {
            var writer = JSONWriter(capacity: 1 << 20)
            writer.value(long)
            output.write(line: writer)
        }
        pipe.change { $0.isFull = false }
        output.flush()
        // The notice is written with the next lines.
        output.flush()
        let lines = pipe.value.lines
        #expect(lines.count == 8)
        let told = try JSONValue.parse(Array(try #require(lines.last).utf8))
        #expect(told["message"] == "log lines dropped")
        #expect(told["lines"] == 3)
    }

    @Test func `without a standard output nothing is kept`() {
        let pipe = Shared(Pipe(answers: [.error(EPIPE)]))
        let output = output(pipe, patience: .seconds(60))
        log(1, to: output)
        output.flush()
        log(2, to: output)
        output.flush()
        #expect(pipe.value.lines == ["2"])
    }
}
