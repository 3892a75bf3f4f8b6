import SharedModels

struct DealTexts: Sendable {
    let youNegotiate = Phrase(
        "You opened a negotiation about {gig}", de: "Du hast eine Verhandlung über {gig} eröffnet")
    let negotiation = Phrase(
        "{client} opened a negotiation with you about {gig}", de: "{client} verhandelt mit dir über {gig}")
    let negotiationUpdated = Phrase(
        "The negotiation about {gig} was updated", de: "Die Verhandlung über {gig} hat sich geändert")
    let round = Phrase(
        "Terms were proposed for {gig}, round {round}", de: "Für {gig} wurden Bedingungen vorgeschlagen, Runde {round}")
    let agreed = Phrase("The terms for {gig} are agreed", de: "Die Bedingungen für {gig} sind vereinbart")
    let negotiationEnded = Phrase(
        "The negotiation about {gig} has ended without an agreement",
        de: "Die Verhandlung über {gig} ist ohne Einigung zu Ende")
    let declined = Phrase("A party declined.", de: "Eine Seite hat abgelehnt.")
    let noRoundsLeft = Phrase("All rounds were used.", de: "Alle Runden waren verbraucht.")
    let silence = Phrase("Nothing was done for too long.", de: "Zu lange ist nichts geschehen.")
    let departure = Phrase("A party left the marketplace.", de: "Eine Seite hat den Marktplatz verlassen.")
    let contract = Phrase("There is a contract for {gig}", de: "Es gibt einen Vertrag für {gig}")
    let contractUpdated = Phrase("The contract for {gig} was updated", de: "Der Vertrag für {gig} hat sich geändert")
    let youApproved = Phrase("You approved the contract for {gig}", de: "Du hast dem Vertrag für {gig} zugestimmt")
    let approved = Phrase(
        "{worker} approved the contract for {gig}", de: "{worker} hat dem Vertrag für {gig} zugestimmt")
    let youPaid = Phrase("You paid the contract for {gig}", de: "Du hast den Vertrag für {gig} bezahlt")
    let paid = Phrase("{client} paid the contract for {gig}", de: "{client} hat den Vertrag für {gig} bezahlt")
    let canceled = Phrase("The contract for {gig} was canceled", de: "Der Vertrag für {gig} wurde abgebrochen")
    let closed = Phrase(
        "The contract for {gig} was closed, and its money released",
        de: "Der Vertrag für {gig} ist abgeschlossen und das Geld freigegeben")
    let youAskedForRelease = Phrase(
        "You asked for the release of the money for {gig}", de: "Du hast um die Freigabe des Geldes für {gig} gebeten")
    let askedForRelease = Phrase(
        "{client} asked for the release of the money for {gig}",
        de: "{client} hat um die Freigabe des Geldes für {gig} gebeten")
    let youDispute = Phrase("You opened a dispute about {gig}", de: "Du hast einen Streitfall um {gig} eröffnet")
    let dispute = Phrase("{other} opened a dispute about {gig}", de: "{other} hat einen Streitfall um {gig} eröffnet")
    let disputeOpened = Phrase("A dispute was opened about {gig}", de: "Um {gig} wurde ein Streitfall eröffnet")
}

