import CCurl

/// Turns a failed transfer into an error for its caller.
enum TransferFailure {
    /// - Parameter detail: What libcurl wrote into the error buffer.
    static func error(
        _ code: CURLcode, _ detail: String, easy: UnsafeMutableRawPointer, order: TransferOrder
    ) -> OutboundError {
        let message = String(cString: curl_easy_strerror(code))
        switch (code, order.content) {
        case (_, .mail) where isOfMailbox(replyStatus(easy), detail):
            return .mailboxRefused(status: replyStatus(easy))
        case (_, .mail) where replyStatus(easy) >= 400:
            return .mailRefused(status: replyStatus(easy))
        case (CURLE_COULDNT_RESOLVE_HOST, _), (CURLE_COULDNT_CONNECT, _),
            (CURLE_SSL_CONNECT_ERROR, _):
            return .connectFailed(reason: message)
        case (CURLE_OPERATION_TIMEDOUT, .http) where !hasConnected(easy):
            return .connectFailed(reason: "no connection in time")
        case (CURLE_OPERATION_TIMEDOUT, _):
            return .timedOut
        case (CURLE_URL_MALFORMAT, _):
            return .invalidURL
        case (CURLE_UNSUPPORTED_PROTOCOL, .http):
            // The URL's scheme was checked, so it is the answer: libcurl takes it for HTTP/0.9.
            return .transport(code: Int(code.rawValue), message: "the answer is not HTTP")
        case (CURLE_PEER_FAILED_VERIFICATION, _):
            return .transport(code: Int(code.rawValue), message: CertificateFault.words(for: verifyResult(easy)))
        default:
            return .transport(code: Int(code.rawValue), message: message)
        }
    }

    /// RFC 5321, section 4.2.3, and RFC 7504: there is no such mailbox, as an answer to the recipient. With other codes,
    /// such as 554, servers refuse who sends.
    private static func isOfMailbox(_ status: Int, _ detail: String) -> Bool {
        [550, 551, 553, 556].contains(status) && detail.hasPrefix("RCPT failed")
    }

    /// The code of the mail server's last reply.
    private static func replyStatus(_ easy: UnsafeMutableRawPointer) -> Int {
        var status = 0
        curl_easy_getinfo_long(easy, CURLINFO_RESPONSE_CODE, &status)
        return status
    }

    /// What the TLS library found, 0 when it found nothing.
    private static func verifyResult(_ easy: UnsafeMutableRawPointer) -> Int {
        var result = 0
        curl_easy_getinfo_long(easy, CURLINFO_SSL_VERIFYRESULT, &result)
        return result
    }

    /// Whether the request could be sent: the connection was made, TLS included.
    private static func hasConnected(_ easy: UnsafeMutableRawPointer) -> Bool {
        var untilReady: curl_off_t = 0
        curl_easy_getinfo_offset(easy, CURLINFO_PRETRANSFER_TIME_T, &untilReady)
        return untilReady > 0
    }
}
