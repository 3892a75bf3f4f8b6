/// The beginning of long texts, on pages that show many. No page may grow with what people write.
extension String {
    /// The first words on one line, as many as a card has room for.
    func beginning(_ most: Int = 220) -> String {
        let scalars = unicodeScalars.prefix(most + 1)
        let flat = String(String.UnicodeScalarView(scalars.prefix(most).map { $0 == "\n" ? " " : $0 }))
        return scalars.count > most ? flat + "…" : flat
    }

    /// As much as fits into so many bytes.
    func fitting(_ bytes: Int) -> String {
        guard utf8.count > bytes else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: bytes)
        while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end]) + "…"
    }
}

extension Visit {
    /// A text for the partial `excerpt`: as much as fits into so many bytes, and a link to this page with all of it.
    ///
    /// - Parameter name: Tells it from the other texts of the page.
    func excerpt(_ text: String?, _ name: String, _ bytes: Int) -> Values {
        let text = text ?? ""
        let isWhole = text.utf8.count <= bytes || query("whole") == name
        return [
            "words": isWhole ? text : text.fitting(bytes), "isCut": !isWhole,
            "whole": isWhole ? "" : address(with: ["whole": name]),
        ]
    }
}
