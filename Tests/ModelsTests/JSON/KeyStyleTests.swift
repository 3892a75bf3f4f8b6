import Testing

@testable import SharedModels

/// The promise under test: one rule gives a member its name in JSON, in both styles.
@Suite struct KeyStyleTests {
    @Test(arguments: [
        ("id", "id", "id"), ("title", "title", "title"), ("gigTitle", "gig_title", "gigTitle"),
        ("gigID", "gig_id", "gigId"), ("portfolioWebsiteURL", "portfolio_website_url", "portfolioWebsiteUrl"),
        ("htmlURL", "html_url", "htmlUrl"), ("apiKeyID", "api_key_id", "apiKeyId"),
        ("freelancerKYC", "freelancer_kyc", "freelancerKyc"), ("userIDs", "user_ids", "userIds"),
        ("evidenceIDsByParty", "evidence_ids_by_party", "evidenceIdsByParty"),
        ("githubIDNumber", "github_id_number", "githubIdNumber"), ("isASession", "is_a_session", "isASession"),
        ("llmMonthlyLimit", "llm_monthly_limit", "llmMonthlyLimit"), ("sha256", "sha256", "sha256"),
        ("sha256Hash", "sha256_hash", "sha256Hash"), ("x", "x", "x"), ("aB", "a_b", "aB"), ("", "", ""),
        ("profilePic", "profile_pic", "profilePic"), ("naïveÉtat", "naïveÉtat", "naïveÉtat"),
        // As JSON has them already.
        ("_id", "_id", "_id"), ("credential_sha256", "credential_sha256", "credential_sha256"),
        ("gigID_", "gigID_", "gigID_"),
    ])
    func `a word begins at a capital, and an acronym is one word`(member: String, snake: String, camel: String) {
        #expect(KeyStyle.snakeCase.name(of: member) == snake)
        #expect(KeyStyle.camelCase.name(of: member) == camel)
    }

    @Test func `a name in snake_case stays as it is`() {
        for name in ["gig_id", "portfolio_website_url", "id"] {
            #expect(KeyStyle.allCases.allSatisfy { $0.name(of: name) == name })
        }
    }

    @Test(arguments: Catalogue.models)
    func `every member of every body has a name in each style`(type: any Model.Type) throws {
        for object in try Schema.reflecting(type).namedObjects {
            for property in object.properties where property.member != "_id" {
                #expect(property.name.wholeMatch(of: /[a-z0-9]+(_[a-z0-9]+)*/) != nil, "\(property.name)")
            }
        }
        for object in try Schema.reflecting(type, in: .camelCase).namedObjects {
            for property in object.properties where property.member != "_id" {
                #expect(property.name.wholeMatch(of: /[a-z0-9]+([A-Z][a-z0-9]+)*/) != nil, "\(property.name)")
            }
        }
    }
}
