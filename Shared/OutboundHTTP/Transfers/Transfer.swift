import CCurl

/// One transfer on the I/O thread: its easy handle and what the callbacks collect. It never leaves that thread.
final class Transfer {
    let exchange: Exchange
    let easy: UnsafeMutableRawPointer
    let started: ContinuousClock.Instant
    /// When the silence has lasted too long. Only streams have this limit; libcurl itself times the other transfers.
    /// Of deliveries, the body has it too.
    private(set) var silenceLimit: ContinuousClock.Instant? {
        didSet { if let silenceLimit { alarm.ring(by: silenceLimit) } }
    }
    /// How long the body of a delivery's answer is waited for.
    private static let bodyPatience = Duration.seconds(1)
    private let alarm: Alarm
    private var head = ResponseHead()
    private var body: [UInt8] = []
    private var sentBytes = 0
    private var isTooLarge = false
    private var isTruncated = false
    private var isEgressRefused = false
    /// What libcurl says of a failure: the step of a mail's dialogue that failed is nowhere else.
    let errorText = UnsafeMutableBufferPointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    /// Strings that libcurl reads while the transfer runs.
    private var lists: [UnsafeMutablePointer<curl_slist>] = []

    var order: TransferOrder { exchange.order }

    init(
        _ exchange: Exchange, on easy: UnsafeMutableRawPointer, at now: ContinuousClock.Instant,
        alarm: Alarm
    ) {
        self.exchange = exchange
        self.easy = easy
        self.alarm = alarm
        started = now
        errorText.initialize(repeating: 0)
        guard order.stream != nil else { return }
        silenceLimit = order.deadline
        alarm.ring(by: order.deadline)
    }

    /// Called when libcurl has released the easy handle.
    deinit {
        for list in lists { curl_slist_free_all(list) }
        errorText.deallocate()
    }

    /// Copies `lines` into a list that lives as long as the transfer.
    func list(_ lines: [String]) -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines { list = curl_slist_append(list, line) ?? list }
        if let list { lists.append(list) }
        return list
    }

    // MARK: - Called by libcurl

    /// - Returns: Whether libcurl should go on.
    func receive(headerLine: UnsafeRawBufferPointer) -> Bool {
        let wasComplete = head.isComplete
        guard head.append(headerLine) else {
            isTooLarge = true
            return false
        }
        if order.isDelivery, head.isComplete, !wasComplete {
            silenceLimit = min(order.deadline, .now + Self.bodyPatience)
        }
        if let stream = order.stream, head.isComplete, !wasComplete {
            noteActivity()
            if !exchange.settle(.success(response())) {
                stream.finish(.failure(CancellationError()))
            }
        }
        return true
    }

    enum Reception { case taken, paused, stopped }

    func receive(body bytes: UnsafeRawBufferPointer) -> Reception {
        if let stream = order.stream {
            guard order.isForReader?(bytes) != false else {
                noteActivity()
                return .taken
            }
            guard stream.offer(bytes) else {
                silenceLimit = nil  // it is us who are slow
                return .paused
            }
            noteActivity()
            return .taken
        }
        let room = order.maximumResponseBytes - body.count
        guard bytes.count <= room else {
            if order.egress != nil {
                body.append(contentsOf: bytes.prefix(room))
                isTruncated = true
            } else {
                isTooLarge = true
            }
            return .stopped
        }
        body.append(contentsOf: bytes)
        return .taken
    }

    /// Fills `room` with what is still to be sent.
    func send(into room: UnsafeMutableRawBufferPointer) -> Int {
        if let upload = order.upload {
            // libcurl asks for no more than the length that it was told.
            switch upload.take(into: room) {
            case .bytes(let count): return count
            case .later: return Int(CURL_READFUNC_PAUSE)
            case .never: return Int(CURL_READFUNC_ABORT)
            }
        }
        let bytes: [UInt8]
        switch order.content {
        case .http(_, let body): bytes = body ?? []
        case .mail(_, _, let message, _): bytes = message
        }
        let count = min(room.count, bytes.count - sentBytes)
        room.copyBytes(from: bytes[sentBytes..<sentBytes + count])
        sentBytes += count
        return count
    }

    /// A socket for libcurl, or `CURL_SOCKET_BAD` when the guard refuses the address.
    func openSocket(to target: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        guard order.egress?.allows(address: curl_sockaddr_address(target)) ?? true else {
            isEgressRefused = true
            return -1  // CURL_SOCKET_BAD
        }
        return curl_sockaddr_open(target)
    }

    /// Whether the guard allows a request on a connection to `address`.
    func mayAsk(at address: String) -> Bool {
        guard let egress = order.egress else { return true }
        isEgressRefused = IPAddress(address).map { !egress.allows(address: $0) } ?? true
        return !isEgressRefused
    }

    // MARK: - Called by the loop

    /// Whether the answer is as good as it gets when the body does not come.
    var hasVerdict: Bool { order.isDelivery && head.isComplete }

    func noteActivity() {
        if order.stream != nil { silenceLimit = .now + order.idleTimeout }
    }

    /// Tells the caller the outcome, in place of the response or at the end of the stream.
    func deliver(_ result: Result<OutboundResponse, any Error>) {
        if !exchange.settle(result) { order.stream?.finish(result.map { _ in }) }
    }

    /// The outcome of a finished transfer. Ask while libcurl still has the handle.
    func outcome(_ code: CURLcode) -> Result<OutboundResponse, any Error> {
        if code == CURLE_OK || hasVerdict || (isTruncated && head.isComplete) { return .success(response()) }
        if isTooLarge || code == CURLE_FILESIZE_EXCEEDED || isHeaderTooLong(code) {
            return .failure(OutboundError.responseTooLarge)
        }
        if isEgressRefused, code == CURLE_COULDNT_CONNECT || code == CURLE_ABORTED_BY_CALLBACK {
            return .failure(OutboundError.egressRefused(reason: EgressGuard.specialAddress))
        }
        return .failure(TransferFailure.error(code, said, easy: easy, order: order))
    }

    private var said: String { errorText.baseAddress.map { String(cString: $0) } ?? "" }

    /// Whether one header line was longer than libcurl's own limit, 100 KiB: CURLE_TOO_LARGE since 8.6.
    private func isHeaderTooLong(_ code: CURLcode) -> Bool {
        !head.isComplete && (code == CURLE_OUT_OF_MEMORY || code.rawValue == 100)
    }

    private func response() -> OutboundResponse {
        OutboundResponse(
            status: head.status, headers: head.fields, body: body, isTruncated: isTruncated,
            duration: .now - started
        )
    }
}
