import CPostgres

extension Connection {
    enum Connecting {
        case wantsRead, wantsWrite, done
    }

    /// Continues connecting as far as possible without blocking. ``descriptor`` may have changed afterwards.
    func advanceConnecting() throws(Loss) -> Connecting {
        let next = PQconnectPoll(handle)
        // A failed connection keeps its descriptor's number as its name, although libpq has closed the socket.
        if next != PGRES_POLLING_FAILED { descriptor = PQsocket(handle) }
        switch next {
        case PGRES_POLLING_READING: return .wantsRead
        case PGRES_POLLING_WRITING: return .wantsWrite
        case PGRES_POLLING_OK:
            guard PQsetnonblocking(handle, 1) == 0, PQenterPipelineMode(handle) == 1 else {
                throw .disconnected(errorMessage)
            }
            state = .ready
            return .done
        default: throw .disconnected(errorMessage)
        }
    }
}
