import NIOCore

/// What a connection may cost.
package struct ServingLimits: Sendable {
    /// An idle connection is closed after this time. nginx (60 s) and our own client (30 s) close theirs earlier.
    package var idle = TimeAmount.seconds(90)
    /// The time for a head, from its first byte.
    package var head = TimeAmount.seconds(15)
    /// The time for a body, and for an answer to be taken, besides that for its size at ``slowest``.
    package var patience = TimeAmount.seconds(30)
    /// Bytes per second.
    package var slowest = 16 * 1024
    /// As many bytes of answers may wait for their callers to take them, on all connections together. Beyond that, those that
    /// have waited the longest are given up, if it was for longer than ``untakenGrace``.
    package var untakenBytes = 32 << 20
    package var untakenGrace = TimeAmount.seconds(1)
    /// How long we listen to a caller whose request was refused before it was read, so that the answer is not lost.
    package var farewell = TimeAmount.seconds(5)
    /// One connection is closed after this many requests, so that replicas come to be used alike.
    package var requests = 100_000
    /// As much of a body is read before somebody asks for it.
    package var unaskedBody = 64 * 1024
    package var headBytes = 32 * 1024
    package var fieldBytes = 16 * 1024
    package var fields = 128
    /// A message over WebSocket, in bytes, in one frame or in several.
    package var message = 64 * 1024
    /// The frames of one message.
    package var fragments = 128
    /// What a WebSocket may have waiting for its reader, in bytes.
    package var unsent = 2 * 1024 * 1024
    /// What all WebSockets together may have waiting, in bytes.
    package var unsentInAll = 64 * 1024 * 1024

    package init() {}

    /// The time in which `bytes` must have been moved.
    func time(for bytes: Int) -> TimeAmount {
        patience + .milliseconds(Int64(bytes / max(1, slowest / 1000)))
    }
}
