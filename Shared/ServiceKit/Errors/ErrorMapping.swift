import OutboundHTTP
import Postgres
import SharedModels

/// The only place that turns errors into HTTP answers.
enum ErrorMapping {
    /// - Returns: The refusal to send, and whether somebody must look into it.
    static func refusal(for error: any Error) -> (error: any APIError, isFault: Bool) {
        switch error {
        case let known as any APIError:
            return (known, known.code == .internalError)
        case let parameter as InvalidParameter:
            guard parameter.isUnknownValue else { return (Refusal.validation([parameter.issue]), false) }
            // "Unknown enum in query" (ClawConnected contract, section 1.2).
            let message = "\(parameter.issue.path) \(parameter.issue.message)."
            return (Refusal(.badRequest, message, issues: [parameter.issue]), false)
        case let postgres as PostgresError where postgres.isTransient:
            return (Refusal.unavailable(logDetail: String(describing: postgres)), false)
        case let outbound as OutboundError:
            return (Refusal.unavailable(logDetail: String(describing: outbound)), false)
        case is CancellationError:
            return (Refusal.unavailable(logDetail: "cancelled"), false)
        default:
            let hidden = Refusal(
                .internalError, "Something went wrong on our side. Quote the request id when you report it.",
                logDetail: String(describing: error))
            return (hidden, true)
        }
    }

    /// Whether the same request may succeed later.
    static func isPassing(_ error: any Error) -> Bool {
        if let postgres = error as? PostgresError { return postgres.isPassing }
        return refusal(for: error).error.code.isPassing
    }

    /// The status for `refusal`, which was made from `error`: its code's status, with one exception. On SkillSync,
    /// a body with wrong members is a 422; a wrong query stays a 400.
    static func status(of refusal: any APIError, for error: any Error, on surface: Surface) -> Int {
        let isAboutBody = refusal.code == .validationFailed && !(error is InvalidParameter)
        return surface == .skillSync && isAboutBody ? 422 : refusal.code.status
    }
}

extension PostgresError {
    /// The database could not be reached. The same request may succeed later.
    fileprivate var isTransient: Bool {
        switch self {
        case .unknownOutcome, .connectionLost, .deadlineExceeded, .overloaded: true
        case .server(let error): error.sqlState.isUnavailability || isSerializationConflict
        case .resultTooLarge, .noRow, .decoding, .invalidText, .invalidParameter, .rolledBack, .misuse: false
        }
    }
}

extension PostgresError {
    /// Errors besides unavailability that may pass: PostgreSQL lacks space or memory (class 53), its system failed
    /// (58), it takes no writes while a replica is being promoted (25006), or somebody held a lock for too long
    /// (55P03).
    fileprivate var isPassing: Bool {
        let state = sqlState?.rawValue ?? ""
        return isTransient || ["53", "58"].contains(state.prefix(2)) || ["25006", "55P03"].contains(state)
    }
}

extension ErrorCode {
    fileprivate var isPassing: Bool {
        switch self {
        case .requestTimeout, .rateLimitExceeded, .badGateway, .serviceUnavailable, .gatewayTimeout: true
        case .badRequest, .validationFailed, .unauthorized, .forbidden, .notFound, .methodNotAllowed, .conflict,
            .preconditionFailed, .payloadTooLarge, .uriTooLong, .unsupportedMediaType, .idempotencyMismatch,
            .internalError, .agentPaused:
            false
        }
    }
}

extension SQLState {
    /// Statement time-out (57014), shutdown and start (57P01-57P03), too many connections (53300).
    fileprivate var isUnavailability: Bool {
        ["57014", "57P01", "57P02", "57P03", "53300"].contains(rawValue)
    }
}
