import CCurl
import SharedModels

/// The I/O thread's own state: every transfer that runs, and those that wait for a place. Never
/// leaves that thread.
final class TransferLoop {
    /// Easy handles kept for the next transfers. Each holds some 30 KB; making one takes microseconds.
    private static let maximumIdleHandles = 32

    private let multi: UnsafeMutableRawPointer
    private let inbox: TransferInbox
    private let counters: OutboundCounters
    private let userAgent: String
    private let maximumConcurrent: Int

    private var running: [ObjectIdentifier: Transfer] = [:]
    private var byHandle: [UnsafeMutableRawPointer: Transfer] = [:]
    private var waiting: [Exchange] = []
    private var idleHandles: [UnsafeMutableRawPointer] = []
    /// For waiting exchanges, silent streams and the end of a shutdown; libcurl times the other
    /// transfers.
    private let alarm = Alarm()
    private var stopBy: ContinuousClock.Instant?

    init(
        multi: UnsafeMutableRawPointer,
        inbox: TransferInbox,
        counters: OutboundCounters,
        userAgent: String,
        maximumConcurrent: Int
    ) {
        self.multi = multi
        self.inbox = inbox
        self.counters = counters
        self.userAgent = userAgent
        self.maximumConcurrent = maximumConcurrent
    }

    /// Works until it is told to stop and has stopped.
    func run() {
        while !isDone {
            let messages = inbox.take()
            for message in messages { handle(message) }
            startWaiting()
            var running: Int32 = 0
            if messages.isEmpty { curl_multi_poll(multi, nil, 0, pollMilliseconds, nil) }
            curl_multi_perform(multi, &running)
            reap()
            sweepIfDue()
        }
        for message in inbox.close() {
            if case .start(let exchange) = message { refuse(exchange, OutboundError.shutDown) }
        }
        for handle in idleHandles { curl_easy_cleanup(handle) }
        curl_multi_cleanup(multi)
        inbox.announceEnd()
    }

    private var isDone: Bool { stopBy != nil && running.isEmpty && waiting.isEmpty }

    // MARK: - Messages

    private func handle(_ message: TransferInbox.Message) {
        switch message {
        case .start(let exchange):
            if exchange.isSettled { return release() }
            waiting.append(exchange)
            alarm.ring(by: exchange.order.deadline)
        case .cancel(let exchange):
            // One that still waits for a place is dropped when its turn comes.
            guard let transfer = running[ObjectIdentifier(exchange)] else { return }
            counters.add(\.cancelled)
            remove(transfer)  // closes the half-used connection
        case .resume(let exchange):
            guard let transfer = running[ObjectIdentifier(exchange)] else { return }
            transfer.noteActivity()
            curl_easy_pause(transfer.easy, CURLPAUSE_CONT)
        case .stop(let moment):
            stopBy = min(stopBy ?? moment, moment)
            alarm.ring(by: moment)
            for transfer in running.values where transfer.order.stream != nil {
                end(transfer, OutboundError.shutDown)
            }
        }
    }

    // MARK: - Starting

    private func startWaiting() {
        while running.count < maximumConcurrent, !waiting.isEmpty {
            let next = Array(waiting.prefix(maximumConcurrent - running.count))
            waiting.removeFirst(next.count)
            for exchange in next { start(exchange) }
        }
    }

    private func start(_ exchange: Exchange) {
        if exchange.isSettled { return release() }
        let now = ContinuousClock.now
        guard now < exchange.order.deadline else { return refuse(exchange, OutboundError.timedOut) }
        guard let easy = idleHandles.popLast() ?? curl_easy_init() else {
            return refuse(exchange, OutboundError.overloaded)
        }
        let transfer = Transfer(exchange, on: easy, at: now, alarm: alarm)
        running[ObjectIdentifier(exchange)] = transfer
        byHandle[easy] = transfer
        if let failure = transfer.configure(userAgent: userAgent) {
            finish(transfer, failure)
        } else if curl_multi_add_handle(multi, easy) != CURLM_OK {
            finish(transfer, CURLE_FAILED_INIT)
        }
    }

    // MARK: - Ending (always first the place is made free, then the caller told)

    private func reap() {
        var handle: UnsafeMutableRawPointer?
        var result = CURLE_OK
        while curl_multi_next_done(multi, &handle, &result) == 1 {
            guard let handle, let transfer = byHandle[handle] else { continue }
            finish(transfer, result)
        }
    }

    private func finish(_ transfer: Transfer, _ code: CURLcode) {
        var connections = 0
        curl_easy_getinfo_long(transfer.easy, CURLINFO_NUM_CONNECTS, &connections)
        counters.add(\.connectionsOpened, connections)
        let result = transfer.outcome(code)
        remove(transfer)
        transfer.deliver(result)
    }

    private func end(_ transfer: Transfer, _ error: OutboundError) {
        remove(transfer)
        transfer.deliver(.failure(error))
    }

    private func refuse(_ exchange: Exchange, _ error: OutboundError) {
        release()
        exchange.settle(.failure(error))
    }

    /// Takes the handle back from libcurl; after that, no callback can reach the transfer.
    private func remove(_ transfer: Transfer) {
        curl_multi_remove_handle(multi, transfer.easy)
        running[ObjectIdentifier(transfer.exchange)] = nil
        byHandle[transfer.easy] = nil
        if idleHandles.count < Self.maximumIdleHandles {
            curl_easy_reset(transfer.easy)
            idleHandles.append(transfer.easy)
        } else {
            curl_easy_cleanup(transfer.easy)
        }
        release()
    }

    private func release() { inbox.release(1) }

    // MARK: - Time

    private var pollMilliseconds: Int32 {
        guard let moment = alarm.moment else { return 60_000 }
        return Int32(min(max((moment - .now).wholeMilliseconds + 1, 0), 60_000))
    }

    private func sweepIfDue() {
        let now = ContinuousClock.now
        guard alarm.takeIfDue(at: now) else { return }
        if let stopBy {
            guard now < stopBy else { return endEverything() }
            alarm.ring(by: stopBy)
        }
        let candidates = waiting
        waiting = []
        for exchange in candidates {
            if exchange.isSettled {
                release()
            } else if now >= exchange.order.deadline {
                refuse(exchange, OutboundError.timedOut)
            } else {
                waiting.append(exchange)
                alarm.ring(by: exchange.order.deadline)
            }
        }
        for transfer in running.values {
            guard let limit = transfer.silenceLimit else { continue }
            if now < limit {
                alarm.ring(by: limit)
            } else if transfer.hasVerdict {
                finish(transfer, CURLE_OPERATION_TIMEDOUT)
            } else {
                end(transfer, OutboundError.timedOut)
            }
        }
    }

    private func endEverything() {
        for exchange in waiting { refuse(exchange, OutboundError.shutDown) }
        waiting = []
        for transfer in running.values { end(transfer, OutboundError.shutDown) }
    }
}
