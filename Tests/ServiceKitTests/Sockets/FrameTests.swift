import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: messages arrive whole, whatever their frames are, and what is not WebSocket ends the connection
/// with the code that says why (RFC 6455).
@Suite(.timeLimit(.minutes(20))) struct FrameTests {
    private typealias Frame = SocketLine.Frame

    private static func event(_ text: String) -> [UInt8] { Array("42[\"say\",\"\(text)\"]".utf8) }

    private func use(_ body: (SocketLine, TestService) async throws -> Void) async throws {
        try await TestService.use { service in
            try await body(try await SocketLine.connect(port: service.port, as: service.auth.key()), service)
        }
    }

    @Test
    func `A message in many frames is one, and pings between them are answered`() async throws {
        try await use { socket, _ in
            let bytes = Self.event("süß 😀")
            for (index, byte) in bytes.enumerated() {
                let isLast = index == bytes.count - 1
                try await socket.send(Frame(isLast: isLast, opcode: index == 0 ? 1 : 0, bytes: [byte]))
                if index == 5 { try await socket.send(Frame(opcode: 9, bytes: Array("still there?".utf8))) }
            }
            #expect(try await socket.frame() == Frame(opcode: 10, bytes: Array("still there?".utf8)))
            #expect(try await socket.text() == "42[\"say back\",[\"süß 😀\"]]")
        }
    }

    @Test(arguments: [0, 1, 125, 126, 127, 65_000])
    func `A message of any permitted length arrives`(count: Int) async throws {
        try await use { socket, _ in
            let text = String(repeating: "a", count: count)
            try await socket.send(Frame(opcode: 1, bytes: Self.event(text)))
            #expect(try await socket.text() == "42[\"say back\",[\"\(text)\"]]")
        }
    }

    private static let wrong: [(String, [(Frame, UInt8, Bool)], Int)] = [
        ("unmasked", [(Frame(opcode: 1, bytes: event("a")), 0, false)], 1002),
        ("reserved bit 1", [(Frame(opcode: 1, bytes: event("a")), 0x40, true)], 1002),
        ("reserved bit 3", [(Frame(opcode: 1, bytes: event("a")), 0x10, true)], 1002),
        ("unknown data opcode", [(Frame(opcode: 3, bytes: []), 0, true)], 1002),
        ("unknown control opcode", [(Frame(opcode: 11, bytes: []), 0, true)], 1002),
        ("binary", [(Frame(opcode: 2, bytes: [1, 2]), 0, true)], 1003),
        ("continues nothing", [(Frame(opcode: 0, bytes: [1]), 0, true)], 1002),
        (
            "begins in the middle",
            [(Frame(isLast: false, opcode: 1, bytes: [52]), 0, true), (Frame(opcode: 1, bytes: [50]), 0, true)], 1002
        ),
        ("ping in pieces", [(Frame(isLast: false, opcode: 9, bytes: []), 0, true)], 1002),
        ("long ping", [(Frame(opcode: 9, bytes: Array(repeating: 1, count: 126)), 0, true)], 1002),
        ("no UTF-8", [(Frame(opcode: 1, bytes: [0x34, 0xC3]), 0, true)], 1007),
        ("surrogate", [(Frame(opcode: 1, bytes: [0xED, 0xA0, 0x80]), 0, true)], 1007),
        (
            "no UTF-8 in pieces",
            [(Frame(isLast: false, opcode: 1, bytes: [0xC3]), 0, true), (Frame(opcode: 0, bytes: [0x28]), 0, true)],
            1007
        ),
        ("too long", [(Frame(opcode: 1, bytes: Array(repeating: 52, count: 65_537)), 0, true)], 1009),
        (
            "too long in pieces",
            [
                (Frame(isLast: false, opcode: 1, bytes: Array(repeating: 52, count: 65_000)), 0, true),
                (Frame(opcode: 0, bytes: Array(repeating: 52, count: 537)), 0, true),
            ], 1009
        ),
        (
            "too many pieces",
            [(Frame(isLast: false, opcode: 1, bytes: []), 0, true)]
                + Array(repeating: (Frame(isLast: false, opcode: 0, bytes: []), 0, true), count: 128), 1009
        ),
        ("half a code", [(Frame(opcode: 8, bytes: [3]), 0, true)], 1002),
        ("a code that is not sent", [(Frame(opcode: 8, bytes: [0x03, 0xED]), 0, true)], 1002),
        ("a code of nobody", [(Frame(opcode: 8, bytes: [0x07, 0xD0]), 0, true)], 1002),
        ("a reason that is no UTF-8", [(Frame(opcode: 8, bytes: [0x03, 0xE8, 0xFF]), 0, true)], 1007),
        ("no packet", [(Frame(opcode: 1, bytes: Array("x".utf8)), 0, true)], 1008),
        ("a binary packet", [(Frame(opcode: 1, bytes: Array("bAAAA".utf8)), 0, true)], 1003),
        (
            "a binary event",
            [(Frame(opcode: 1, bytes: Array("451-[\"a\",{\"_placeholder\":true,\"num\":0}]".utf8)), 0, true)], 1003
        ),
        ("an event without a name", [(Frame(opcode: 1, bytes: Array("42[]".utf8)), 0, true)], 1008),
        ("an event that is no list", [(Frame(opcode: 1, bytes: Array("42{}".utf8)), 0, true)], 1008),
        ("a second connection", [(Frame(opcode: 1, bytes: Array("40".utf8)), 0, true)], 1008),
    ]

    @Test(arguments: wrong.indices)
    func `What is not WebSocket, or no packet, ends the connection with the reason`(number: Int) async throws {
        let (what, frames, code) = Self.wrong[number]
        try await use { socket, service in
            for (frame, reserved, isMasked) in frames {
                try await socket.send(frame, reserved: reserved, isMasked: isMasked)
            }
            #expect(try await socket.farewell() == code, "\(what)")
            #expect(try await socket.line.rest() == "")
            try await eventually("the client has left") { service.echo.here.value.isEmpty }
        }
    }

    @Test(arguments: [1000, 1001, 3000, 4999])
    func `A farewell is answered with the same`(code: Int) async throws {
        try await use { socket, _ in
            let bytes = [UInt8(code >> 8), UInt8(code & 0xFF)] + Array("bye".utf8)
            try await socket.send(Frame(opcode: 8, bytes: bytes))
            #expect(try await socket.frame() == Frame(opcode: 8, bytes: bytes))
            #expect(try await socket.line.rest() == "")
        }
    }

    @Test
    func `Who takes nothing is disconnected, and costs no more than the limit`() async throws {
        var limits = ServingLimits()
        limits.unsent = 200_000
        try await TestService.use(limits: limits) { service in
            let socket = try await SocketLine.connect(port: service.port, as: service.auth.key())
            let event = Self.event(String(repeating: "a", count: 60_000))
            // Reads nothing: what the sockets of both sides hold comes first.
            for _ in 0..<400 where !service.echo.here.value.isEmpty {
                try await socket.send(Frame(opcode: 1, bytes: event))
            }
            try await eventually("the client has left") { service.echo.here.value.isEmpty }
        }
    }

    @Test(arguments: 0..<8)
    func `Random bytes and frames never break the service`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        try await TestService.use { service in
            for _ in 0..<40 {
                let socket = try await SocketLine.connect(port: service.port, as: service.auth.key())
                for _ in 0..<Int.random(in: 1...12, using: &generator) {
                    var frame = Frame(
                        isLast: Int.random(in: 0..<4, using: &generator) > 0,
                        opcode: [0, 1, 1, 1, 2, 8, 9, 10, 15].randomElement(using: &generator) ?? 1,
                        bytes: (0..<Int.random(in: 0...200, using: &generator)).map { _ in
                            UInt8.random(in: 0...255, using: &generator)
                        })
                    if Bool.random(using: &generator) { frame.bytes = Self.packet(&generator) }
                    try await socket.send(
                        frame, reserved: Int.random(in: 0..<10, using: &generator) == 0 ? 0x40 : 0,
                        isMasked: Int.random(in: 0..<10, using: &generator) > 0)
                }
                socket.line.endSending()
                _ = try await socket.line.rest()
            }
            try await eventually("all have left, seed \(seed)") { service.echo.here.value.isEmpty }
            let socket = try await SocketLine.connect(port: service.port, as: service.auth.key())
            try await socket.send(Frame(opcode: 1, bytes: Self.event("fine")))
            #expect(try await socket.text() == "42[\"say back\",[\"fine\"]]")
            #expect(service.kit.sockets.engines.first?.budget.inUse == 0)
        }
    }

    /// Something like a packet.
    private static func packet(_ generator: inout SeededGenerator) -> [UInt8] {
        let parts = [
            "4", "2", "0", "1", "3", "5", "6", "[", "]", "\"say\"", ",", "{", "}", "/", "/admin,", "null", "1e999",
            "\\u0000",
            "9999999999999999", "-", "probe", "\u{1E}", "{\"token\":1}", "{\"token\":\"\"}", "é",
        ]
        return (0..<Int.random(in: 0...8, using: &generator)).flatMap { _ in
            Array((parts.randomElement(using: &generator) ?? "4").utf8)
        }
    }
}
