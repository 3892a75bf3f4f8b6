import SharedModels

/// Words of users as one provider shows them: nothing in them links, mentions somebody or formats, and they have the
/// provider's length at most. Pure.
enum InertText {
    /// Telegram Bot API, `sendMessage`: 4,096 UTF-16 units. Without a `parse_mode` nothing is read as markup, but a name behind
    /// an `@` is told that it was mentioned.
    ///
    /// - Parameter ending: Our own words behind it, which are never cut.
    static func telegram(_ text: String, ending: String = "") -> String {
        cut(unmentioning(text), atMost: 4096 - ending.utf16.count, \.utf16.count) { scalar, _ in String(scalar) }
            + ending
    }

    /// Puts a character that nobody sees (U+2060) behind each `@` that would begin a mention. In a mail address it does not.
    private static func unmentioning(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            scalars.append(scalar)
            if scalar == "@", previous.map({ UInt8(ascii: $0).isASCIIAlphanumeric }) != true {
                scalars.append("\u{2060}")
            }
            previous = scalar.isASCII ? scalar : nil
        }
        return String(scalars)
    }

    /// Slack, "Formatting text": `&`, `<` and `>` are the only characters that begin a mention or a link. More than 4,000
    /// characters would become several messages.
    ///
    /// - Parameter limit: 3,000 in a block's text object.
    static func slack(_ text: String, atMost limit: Int = 4000) -> String {
        cut(text, atMost: limit, \.unicodeScalars.count) { scalar, _ in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            default: String(scalar)
            }
        }
    }

    /// Discord, `Execute Webhook`: 2,000 code points. A backslash takes its meaning from what Markdown would read.
    ///
    /// - Parameter ending: Our own words behind it, which are never cut.
    static func discord(_ text: String, ending: String = "") -> String {
        cut(text, atMost: 2000 - ending.unicodeScalars.count, \.unicodeScalars.count) { scalar, isFirstOfLine in
            let isMarkup =
                "\\*_~`|<>[]()".unicodeScalars.contains(scalar) || (isFirstOfLine && (scalar == "#" || scalar == "-"))
            return isMarkup ? "\\\(scalar)" : String(scalar)
        } + ending
    }

    /// Without control characters, and without those that turn the direction of what follows.
    static func clean(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter { scalar in
                    switch scalar.value {
                    case 0x0A: true
                    case 0x00..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: false
                    default: true
                    }
                }))
    }

    /// Cuts between characters, and escapes within them: to Swift, `<` with a combining mark behind it is another
    /// character, but a provider still sees `<`.
    ///
    /// - Parameters:
    ///   - length: Counts in the provider's unit.
    ///   - escape: Gets each scalar, and whether it begins a line.
    private static func cut(
        _ text: String, atMost limit: Int, _ length: (String) -> Int, _ escape: (Unicode.Scalar, Bool) -> String
    ) -> String {
        var (whole, size, fitting, isFirstOfLine) = ("", 0, "", true)
        for character in clean(text) {
            var piece = ""
            for scalar in character.unicodeScalars {
                piece += escape(scalar, isFirstOfLine)
                isFirstOfLine = scalar == "\n"
            }
            size += length(piece)
            guard size <= limit else { return fitting + "…" }
            whole += piece
            if size < limit { fitting = whole }
        }
        return whole
    }
}
