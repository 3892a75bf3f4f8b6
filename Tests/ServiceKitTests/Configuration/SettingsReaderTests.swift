import Logging
import OutboundHTTP
import SharedModels
import Testing

@testable import ServiceKit

/// The promise under test: a setting is valid, or the service stops with one line that names it and the fix.
@Suite struct SettingsReaderTests {
    /// The line that a service would stop with.
    private func refusal(of environment: [String: String], in service: ServiceName) -> String? {
        do throws(BadSetting) {
            _ = try SettingsReader(service, environment)
            return nil
        } catch {
            return error.description
        }
    }

    private func fault<Value>(in value: String, of form: SettingForm<Value>) -> String? {
        Setting("THING", form, of: [], "").fault(in: value)
    }

    @Test(arguments: [
        (ServiceName.notifications, "SMTP_URL", "foo"), (.notifications, "SMTP_URL", "http://mail.example"),
        (.notifications, "SMTP_URL", "smtp://"), (.notifications, "MAIL_FROM", "nobody"),
        (.notifications, "WEBHOOK_KEY", "short"), (.notifications, "TELEGRAM_BOT_TOKEN", "token"),
        (.notifications, "RESEND_API_KEY", "sk_live_1"), (.notifications, "RESEND_API_KEY", "re_"),
        (.payments, "STRIPE_WEBHOOK_SECRET", "abc"),
        (.payments, "STRIPE_WEBHOOK_SECRET", "whsec_new,old"), (.payments, "STRIPE_WEBHOOK_SECRET", ","),
        (.payments, "STRIPE_SECRET_KEY", "pk_live_1"), (.payments, "STRIPE_API_BASE", "api.stripe.com"),
        (.payments, "PLATFORM_FEE_BPS", "10000"), (.contracts, "ARBITRATION_FEE_CENTS", "150.00"),
        (.contracts, "LLM_BASE_URL", "model"), (.contracts, "LLM_MODEL", "two words"), (.auth, "DEFAULT_PLAN", "gold"),
        (.auth, "ADMIN_EMAIL", "admin"), (.auth, "ADMIN_PASSWORD", "seven-7"), (.auth, "GITHUB_CLIENT_ID", "a b"),
        (.talent, "S3_BUCKET", "Files"), (.talent, "TOMBSTONE_KEY", "short"), (.sandbox, "WEBHOOK_URL", "gateway"),
    ])
    func `A value that is not of its form stops the start, whether anything reads it or not`(
        service: ServiceName, name: String, value: String
    ) throws {
        let line = try #require(refusal(of: [name: value, "GUILDHALL_ENVIRONMENT": "development"], in: service))
        #expect(line.hasPrefix("setting \(name) must be "))
    }

    @Test(arguments: ["sk_live_1\n", " sk_live_1", "sk_live_1 ", "sk_live\t1", "sk_live_1\r"])
    func `A space or a line break around a secret stops the start, and the secret is not shown`(value: String) throws {
        let line = try #require(refusal(of: ["STRIPE_SECRET_KEY": value], in: .payments))
        #expect(line.hasPrefix("setting STRIPE_SECRET_KEY "))
        #expect(line.contains("write it without"))
        #expect(!line.contains("sk_live") && line.split(whereSeparator: \.isNewline).count == 1)
    }

    @Test
    func `No refusal of a secret shows it`() {
        for service in ServiceName.allCases {
            for setting in Declared.all(of: service) where setting.declaration.isSecret {
                let line = refusal(of: [setting.declaration.name: "open sesame\u{7}"], in: service)
                #expect(line?.hasPrefix("setting \(setting.declaration.name) ") == true)
                #expect(line?.contains("sesame") == false)
            }
        }
    }

    @Test(arguments: [
        ("GUILDHALL_ENVIROMENT", "did you mean GUILDHALL_ENVIRONMENT?"),
        ("GUILDHALL_PROT", "did you mean GUILDHALL_PORT?"), ("GUILDHALL_HMOE", "did you mean GUILDHALL_HOME?"),
        ("GUILDHALL_SOMETHING_ELSE", "docs/configuration.md lists them"),
    ])
    func `An unknown name with our prefix is refused by name, with what was probably meant`(name: String, hint: String)
    {
        let line = refusal(of: [name: "1"], in: .jobs)
        #expect(line?.hasPrefix("setting \(name) is not a setting") == true)
        #expect(line?.hasSuffix(hint) == true)
    }

    @Test
    func `What is missing under a name that is nearly right is missed with that name`() throws {
        let reader = try SettingsReader(.payments, ["STRIPE_SECERT_KEY": "sk_live_1"])
        let error = #expect(throws: BadSetting.self) { try reader.value(Declared.stripe.secretKey) }
        #expect(error?.description.contains("is STRIPE_SECERT_KEY, which is set, meant for it?") == true)
    }

