import SharedModels
import Testing

@testable import ServiceKit

/// The promise under test: a file of settings is data, and a faulty line is reported by its number.
@Suite struct SettingsFileTests {
    @Test func `a value is what stands behind the equals sign, whatever bash would make of it`() {
        let file = SettingsFile("# mine\n\nSMTP_URL=smtp://me:$(id)&pa#ss@mail.example\nHTTPS_PROXY=http://proxy\n")
        #expect(file.faults == [])
        #expect(
            file.values == ["SMTP_URL": "smtp://me:$(id)&pa#ss@mail.example", "HTTPS_PROXY": "http://proxy"])
    }

    @Test(arguments: [
        ("export A=1", "is not NAME=VALUE"), ("rm -rf x", "is not NAME=VALUE"),
        ("SMTP_ULR=smtp://a", "setting SMTP_ULR is not a setting; did you mean SMTP_URL?"),
        ("GUILDHALL_FOO=1", "setting GUILDHALL_FOO is not a setting; docs/configuration.md lists them"),
        ("SMTP_URL=foo", "setting SMTP_URL must be `smtp[s]://[user:password@]host[:port]`"),
        (
            "MAIL_FROM=\"a@b.example\"",
            "setting MAIL_FROM is written in quotes, which would be part of it; write it without"
        ),
        ("LOG_LEVEL=debug ", "setting LOG_LEVEL begins or ends with a space; write it without"),
    ])
    func `a line that would not do what it says is told by its number`(line: String, fault: String) {
        #expect(SettingsFile("# mine\n\(line)\n").faults == ["line 2: \(fault)"])
    }
}
