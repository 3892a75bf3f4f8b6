import ServiceKit
import SharedModels

/// Why a person is not asked.
enum AuthorizationError: Error, Equatable {
    case unknownClient
    /// The client has several places, or none, and names none.
    case noPlace
    case foreignPlace
    /// The form was not made for this session and this request.
    case foreignForm
    case badDecision
    /// To this place goes this error.
    case sentBack(String, OAuthTokenError)
}

extension AuthorizationError: APIError {
    var code: ErrorCode { self == .foreignForm ? .forbidden : .badRequest }

    var publicMessage: String {
        switch self {
        case .unknownClient:
            "The link that brought you here is not right: no such program is registered with us (client_id). "
                + "Nothing was allowed."
        case .noPlace:
            "The link that brought you here is not right: it does not say where the answer goes (redirect_uri). "
                + "Nothing was allowed."
        case .foreignPlace:
            "The link that brought you here is not right: its program has not registered the place where the answer "
                + "would go (redirect_uri). Nothing was allowed."
        case .foreignForm: "This form is out of date or was made for somebody else; open the link of the program again."
        case .badDecision:
            "Say what you decide: {\"approve\": true} or {\"approve\": false}, or the form of the page."
        case .sentBack(_, let error): error.publicMessage
        }
    }

    var oauthName: String? {
        switch self {
        case .unknownClient: "invalid_client"
        case .sentBack(_, let error): error.oauthName
        case .noPlace, .foreignPlace, .foreignForm, .badDecision: nil
        }
    }
}
