import Logging
import Mails
import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels

/// Sends what people need to sign in: codes and links.
///
/// A mail is a row of scheduled work, written with the change that it is about and sent afterwards. So nobody waits for
/// the mail server, nobody can tell by the time of an answer whether a mail was written, and a crash loses none.
struct MailWorkflow: Sendable {
    /// A person waits for the mail.
    private static let pause = Duration.seconds(5)
    private static let deadline = Duration.seconds(10)

    let clock: any DomainClock
    let scheduler: Scheduler
    let sender: MailSender
    let seal: Seal
    let templates: MailTemplates
    /// The web client.
    let home: String
    let logger: Logger

    func register(on scheduler: Scheduler) {
        scheduler.on(SendMail.self) { work -> ScheduledOutcome in try await send(work) }
    }

    /// Has a mail sent once `executor` has committed. It looks as the templates of now say, in every attempt.
    func post(_ mail: Mail, at now: Timestamp, in executor: some SQLExecutor) async throws {
        let mail = mail.dressed(by: templates, home: home)
        try await scheduler.schedule(SendMail(mail, id: .make(at: now), with: seal), at: now, in: executor)
    }

    /// Tries until the mail server has the mail, or refuses it for good, or the mail is of no use any more.
    func send(_ work: SendMail) async throws -> ScheduledOutcome {
        guard clock.now < work.usefulUntil else {
            logger.warning("a mail could not be sent in time", metadata: ["mail": "\(work.id)"])
            return .done
        }
        let mail = try work.mail(with: seal)
        return try await patiently(by: clock, pause: Self.pause, while: { _ in true }) {
            try await attempt(mail, work.id)
            return .done
        }
    }

    private func attempt(_ mail: Mail, _ id: MailID) async throws {
        let problem: String?
        do {
            let outcome = try await sender.send(
                MailSender.Letter(subject: mail.subject, text: mail.text, html: mail.html), to: mail.address,
                at: clock.now, idempotencyKey: "\(id)", deadline: Self.deadline)
            problem = try outcome.problem
        } catch let error as OutboundError where error.isForGood {
            problem = "\(error)"
        }
        guard let problem else { return }
        logger.error("a mail cannot be sent", metadata: ["mail": "\(id)", "reason": "\(problem)"])
    }
}

/// The mail server does not take it now.
private struct NotTaken: Error {
    let status: Int
}

extension MailSender.Outcome {
    /// Why the mail will never be taken; `nil` when it was.
    ///
    /// - Throws: ``NotTaken`` when it may be taken later.
    fileprivate var problem: String? {
        get throws {
            switch self {
            case .taken: return nil
            case .unconfigured: return "neither SMTP_URL nor RESEND_API_KEY is set"
            case .answered(let response):
                switch response.status {
                case 200..<300: return nil
                case 408, 429, 500...: throw NotTaken(status: response.status)
                default: return "Resend answered \(response.status)"
                }
            }
        }
    }
}

extension OutboundError {
    /// Whether the mail server, or the address, will never take this mail.
    fileprivate var isForGood: Bool {
        switch self {
        case .invalidMail, .invalidURL: true
        case .mailRefused(let status), .mailboxRefused(let status): status >= 500
        default: false
        }
    }
}
