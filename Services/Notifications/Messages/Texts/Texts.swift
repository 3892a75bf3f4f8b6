import SharedModels

/// The one table of what people read, whatever the channel. A row is a ``Phrase``, which has a text in every language.
///
/// Subjects are sentences without their full stop, all others are whole sentences. Names and titles are never declined:
/// `{client}` and `{worker}` are subjects of their sentence.
struct Texts: Sendable {
    static let all = Texts()

    let gigs = GigTexts()
    let deals = DealTexts()
    let money = MoneyTexts()
    let steps = StepTexts()
    let people = PeopleTexts()
    let own = OwnTexts()
    let words = WordTexts()
    let statuses = StatusTexts()
}

struct GigTexts: Sendable {
    let created = Phrase("Your gig {gig} was created", de: "Dein Auftrag {gig} wurde angelegt")
    let updated = Phrase("Your gig {gig} was updated", de: "Dein Auftrag {gig} wurde geändert")
    let deleted = Phrase("Your gig {gig} was deleted", de: "Dein Auftrag {gig} wurde gelöscht")
    let applied = Phrase("You applied to {gig}", de: "Du hast dich auf {gig} beworben")
    let application = Phrase("{applicant} applied to {gig}", de: "{applicant} hat sich auf {gig} beworben")
    let youWereShortlisted = Phrase(
        "Your application to {gig} was shortlisted", de: "Deine Bewerbung auf {gig} ist in der engeren Wahl")
    let shortlisted = Phrase(
        "You shortlisted an application to {gig}", de: "Du hast eine Bewerbung auf {gig} in die engere Wahl genommen")
    let youWereRejected = Phrase(
        "Your application to {gig} was rejected", de: "Deine Bewerbung auf {gig} wurde abgelehnt")
    let rejected = Phrase("You rejected an application to {gig}", de: "Du hast eine Bewerbung auf {gig} abgelehnt")
    let withdrawn = Phrase(
        "An application to {gig} was withdrawn", de: "Eine Bewerbung auf {gig} wurde zurückgezogen")
    let yoursWithdrawn = Phrase(
        "Your application to {gig} is withdrawn", de: "Deine Bewerbung auf {gig} ist zurückgezogen")
    let applicationUpdated = Phrase(
        "An application to {gig} was updated", de: "Eine Bewerbung auf {gig} hat sich geändert")
    let isFrom = Phrase("It is from {applicant}.", de: "Sie ist von {applicant}.")
}

struct PeopleTexts: Sendable {
    let keyExpiring = Phrase(
        "Your API key {key} expires on {day}", de: "Dein API-Schlüssel {key} läuft am {day} ab")
    let keyExpiringSoon = Phrase("Your API key {key} expires soon", de: "Dein API-Schlüssel {key} läuft bald ab")
    let rotateKey = Phrase(
        "Rotate it, or make another one, before it ends.",
        de: "Erneuere ihn vorher, oder lege einen anderen an.")
    let payoutsPaused = Phrase("Your payouts are paused", de: "Deine Auszahlungen sind angehalten")
    let payoutsPausedWhy = Phrase(
        "The payment provider wants to know more, or your account there is closed.",
        de: "Der Zahlungsanbieter braucht mehr Angaben, oder dein Konto dort ist geschlossen.")
    let payoutsPausedStep = Phrase(
        "Open the link of a contract to go on.", de: "Öffne den Link eines Vertrags, um fortzufahren.")
    let wroteToYou = Phrase("{other} wrote to you", de: "{other} hat dir geschrieben")
    let newMessage = Phrase("You have a new message", de: "Du hast eine neue Nachricht")
    let conversation = Phrase(
        "A conversation with you was started", de: "Ein Gespräch mit dir wurde begonnen")
    let conversationWith = Phrase(
        "{other} started a conversation with you", de: "{other} hat ein Gespräch mit dir begonnen")
    let yourConversation = Phrase("You started a conversation", de: "Du hast ein Gespräch begonnen")
    let profile = Phrase("Your profile was updated", de: "Dein Profil wurde geändert")
    let match = Phrase("You have a new match", de: "Du hast einen neuen Treffer")
    let matchWith = Phrase("You have a new match: {other}", de: "Du hast einen neuen Treffer: {other}")
    let isAbout = Phrase("It is about {gig}.", de: "Es geht um {gig}.")
    let score = Phrase("Its score is {score} of 100.", de: "Er hat {score} von 100 Punkten.")
    let accepted = Phrase("A match with you was accepted", de: "Ein Treffer mit dir wurde angenommen")
    let acceptedBy = Phrase(
        "{other} accepted the match with you", de: "{other} hat den Treffer mit dir angenommen")
    let rejected = Phrase("A match with you was rejected", de: "Ein Treffer mit dir wurde abgelehnt")
    let rejectedBy = Phrase(
        "{other} rejected the match with you", de: "{other} hat den Treffer mit dir abgelehnt")
    let youAccepted = Phrase("You accepted a match", de: "Du hast einen Treffer angenommen")
    let youAcceptedWith = Phrase(
        "You accepted the match with {other}", de: "Du hast den Treffer mit {other} angenommen")
    let youRejected = Phrase("You rejected a match", de: "Du hast einen Treffer abgelehnt")
    let youRejectedWith = Phrase(
        "You rejected the match with {other}", de: "Du hast den Treffer mit {other} abgelehnt")
}

