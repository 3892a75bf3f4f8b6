import SharedModels

/// The one table of what auth writes to people. A row has a text in every language.
struct MailTexts: Sendable {
    static let all = MailTexts()

    let code = Phrase("Your code for Guildhall", de: "Dein Code für Guildhall")
    let codeText = Phrase(
        """
        Your code is {code}. Enter it where you have registered; it works once, within five minutes.

        If you have not registered at Guildhall, ignore this mail: without the code no account is opened.
        """,
        de: """
            Dein Code ist {code}. Gib ihn dort ein, wo du dich registriert hast; er gilt einmal, fünf Minuten lang.

            Wenn du dich nicht bei Guildhall registriert hast, beachte diese Mail nicht: Ohne den Code wird kein Konto \
            eröffnet.
            """)
    let passwordLink = Phrase("A new password for Guildhall", de: "Ein neues Passwort für Guildhall")
    let passwordLinkText = Phrase(
        """
        Set a new password here; the link works once, within 15 minutes:

        {url}

        If you have not asked for it, ignore this mail: your password stays as it is.
        """,
        de: """
            Setze hier ein neues Passwort; der Link gilt einmal, innerhalb von 15 Minuten:

            {url}

            Wenn du ihn nicht verlangt hast, beachte diese Mail nicht: Dein Passwort bleibt, wie es ist.
            """)
}
