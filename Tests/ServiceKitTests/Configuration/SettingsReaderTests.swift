import SharedModels
import Testing

@testable import ServiceKit

/// The promise under test: a setting is what it says, or the service stops with one line that names it.
@Suite struct SettingsReaderTests {
    /// The line that a service would stop with.
    private func refusal(
        of value: String?, _ read: (SettingsReader) throws(BadSetting) -> Void
    ) -> String? {
        do throws(BadSetting) {
            try read(SettingsReader(value.map { ["THING": $0] } ?? [:]))
            return nil
        } catch {
            return error.description
        }
    }

    @Test(arguments: [nil, ""])
    func `A setting that must be there is named when it is missing or empty`(value: String?) {
        let line = "setting THING is missing"
        #expect(refusal(of: value) { reader throws(BadSetting) in _ = try reader.required("THING") } == line)
        #expect(refusal(of: value) { reader throws(BadSetting) in _ = try reader.secret("THING") } == line)
        #expect(refusal(of: value) { reader throws(BadSetting) in _ = try reader.url("THING") } == line)
    }

    @Test(arguments: [nil, ""])
    func `What is left out, or empty, has its default`(value: String?) throws {
        let reader = SettingsReader(value.map { ["THING": $0] } ?? [:])
        #expect(reader.optional("THING") == nil)
        #expect(reader.string("THING", default: "x") == "x")
        #expect(reader.optionalSecret("THING") == nil)
        #expect(try reader.url("THING", default: "https://a.example") == "https://a.example")
        #expect(try reader.integer("THING", default: 7, 1...9) == 7)
        #expect(try reader.seconds("THING", default: .seconds(3), 1...9) == .seconds(3))
        #expect(try reader.flag("THING", default: true))
        #expect(reader.list("THING") == [])
        #expect(try reader.oneOf("THING", default: ThingColor.red) == .red)
    }

    @Test(arguments: [
        ("1", true), ("9", true), ("0", false), ("10", false), ("-1", false), ("5.0", false), ("five", false),
        (" 5", false), ("5\r", false), ("99999999999999999999", false), ("0x5", false),
    ])
    func `A whole number within its range is taken, anything else refused with the range`(value: String, isTaken: Bool)
    {
        let refusal = refusal(of: value) { reader throws(BadSetting) in
            _ = try reader.integer("THING", default: 7, 1...9)
        }
        #expect((refusal == nil) == isTaken)
        guard let refusal else { return }
        #expect(refusal.hasPrefix("setting THING must be a whole number from 1 to 9, not '"))
        #expect(refusal.split(whereSeparator: \.isNewline).count == 1)
    }

    @Test(arguments: [
        "ftp://a.example", "a.example", "http://", "https:///path", "http://?", "//a.example",
        "http:a.example", "mailto:a@b.c", "https://user:password@a.example", "http://a b.example",
        "http://a.example/ä", "http://a.example\n", "javascript:alert(1)",
    ])
    func `A URL has a scheme and a host, and no credentials that could end in a log`(value: String) {
        let refusal = refusal(of: value) { reader throws(BadSetting) in _ = try reader.url("THING") }
        #expect(refusal == "setting THING must be an http or https URL with a host and without credentials")
    }

    @Test(arguments: [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"), ("https://a.example/", "https://a.example"),
        ("https://a.example/base/", "https://a.example/base"), ("http://[::1]:80", "http://[::1]:80"),
    ])
    func `A URL loses its trailing slash, so that paths can be added`(value: String, read: String) throws {
        #expect(try SettingsReader(["THING": value]).url("THING") == read)
    }

    @Test(arguments: [
        ("1", true), ("true", true), ("ON", true), ("yes", true), ("0", false), ("False", false),
        ("off", false), ("no", false), ("maybe", nil), ("2", nil), ("enabled", nil),
    ])
    func `A switch is on or off in the usual words, and nothing else`(value: String, read: Bool?) throws {
        let refusal = refusal(of: value) { reader throws(BadSetting) in
            _ = try reader.flag("THING", default: false)
        }
        #expect(refusal == (read == nil ? "setting THING must be on or off, not '\(value)'" : nil))
        if let read { #expect(try SettingsReader(["THING": value]).flag("THING", default: !read) == read) }
    }

    @Test
    func `A choice names what there is to choose from`() throws {
        #expect(try SettingsReader(["THING": "blue"]).oneOf("THING", default: ThingColor.red) == .blue)
        let refusal = refusal(of: "green") { reader throws(BadSetting) in
            _ = try reader.oneOf("THING", default: ThingColor.red)
        }
        #expect(refusal == "setting THING must be one of red, blue, not 'green'")
    }

    @Test(arguments: [
        ("a", ["a"]), ("a,b", ["a", "b"]), (" a , b ,", ["a", "b"]), (",,", []),
    ])
    func `A list is read part by part, spaces and empty parts left out`(value: String, read: [String]) {
        #expect(SettingsReader(["THING": value]).list("THING") == read)
    }
}
