import Postgres

extension Database.Configuration {
    /// As a test has it: a busy machine is no busy service, and refuses nobody.
    package static func patient(url: String) -> Self {
        var configuration = Self(url: url)
        configuration.statementTimeout = .seconds(170)
        configuration.deadline = .seconds(180)
        // Also for who waits for a connection to be made.
        configuration.queuePatience = .seconds(180)
        configuration.silencePatience = .seconds(180)
        return configuration
    }
}