/// What this service itself tells.
struct OwnTexts: Sendable {
    let code = Phrase("Your code for Guildhall", de: "Dein Code für Guildhall")
    let codeText = Phrase(
        """
        {code} is your code. Enter it to get Guildhall's messages here. It is valid for {minutes} minutes. If you did not \
        ask for it, do nothing.
        """,
        de: """
            {code} ist dein Code. Gib ihn ein, um die Nachrichten von Guildhall hier zu bekommen. Er gilt {minutes} Minuten. \
            Wenn du ihn nicht verlangt hast, tu nichts.
            """)
    let channelDisabled = Phrase(
        "Your {channel} channel was disabled", de: "Dein Kanal bei {channel} wurde abgeschaltet")
    let channelDisabledWhy = Phrase(
        "It refused our messages for good.", de: "Er hat unsere Nachrichten endgültig abgelehnt.")
    let channelDisabledStep = Phrase(
        "Have it sent a code to enable it again, or delete it.",
        de: "Lass ihm einen Code schicken, um ihn wieder einzuschalten, oder lösche ihn.")
    let webhookTest = Phrase("This is a test", de: "Das ist ein Test")
    let webhookDisabled = Phrase("Your webhook {url} was disabled", de: "Dein Webhook {url} wurde abgeschaltet")
    let webhookGone = Phrase(
        "Its receiver answered that it is gone (410).",
        de: "Sein Empfänger hat geantwortet, dass es ihn nicht mehr gibt (410).")
    let webhookDead = Phrase("It has taken nothing for {days} days.", de: "Er hat seit {days} Tagen nichts angenommen.")
    let webhookStep = Phrase("You can enable it again.", de: "Du kannst ihn wieder einschalten.")
    // Around a mail.
    let open = Phrase("Open it at Guildhall", de: "Bei Guildhall öffnen")
    let goOn = Phrase("Go on at {link}", de: "Weiter geht es hier: {link}")
    let why = Phrase(
        "You get this because your address is a notification channel at Guildhall.",
        de: "Du bekommst das, weil deine Adresse ein Benachrichtigungskanal bei Guildhall ist.")
    let end = Phrase("To get no more of it:", de: "Wenn du nichts mehr bekommen willst:")
    let unsubscribe = Phrase("Unsubscribe", de: "Abbestellen")
}

/// Words within sentences.
struct WordTexts: Sendable {
    let somebody = Phrase("Somebody", de: "Jemand")
    let client = Phrase("The client", de: "Die Auftraggeberseite")
    let worker = Phrase("The worker", de: "Die Auftragnehmerseite")
    let aGig = Phrase("a gig", de: "einen Auftrag")
    let untitled = Phrase("(untitled)", de: "(ohne Titel)")
    let unnamed = Phrase("(unnamed)", de: "(ohne Namen)")
    let ofAContract = Phrase("of a contract", de: "eines Vertrags")
    let aWebhook = Phrase("(no address)", de: "(ohne Adresse)")
    let quoted = Phrase("“{text}”", de: "„{text}“")
    let rate = Phrase("{amount} an hour", de: "{amount} die Stunde")
    let hours = Phrase("{hours} hours a week", de: "{hours} Stunden die Woche")
    let oneHour = Phrase("1 hour a week", de: "1 Stunde die Woche")
    let from = Phrase("from {day}", de: "ab {day}")
    let terms = Phrase("Terms: {terms}.", de: "Bedingungen: {terms}.")
    let price = Phrase("Price: {amount}.", de: "Preis: {amount}.")
    let itsStatusIs = Phrase("Its status is {status}.", de: "Der Stand: {status}.")
    let itsStatusIsNow = Phrase("Its status is now {status}.", de: "Der Stand ist jetzt: {status}.")
    /// A day, of the parts that `CalendarDay` has.
    let day = Phrase("{month} {day}, {year}", de: "{day}. {month} {year}")
    let months = [
        Phrase("January", de: "Januar"), Phrase("February", de: "Februar"), Phrase("March", de: "März"),
        Phrase("April", de: "April"), Phrase("May", de: "Mai"), Phrase("June", de: "Juni"), Phrase("July", de: "Juli"),
        Phrase("August", de: "August"), Phrase("September", de: "September"), Phrase("October", de: "Oktober"),
        Phrase("November", de: "November"), Phrase("December", de: "Dezember"),
    ]
}
