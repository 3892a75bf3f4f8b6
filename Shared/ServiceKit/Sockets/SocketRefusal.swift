import SharedModels

/// An error as it is told to a client of a socket.
package struct SocketRefusal: Sendable {
    package let code: ErrorCode
    package let message: String
    package let status: Int
    package let issues: [InputIssue]
    /// Set when somebody must look into it. For the log.
    package let fault: String?

    package init(_ error: any Error) {
        let (refusal, isFault) = ErrorMapping.refusal(for: error)
        code = refusal.code
        message = refusal.publicMessage
        issues = refusal.issues
        status = ErrorMapping.status(of: refusal, for: error, on: .skillhouse)
        fault = isFault ? refusal.logDetail ?? "\(error)" : nil
    }
}