struct MoneyTexts: Sendable {
    let youFunded = Phrase(
        "You funded the milestone {milestone}", de: "Du hast den Meilenstein {milestone} finanziert")
    let funded = Phrase(
        "{client} funded the milestone {milestone}", de: "{client} hat den Meilenstein {milestone} finanziert")
    let wasFunded = Phrase("The milestone {milestone} was funded", de: "Der Meilenstein {milestone} ist finanziert")
    let heldUntilYouRelease = Phrase(
        "{amount} are held until you release them.", de: "{amount} sind hinterlegt, bis du sie freigibst.")
    let heldForYou = Phrase("{amount} are held for you.", de: "{amount} sind für dich hinterlegt.")
    let held = Phrase("{amount} are held.", de: "{amount} sind hinterlegt.")
    let youReleased = Phrase(
        "You released the milestone {milestone}", de: "Du hast den Meilenstein {milestone} freigegeben")
    let released = Phrase(
        "{client} released the milestone {milestone}", de: "{client} hat den Meilenstein {milestone} freigegeben")
    let wasReleased = Phrase(
        "The milestone {milestone} was released", de: "Der Meilenstein {milestone} ist freigegeben")
    let releasedByItself = Phrase(
        "The milestone {milestone} was released because nobody disputed it in time",
        de: "Der Meilenstein {milestone} ist freigegeben, weil ihn niemand rechtzeitig bestritten hat")
    let wasDecided = Phrase(
        "The dispute about the milestone {milestone} was decided, and its money released",
        de: "Der Streitfall um den Meilenstein {milestone} ist entschieden und das Geld freigegeben")
    let itIs = Phrase("It is {amount}.", de: "Es geht um {amount}.")
    let youGet = Phrase(
        "You get {transfer} of {amount}; the rest is the fee.",
        de: "Du bekommst {transfer} von {amount}; der Rest ist die Gebühr.")
    let payout = Phrase("The payout leaves on {day}.", de: "Die Auszahlung geht am {day} ab.")
    let walletPaidOut = Phrase("Your wallet was paid out", de: "Dein Guthaben wurde ausgezahlt")
    let payoutCameBack = Phrase(
        "The payout of your wallet came back", de: "Die Auszahlung deines Guthabens kam zurück")
    let payoutCameBackStep = Phrase(
        "Tell the platform which bank account to pay to.",
        de: "Sag der Plattform, auf welches Bankkonto sie zahlen soll.")
    let reference = Phrase("The bank's reference is {reference}.", de: "Die Bank nennt sie {reference}.")
    let walletHas = Phrase("Your wallet has {amount} now.", de: "Dein Guthaben ist jetzt {amount}.")
    let releaseDue = Phrase(
        "The milestone {milestone} will be released on {day}",
        de: "Der Meilenstein {milestone} wird am {day} freigegeben")
    let releaseDueSoon = Phrase(
        "The milestone {milestone} will be released", de: "Der Meilenstein {milestone} wird bald freigegeben")
    let releaseDueStep = Phrase(
        "Release it earlier, or dispute it until then.", de: "Gib ihn früher frei, oder bestreite ihn bis dahin.")
    let changed = Phrase(
        "The money of a milestone has changed", de: "Am Geld eines Meilensteins hat sich etwas geändert")
    let contractChanged = Phrase(
        "The money of the contract for {gig} has changed",
        de: "Am Geld des Vertrags über {gig} hat sich etwas geändert")
    let refunded = Phrase(
        "{amount} were given back to the client.", de: "{amount} gingen an die Auftraggeberseite zurück.")
    let refundFailed = Phrase(
        "A refund of {amount} failed and came back.", de: "Eine Erstattung von {amount} kam zurück.")
    let disputed = Phrase(
        "The client's bank disputes {amount}; nothing moves until it has decided.",
        de: "Die Bank der Auftraggeberseite bestreitet {amount}; bis sie entschieden hat, bewegt sich nichts.")
    let disputeWon = Phrase(
        "The bank's dispute about {amount} was won.", de: "Der Streit mit der Bank um {amount} ist gewonnen.")
    let disputeLost = Phrase(
        "The bank's dispute about {amount} was lost.", de: "Der Streit mit der Bank um {amount} ist verloren.")
    let caseOpened = Phrase("A case about money was opened", de: "Ein Fall zum Geld wurde eröffnet")
    let ourBooks = Phrase("Our books: {what}.", de: "Unsere Bücher: {what}.")
    let theProvider = Phrase("The provider: {what}.", de: "Der Anbieter: {what}.")
    let settleCase = Phrase("Settle it as an admin.", de: "Kläre ihn als Admin.")
    let capturedPartly = Phrase("Only {amount} of it were captured.", de: "Nur {amount} davon wurden eingezogen.")
    let givenBack = Phrase(
        "It could not be paid out, and {amount} were given back to the client.",
        de: "Es konnte nicht ausgezahlt werden, und {amount} gingen an die Auftraggeberseite zurück.")
}

