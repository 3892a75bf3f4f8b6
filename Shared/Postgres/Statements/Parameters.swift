import CPostgres

/// The parameters of one statement in binary form, one after another in one buffer.
///
/// Filled on the caller's task. The I/O thread only makes pointers into it while libpq copies it.
struct Parameters: Sendable {
    struct Slot: Sendable {
        let offset: Int
        /// In bytes; -1 is `NULL`.
        let length: Int32
        /// Where in the statement's text, in UTF-8 bytes, the placeholder ends.
        let textEnd: Int
    }

    /// The largest number of parameters the protocol can carry (`PQ_QUERY_PARAM_MAX_LIMIT`).
    static let limit = 65_535

    private var bytes: [UInt8] = []
    private(set) var slots: [Slot] = []
    /// The type of each parameter, as an object identifier.
    private(set) var types: [Oid] = []
    /// Why the statement must not be sent.
    private(set) var failure: PostgresError?

    init(capacity: Int) {
        guard capacity > 0 else { return }
        bytes.reserveCapacity(16 * capacity)
        // Gives an empty parameter something to point at, because a null pointer would mean `NULL`.
        bytes.append(0)
        slots.reserveCapacity(capacity)
        types.reserveCapacity(capacity)
    }

    var count: Int { slots.count }
    var byteCount: Int { bytes.count }

    /// The bytes of the first parameter; none when it is `NULL` or there is no parameter.
    var first: ArraySlice<UInt8> {
        slots.first.map { bytes[$0.offset..<$0.offset + Int(max($0.length, 0))] } ?? []
    }

    mutating func append<Value: PostgresCodable>(_ value: Value, endingAt textEnd: Int) {
        let offset = bytes.count
        do throws(PostgresError) {
            if !value.isNull { try value.encode(into: &bytes) }
        } catch {
            refuse(error)
        }
        let length = value.isNull ? -1 : Int32(exactly: bytes.count - offset)
        guard let length, count < Self.limit else {
            refuse(.invalidParameter(reason: "too long, or one of too many"))
            return
        }
        slots.append(Slot(offset: offset, length: length, textEnd: textEnd))
        types.append(Value.postgresType.rawValue)
    }

    /// Copies one parameter of another statement.
    mutating func append(_ slot: Slot, of other: Parameters, index: Int, endingAt textEnd: Int) {
        slots.append(Slot(offset: bytes.count, length: slot.length, textEnd: textEnd))
        types.append(other.types[index])
        bytes.append(contentsOf: other.bytes[slot.offset..<slot.offset + Int(max(slot.length, 0))])
    }

    mutating func adoptFailure(of other: Parameters) {
        if count > Self.limit { refuse(.invalidParameter(reason: "one of too many")) }
        if let failure = other.failure { refuse(failure) }
    }

    /// Notes why the statement must not be sent. Only the first reason is kept.
    mutating func refuse(_ reason: PostgresError) {
        failure = failure ?? reason
    }

    /// The parameters as libpq takes them: how many, where, how long, in which format (1: binary).
    func withPointers<Result>(
        _ body: (
            Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> Result
    ) -> Result {
        guard count > 0 else { return body(0, nil, nil, nil) }
        return bytes.withUnsafeBufferPointer { buffer in
            withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) { values in
                withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * count) { numbers in
                    for (index, slot) in slots.enumerated() {
                        values.initializeElement(at: index, to: slot.pointer(into: buffer))
                        numbers.initializeElement(at: index, to: max(slot.length, 0))
                        numbers.initializeElement(at: count + index, to: 1)
                    }
                    return body(
                        Int32(count), values.baseAddress, numbers.baseAddress,
                        numbers.baseAddress.map { UnsafePointer($0 + count) })
                }
            }
        }
    }
}

extension Parameters.Slot {
    fileprivate func pointer(into buffer: UnsafeBufferPointer<UInt8>) -> UnsafePointer<CChar>? {
        guard length >= 0, let base = buffer.baseAddress else { return nil }
        return UnsafeRawPointer(base + offset).assumingMemoryBound(to: CChar.self)
    }
}
