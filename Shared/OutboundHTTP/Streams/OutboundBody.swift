/// A body that is sent while it is made, so that it is never in memory as a whole.
package struct OutboundBody: Sendable {
    /// In bytes. The other side is told before the first of them is sent.
    package let length: Int
    /// The next bytes; `nil` at the end. Asked by one task at a time, and no sooner than there is room for them.
    package let next: @Sendable () async throws -> [UInt8]?

    package init(length: Int, next: @escaping @Sendable () async throws -> [UInt8]?) {
        (self.length, self.next) = (length, next)
    }
}

extension OutboundHTTP {
    private enum Ended {
        case answered(Result<OutboundResponse, any Error>)
        case fed((any Error)?)
    }

    /// Sends `request` with a body that comes while it is sent. One attempt on a new connection, because nothing of the body
    /// is kept that could be sent again, and without a circuit. An answer that comes before the end of the body ends the
    /// sending, as soon as `body` has given or refused its next piece.
    ///
    /// - Throws: As ``send(_:_:)``, and what `body` throws.
    package func send(
        _ request: OutboundRequest, with body: OutboundBody, _ policy: OutboundPolicy
    ) async throws -> OutboundResponse {
        let buffer = UploadBuffer(length: body.length)
        let pending = Exchange(try uploading(request, from: buffer, policy))
        let inbox = try inbox(for: policy)
        return try await withThrowingTaskGroup(of: Ended.self) { group in
            group.addTask {
                defer { buffer.close() }
                do {
                    return .answered(.success(try await self.exchange(pending, through: inbox)))
                } catch {
                    return .answered(.failure(error))
                }
            }
            group.addTask {
                let wake = { inbox.post(.resume(pending)) }
                do {
                    while let bytes = try await body.next() {
                        guard try await buffer.offer(bytes, resume: wake) else { return .fed(nil) }
                    }
                    buffer.finish()
                    wake()
                    return .fed(nil)
                } catch {
                    buffer.close()
                    wake()
                    return .fed(error)
                }
            }
            defer { group.cancelAll() }
            var failure: any Error = OutboundError.shutDown
            while let ended = try await group.next() {
                switch ended {
                case .answered(.success(let response)): return response
                // Where the body failed, the transfer fails for that.
                case .answered(.failure(let error)): failure = error
                case .fed(let error?): throw error
                case .fed(nil): break
                }
            }
            throw failure
        }
    }
}
