import SharedModels

/// What Slack refuses of a message (https://docs.slack.dev/reference/block-kit/blocks, "chat.postMessage"). Lengths are in
/// characters, as Slack counts them: code points.
enum SlackLimits {
    private static let longestText = 40_000
    private static let mostBlocks = 50
    private static let mostAttachments = 100
    private static let longestSection = 3000
    private static let longestHeader = 150
    private static let mostFields = 10
    private static let longestField = 2000

    /// - Returns: Slack's word for it; `nil` when the message can be shown.
    static func fault(in message: JSONValue) -> String? {
        if length(message["text"]) > longestText { return "msg_too_long" }
        if (message["attachments"]?.array?.count ?? 0) > mostAttachments { return "too_many_attachments" }
        guard let blocks = message["blocks"] else { return nil }
        guard let blocks = blocks.array, blocks.count <= mostBlocks, blocks.allSatisfy(isBlock) else {
            return "invalid_blocks"
        }
        return nil
    }

    private static func isBlock(_ block: JSONValue) -> Bool {
        switch block["type"]?.string {
        case "header": isText(block["text"], ["plain_text"], atMost: longestHeader)
        case "section":
            if let fields = block["fields"] {
                (1...mostFields).contains(fields.array?.count ?? 0)
                    && fields.array?.allSatisfy { isText($0, ["plain_text", "mrkdwn"], atMost: longestField) } == true
            } else {
                isText(block["text"], ["plain_text", "mrkdwn"], atMost: longestSection)
            }
        // Blocks that we do not send are taken as they are, but they have a type.
        case let type: type?.isEmpty == false
        }
    }

    private static func isText(_ text: JSONValue?, _ types: [String], atMost limit: Int) -> Bool {
        guard let text, let type = text["type"]?.string, types.contains(type) else { return false }
        // `emoji` belongs to plain text alone, `verbatim` to Markdown.
        let foreign = type == "plain_text" ? "verbatim" : "emoji"
        return (1...limit).contains(length(text["text"])) && text[foreign] == nil
    }

    private static func length(_ text: JSONValue?) -> Int { text?.string?.unicodeScalars.count ?? 0 }
}
