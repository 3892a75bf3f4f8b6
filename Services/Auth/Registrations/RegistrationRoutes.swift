import ServiceKit
import SharedModels

/// `/api/auth` for opening an account with a mail address.
struct RegistrationRoutes: Sendable {
    let workflow: RegistrationWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.registrations.register, begin)
        routes.handle(Endpoints.registrations.verify, confirm)
        routes.handle(Endpoints.registrations.resend, resend)
    }

    private func begin(_ input: RegistrationInput, _ call: Call) async throws -> Acknowledgement {
        try await workflow.register(
            input, in: Language(acceptedBy: call.header("Accept-Language")), from: call.sourceAddress.map { Place($0) })
        return Acknowledgement("A code was mailed to you; enter it within five minutes.")
    }

    private func confirm(_ input: CodeInput, _: Call) async throws -> Acknowledgement {
        try await workflow.confirm(input)
        return Acknowledgement("The account is open; sign in.")
    }

    private func resend(_ input: AddressInput, _ call: Call) async throws -> Acknowledgement {
        try await workflow.resend(
            to: input.email, in: Language(acceptedBy: call.header("Accept-Language")),
            from: call.sourceAddress.map { Place($0) })
        return Acknowledgement("If somebody has registered with this address, another code is on its way there.")
    }
}
