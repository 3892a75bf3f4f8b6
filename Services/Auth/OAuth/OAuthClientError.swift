import ServiceKit
import SharedModels

/// Refusals about clients and what they were allowed.
enum OAuthClientError: Error, Equatable {
    /// Also for a stranger, who must not learn that it exists.
    case notFound
    case grantNotFound
    case notEnterprise
    case tooMany
    /// The place in the list, and what is wrong with it.
    case badRedirect(Int, String)
    /// The member, and what is wrong with it.
    case badMetadata(String, String)
}

extension OAuthClientError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound, .grantNotFound: .notFound
        case .notEnterprise: .forbidden
        case .tooMany: .conflict
        case .badRedirect, .badMetadata: .badRequest
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound, .grantNotFound: "There is no such resource."
        case .notEnterprise: "Only an enterprise account registers clients; ask the operator for that plan."
        case .tooMany: "An account has at most \(OAuthClient.limit) clients; remove one first."
        case .badRedirect, .badMetadata: issues.map { "\($0.path) \($0.message)." }.joined()
        }
    }

    var issues: [InputIssue] {
        switch self {
        case .badRedirect(let index, let problem): [InputIssue(path: "redirect_uris.\(index)", message: problem)]
        case .badMetadata(let member, let problem): [InputIssue(path: member, message: problem)]
        case .notFound, .grantNotFound, .notEnterprise, .tooMany: []
        }
    }

    /// RFC 7591, section 3.2.2.
    var oauthName: String? {
        switch self {
        case .badRedirect, .badMetadata("redirect_uris", _): "invalid_redirect_uri"
        case .badMetadata: "invalid_client_metadata"
        case .notFound, .grantNotFound, .notEnterprise, .tooMany: nil
        }
    }
}
