import SharedModels

/// Members of which a part that cannot be taken over is left out, and noted.
extension DumpFields {
    /// An http or https URL. One without its scheme, as people write it, gets https.
    func link(_ field: String) -> String? {
        guard let text = self.value(field)?.string?.trimmed, !text.isEmpty else { return nil }
        guard text.utf8.count <= 2000 else {
            note(field, "is too long for a URL, and is left out")
            return nil
        }
        guard let link = text.asLink else {
            note(field, "is no http or https URL, and is left out")
            return nil
        }
        if link != text { note(field, "gets https:// before it") }
        return link
    }

    func texts(_ field: String, most: Int, longest: Int) -> [String] {
        items(field, most: most) { value in
            guard let text = value.string?.trimmed, (1...longest).contains(text.unicodeScalars.count) else {
                return nil
            }
            return text
        }
    }

    func items<Item>(_ field: String, most: Int, _ read: (JSONValue) -> Item?) -> [Item] {
        var items: [Item] = []
        for (index, value) in list(field).enumerated() {
            if items.count == most {
                note("\(field).\(index)", "is one too many, as \(most) are possible: it and all after it are left out")
                break
            }
            if let item = read(value) {
                items.append(item)
            } else {
                note("\(field).\(index)", "cannot be read, and is left out")
            }
        }
        return items
    }

    /// The ids of what is known, each once. The others are left out.
    func ids<Kind>(_ field: String, in known: KnownIDs<Kind>, most: Int) -> [Identifier<Kind>] {
        var (ids, seen): ([Identifier<Kind>], Set<Identifier<Kind>>) = ([], [])
        for (index, value) in list(field).enumerated() {
            let text = value.objectID ?? value["_id"]?.objectID
            guard let id = text.flatMap({ Identifier<Kind>($0) }) else {
                note("\(field).\(index)", "is no ObjectId, and is left out")
                continue
            }
            guard let found = known.resolved(id) else {
                note("\(field).\(index)", "\(known.whyNot(id)), and is left out")
                continue
            }
            guard seen.insert(found).inserted else { continue }
            if ids.count == most {
                note("\(field).\(index)", "is one too many, as \(most) are possible: it and all after it are left out")
                break
            }
            ids.append(found)
        }
        return ids
    }
}
