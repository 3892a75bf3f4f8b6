/// First in, first out. A removal does not move the remaining elements.
struct Queue<Element> {
    private var elements: [Element?] = []
    private var head = 0

    var count: Int { elements.count - head }
    var isEmpty: Bool { count == 0 }
    var first: Element? { isEmpty ? nil : elements[head] }
    /// In their order.
    var all: [Element] { elements[head...].compactMap(\.self) }

    mutating func append(_ element: Element) {
        elements.append(element)
    }

    mutating func updateLast(_ body: (inout Element) -> Void) {
        guard !isEmpty, var last = elements[elements.count - 1] else { return }
        body(&last)
        elements[elements.count - 1] = last
    }

    /// Puts `returned` before everything else, in its own order.
    mutating func prepend(_ returned: [Element]) {
        elements.replaceSubrange(0..<head, with: returned)
        head = 0
    }

    mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        defer { advance() }
        return elements[head].take()
    }

    mutating func removeAll() -> [Element] {
        defer {
            elements.removeAll()
            head = 0
        }
        return all
    }

    /// Takes out the elements for which `isMeant` holds; the others keep their order.
    mutating func removeAll(where isMeant: (Element) -> Bool) -> [Element] {
        var removed: [Element] = []
        for element in removeAll() {
            if isMeant(element) { removed.append(element) } else { append(element) }
        }
        return removed
    }

    private mutating func advance() {
        head += 1
        if head == elements.count {
            elements.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 1024 {
            elements.removeFirst(head)
            head = 0
        }
    }
}

extension Queue: Sendable where Element: Sendable {}

/// Something that waits in a line for so long and no longer.
protocol Expiring {
    var deadline: MonotonicTime { get }
    /// At most its deadline.
    var waitsUntil: MonotonicTime { get }
}

extension Expiring {
    /// Why it was given up at a time.
    func reason(at now: MonotonicTime) -> PostgresError { deadline <= now ? .deadlineExceeded : .overloaded }
}

/// A queue whose elements leave it when they have waited for too long.
struct WaitingLine<Element: Expiring> {
    /// Times are kept with this precision, so that a long line is not searched all the time.
    private static var granularity: Duration { .milliseconds(10) }

    private var line = Queue<Element>()
    /// When the line must be searched for expired elements next.
    private(set) var nextExpiry = MonotonicTime.distantFuture

    var count: Int { line.count }
    var isEmpty: Bool { line.isEmpty }
    var first: Element? { line.first }

    mutating func append(_ element: Element) {
        line.append(element)
        nextExpiry = min(nextExpiry, element.waitsUntil)
    }

    mutating func prepend(_ returned: [Element]) {
        line.prepend(returned)
        for element in returned { nextExpiry = min(nextExpiry, element.waitsUntil) }
    }

    mutating func popFirst() -> Element? {
        let element = line.popFirst()
        if line.isEmpty { nextExpiry = .distantFuture }
        return element
    }

    mutating func removeAll() -> [Element] {
        nextExpiry = .distantFuture
        return line.removeAll()
    }

    /// Takes out what has expired.
    ///
    /// - Parameter isServed: Whether there are connections. Until then all wait for their deadline.
    mutating func removeExpired(_ now: MonotonicTime, isServed: Bool) -> [Element] {
        guard nextExpiry <= now else { return [] }
        var expired: [Element] = []
        var earliest = MonotonicTime.distantFuture
        for element in line.removeAll() {
            let end = isServed ? element.waitsUntil : element.deadline
            if end <= now {
                expired.append(element)
            } else {
                line.append(element)
                earliest = min(earliest, end)
            }
        }
        nextExpiry = max(earliest, now + Self.granularity)
        return expired
    }
}
