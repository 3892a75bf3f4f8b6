import CCurl

/// Turns a failed transfer into an error for its caller.
enum TransferFailure {
    static func error(_ code: CURLcode, easy: UnsafeMutableRawPointer, order: TransferOrder)
        -> OutboundError
    {
        let message = String(cString: curl_easy_strerror(code))
        switch (code, order.content) {
        case (_, .mail) where replyStatus(easy) >= 400:
            return .mailRefused(status: replyStatus(easy))
        case (CURLE_COULDNT_RESOLVE_HOST, _), (CURLE_COULDNT_CONNECT, _),
            (CURLE_SSL_CONNECT_ERROR, _):
            return .connectFailed(reason: message)
        case (CURLE_OPERATION_TIMEDOUT, .http) where !hasConnected(easy):
            return .connectFailed(reason: "no connection in time")
        case (CURLE_OPERATION_TIMEDOUT, _):
            return .timedOut
        case (CURLE_URL_MALFORMAT, _), (CURLE_UNSUPPORTED_PROTOCOL, _):
            return .invalidURL
        default:
            return .transport(code: Int(code.rawValue), message: message)
        }
    }

    /// The code of the mail server's last reply.
    private static func replyStatus(_ easy: UnsafeMutableRawPointer) -> Int {
        var status = 0
        curl_easy_getinfo_long(easy, CURLINFO_RESPONSE_CODE, &status)
        return status
    }

    /// Whether the request could be sent: the connection was made, TLS included.
    private static func hasConnected(_ easy: UnsafeMutableRawPointer) -> Bool {
        var untilReady: curl_off_t = 0
        curl_easy_getinfo_offset(easy, CURLINFO_PRETRANSFER_TIME_T, &untilReady)
        return untilReady > 0
    }
}