/// What to do next.
struct StepTexts: Sendable {
    let othersTurn = Phrase("It is the other side's turn.", de: "Jetzt ist die andere Seite dran.")
    let publish = Phrase("Publish it when it is ready.", de: "Veröffentliche ihn, wenn er fertig ist.")
    let decideOnApplication = Phrase(
        "Shortlist or reject it, or open a negotiation.",
        de: "Nimm sie in die engere Wahl, lehne sie ab, oder eröffne eine Verhandlung.")
    let clientDecides = Phrase("The client decides now.", de: "Jetzt entscheidet die Auftraggeberseite.")
    let propose = Phrase("Propose terms, or decline.", de: "Schlage Bedingungen vor, oder lehne ab.")
    let agree = Phrase(
        "Agree, propose other terms, or decline.", de: "Stimme zu, schlage andere Bedingungen vor, oder lehne ab.")
    let approve = Phrase("Approve the contract.", de: "Stimme dem Vertrag zu.")
    let connect = Phrase("Set up your payouts.", de: "Richte deine Auszahlungen ein.")
    let fund = Phrase("Fund a milestone.", de: "Finanziere einen Meilenstein.")
    let deliver = Phrase("Deliver the work when it is done.", de: "Liefere die Arbeit, wenn sie fertig ist.")
    let release = Phrase(
        "Look at the work: release its money, or dispute it.",
        de: "Sieh dir die Arbeit an: Gib das Geld frei, oder bestreite sie.")
    let pay = Phrase("Pay the contract.", de: "Bezahle den Vertrag.")
    let tellProgress = Phrase("Tell how far you are.", de: "Sage, wie weit du bist.")
    let askForRelease = Phrase("Ask for the release of the money.", de: "Bitte um die Freigabe des Geldes.")
    let review = Phrase("Write a review.", de: "Schreibe eine Bewertung.")
    let respond = Phrase("Answer with your evidence.", de: "Antworte mit deinen Belegen.")
    let respondUntil = Phrase(
        "Answer with your evidence until {day}.", de: "Antworte bis zum {day} mit deinen Belegen.")
    let otherAnswersUntil = Phrase(
        "The other side can answer until {day}.", de: "Die andere Seite kann bis zum {day} antworten.")
}

/// The states of things, by their names in JSON.
struct StatusTexts: Sendable {
    let draft = Phrase("draft", de: "Entwurf")
    let active = Phrase("active", de: "aktiv")
    let closed = Phrase("closed", de: "geschlossen")
    let pending = Phrase("pending", de: "offen")
    let approved = Phrase("approved", de: "angenommen")
    let completed = Phrase("completed", de: "abgeschlossen")
    let cancelled = Phrase("cancelled", de: "abgebrochen")
    let expired = Phrase("expired", de: "abgelaufen")
    let started = Phrase("started", de: "begonnen")
    let ongoing = Phrase("ongoing", de: "im Gang")
    let awaitsApproval = Phrase("pending owner approval", de: "wartet auf Zustimmung")
    let awaitsOnboarding = Phrase("pending freelancer KYC", de: "wartet auf die Einrichtung der Auszahlungen")
    let awaitsFunding = Phrase("pending client funding", de: "wartet auf das Geld der Auftraggeberseite")
    let awaitsBoth = Phrase("pending both", de: "wartet auf beide Seiten")

    /// - Returns: `nil` for a state that is unknown here.
    func phrase(of state: String) -> Phrase? {
        switch state.lowercased() {
        case "draft": draft
        case "active": active
        case "closed": closed
        case "pending": pending
        case "approved": approved
        case "completed": completed
        case "cancelled", "canceled": cancelled
        case "expired": expired
        case "started": started
        case "ongoing": ongoing
        case "pending_owner_approval": awaitsApproval
        case "pending_freelancer_kyc": awaitsOnboarding
        case "pending_client_funding": awaitsFunding
        case "pending_both": awaitsBoth
        default: nil
        }
    }
}