    @Test(arguments: [
        (ServiceName.payments, "STRIPE_WEBHOOK_SECRET", "whsec_development"),
        (.payments, "STRIPE_WEBHOOK_SECRET", "whsec_mine, whsec_development"),
        (.payments, "STRIPE_SECRET_KEY", "sk_test_development"), (.payments, "STRIPE_API_BASE", "http://127.0.0.1:1"),
        (.notifications, "TELEGRAM_BOT_TOKEN", "100000000:development"),
        (.notifications, "RESEND_API_KEY", "re_development"),
        (.notifications, "TELEGRAM_API_BASE", "http://127.0.0.1:1"), (.contracts, "LLM_API_KEY", "sk-development"),
        (.auth, "GITHUB_CLIENT_ID", "Iv1.development"), (.auth, "GITHUB_CLIENT_SECRET", "development-github"),
        (.auth, "GITHUB_BASE_URL", "http://127.0.0.1:1"), (.auth, "ADMIN_PASSWORD", "Development-password-1"),
        (.auth, "ADMIN_PASSWORD", "password"), (.auth, "ADMIN_PASSWORD", "Password-2026!"),
        (.auth, "ADMIN_PASSWORD", "elevenchars"), (.auth, "ADMIN_PASSWORD", "aaaaaaaaaaaaaaaa"),
    ])
    func `What makes development easy stops every other start, by name`(
        service: ServiceName, name: String, value: String
    ) throws {
        let line = try #require(refusal(of: [name: value], in: service))
        #expect(line.hasPrefix("setting \(name) "))
        #expect(refusal(of: [name: value, "GUILDHALL_ENVIRONMENT": "development"], in: service) == nil)
    }

    @Test
    func `The sandbox starts in development and nowhere else`() {
        #expect(refusal(of: [:], in: .sandbox)?.hasPrefix("setting GUILDHALL_ENVIRONMENT must be development") == true)
        #expect(refusal(of: ["GUILDHALL_ENVIRONMENT": "staging"], in: .sandbox) != nil)
        #expect(refusal(of: ["GUILDHALL_ENVIRONMENT": "development"], in: .sandbox) == nil)
    }

    @Test
    func `Every default is of its setting's form, and is allowed everywhere`() {
        for setting in Declared.all {
            guard let initial = setting.declaration.initial else { continue }
            #expect(setting.fault(in: initial) == nil, "\(setting.declaration.name)")
            #expect(setting.declaration.fence?.fault(initial) == nil, "\(setting.declaration.name)")
        }
    }

    @Test
    func `Every setting is declared once`() {
        let names = Declared.all.map(\.declaration.name)
        #expect(Set(names).count == names.count)
        #expect(names.count > 40)
    }

    @Test(arguments: [nil, ""])
    func `What is left out, or empty, has its default`(value: String?) throws {
        let reader = try SettingsReader(.jobs, value.map { ["LOG_LEVEL": $0, "PORT": $0] } ?? [:])
        #expect(try reader.value(Declared.every.logLevel) == .info)
        #expect(reader.optional(Declared.every.port) == nil)
        #expect(reader.value(Declared.every.port, default: 7) == 7)
    }

    @Test(arguments: [
        ("1", true), ("9", true), ("0", false), ("10", false), ("-1", false), ("5.0", false), ("five", false),
        (" 5", false), ("5\r", false), ("99999999999999999999", false), ("0x5", false), ("", false),
    ])
    func `A whole number within its range is taken, anything else refused`(value: String, isTaken: Bool) {
        let fault = fault(in: value, of: .integer(1...9, "cents"))
        #expect((fault == nil) == isTaken)
        if value == "10" { #expect(fault == "must be a whole number of cents, from 1 to 9, not '10'") }
    }

    @Test(arguments: [
        "ftp://a.example", "a.example", "http://", "https:///path", "http://?", "//a.example",
        "http:a.example", "mailto:a@b.c", "https://user:password@a.example", "http://a b.example",
        "http://a.example/ä", "javascript:alert(1)",
    ])
    func `A URL has a scheme and a host, and no credentials that could end in a log`(value: String) {
        #expect(
            fault(in: value, of: .httpURL)
                == "must be an http or https URL with a host and without credentials, not '\(value)'")
    }

    @Test(arguments: [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"), ("https://a.example/", "https://a.example"),
        ("https://a.example/base/", "https://a.example/base"), ("http://[::1]:80", "http://[::1]:80"),
    ])
    func `A URL loses its trailing slash, so that paths can be added`(value: String, read: String) {
        #expect(SettingForm.httpURL.read(value) == read)
    }

    @Test(arguments: [
        "smtp://mail.example", "smtps://user:pa%20ss@mail.example:465", "smtp://[::1]:25", "smtp://mail.example/",
    ])
    func `A mail server's URL is taken with and without credentials and port`(value: String) {
        #expect(SettingForm.smtpURL.read(value) == Secret(value))
    }

    @Test
    func `A choice names what there is to choose from`() {
        #expect(SettingForm<ThingColor>.choice.read("blue") == .blue)
        #expect(fault(in: "green", of: SettingForm<ThingColor>.choice) == "must be one of `red`, `blue`, not 'green'")
    }

    @Test
    func `Secrets that are being replaced are read one by one`() {
        let form = SettingForm.tokens(beginningWith: "whsec_")
        #expect(form.read("whsec_new, whsec_old,") == [Secret("whsec_new"), Secret("whsec_old")])
    }

    @Test(arguments: [
        ("GUILDHALL_ENVIROMENT", "GUILDHALL_ENVIRONMENT", 1), ("SMTP_ULR", "SMTP_URL", 1), ("", "ABC", 3),
        ("KITTEN", "SITTING", 3), ("SAME", "SAME", 0),
    ])
    func `Letters missing, added, replaced or swapped are counted`(left: String, right: String, count: Int) {
        #expect(NearMiss.distance(left, right) == count)
        #expect(NearMiss.distance(right, left) == count)
    }
}
