import SharedModels
import Testing

/// The promise under test: a query parameter is read whole or refused by its name.
@Suite struct ParameterTests {
    private func refusal<Value>(_ parameter: Parameter<Value>, _ text: String?) -> InputIssue? {
        do {
            _ = try parameter.value(of: text)
            return nil
        } catch {
            return error.issue
        }
    }

    @Test(arguments: [(nil, 50), ("1", 1), ("50", 50), ("100", 100)])
    func `a page has 50 rows unless 1 to 100 are asked for`(text: String?, limit: Int) throws {
        #expect(try Parameter<Int>.limit.value(of: text) == limit)
    }

    @Test(arguments: [
        ("0", "must be 1 to 100"), ("101", "must be 1 to 100"), ("-1", "must be 1 to 100"),
        ("ten", "must be a whole number"), ("", "must be a whole number"), ("1.5", "must be a whole number"),
        ("1e1", "must be a whole number"), ("99999999999999999999", "must be a whole number"),
        ("９", "must be a whole number"), (" 5", "must be a whole number"), ("007", "is not acceptable"),
        ("+5", "is not acceptable"), ("50\0", "must be a whole number"),
    ])
    func `another limit is refused with what is expected`(text: String, message: String) {
        #expect(refusal(Parameter<Int>.limit, text) == InputIssue(path: "limit", message: message))
    }

    @Test func `one of a few words is read, and any other refused with all of them`() throws {
        let status = GigEndpoints.status
        #expect(try status.value(of: nil) == nil)
        for word in GigStatus.allCases { #expect(try status.value(of: word.rawValue) == word) }
        for text in ["", "Active", "ACTIVE", "active ", "activ", "draft,closed", "null"] {
            #expect(
                refusal(status, text)
                    == InputIssue(path: "status", message: "must be one of draft, active, closed"))
        }
    }

    @Test func `a list is of a few short words, with commas, and no more`() throws {
        let skills = Parameter<[String]>.list("skills", atMost: 3, ofAtMost: 5, "Skills")
        #expect(try skills.value(of: nil) == [])
        #expect(try skills.value(of: " , ,") == [])
        #expect(try skills.value(of: "Go, C++ ,R") == ["Go", "C++", "R"])
        for text in ["a,b,c,d", "abcdef", "a\0"] {
            #expect(refusal(skills, text)?.path == "skills")
            #expect(refusal(skills, text)?.message == "must be at most 3 words of at most 5 characters each")
        }
        #expect(skills.isNamed("skills") && skills.isNamed("skills[]"))
        #expect(!skills.isNamed("skills[0]") && !skills.isNamed("skill") && !Parameter<Int>.limit.isNamed("limit[]"))
    }

    @Test func `a switch is on, off or absent`() throws {
        let audit = NegotiationEndpoints.audit
        for text in ["1", "true"] { #expect(try audit.value(of: text)) }
        for text in ["0", "false", nil] { #expect(try !audit.value(of: text)) }
        for text in ["", "yes", "TRUE", "2", "on"] {
            #expect(
                refusal(audit, text) == InputIssue(path: "audit", message: "must be true or false")
            )
        }
    }

    @Test func `an id is read in each form, and another kind's is refused`() throws {
        let gig = ApplicationEndpoints.gig
        let id = GigID.make(at: Timestamp(seconds: 1))
        #expect(try gig.value(of: nil) == nil)
        #expect(try gig.value(of: id.description) == id)
        #expect(try gig.value(of: id.prefixed) == id)
        #expect(refusal(gig, "1") == InputIssue(path: "gig_id", message: "must be an id (a UUID)"))
        #expect(refusal(gig, "")?.path == "gig_id")
        #expect(refusal(gig, id.prefixed.replacing("gig", with: "user"))?.path == "gig_id")
    }

    @Test func `a text has a greatest length and no character that PostgreSQL cannot hold`() throws {
        let code = SessionEndpoints.code
        #expect(try code.value(of: nil) == nil)
        #expect(try code.value(of: "") == "")
        #expect(try code.value(of: String(repeating: "é", count: 512))?.count == 512)
        #expect(
            refusal(code, String(repeating: "é", count: 513))
                == InputIssue(path: "code", message: "must have at most 512 characters"))
        #expect(
            refusal(code, "a\0b")
                == InputIssue(path: "code", message: "is not acceptable; expected: \(code.summary)"))
    }

    @Test func `a filter that does not exist is refused with those that do`() throws {
        let filter = JobListParameters.filter
        #expect(try filter.value(of: "Expert") == .level(.expert))
        #expect(refusal(filter, "Experts")?.message.contains("a status, or the id of a category") == true)
    }

    @Test(arguments: [
        "/", "/gigs", "/a/b?c=d#e", "/%2f%2fevil.example", "/" + String(repeating: "a", count: 4095),
    ])
    func `after signing in one comes back to a path of this site`(path: String) throws {
        #expect(try SessionEndpoints.returnTo.value(of: path) == path)
    }

    @Test(arguments: [
        "", "gigs", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "https://evil.example", "/\t/evil.example", "/a\r\nSet-Cookie: a=b", "/a b", "/\u{7F}", "/é",
        "/\u{301}/evil.example", " /gigs", "javascript:alert(1)", "/" + String(repeating: "a", count: 4096),
    ])
    func `signing in leads to no other place`(path: String) {
        #expect(refusal(SessionEndpoints.returnTo, path)?.path == "return_to")
    }

    @Test func `every declared parameter refuses by its own name, or takes any text`() {
        for parameter in Catalogue.all.flatMap(\.query) {
            do {
                try parameter.check(String(repeating: "\0", count: 2000))
                Issue.record("\(parameter.name) takes anything")
            } catch {
                #expect(error.issue.path == parameter.name)
                #expect(!error.issue.message.isEmpty)
            }
        }
    }
}
