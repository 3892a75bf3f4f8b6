/// A small page for people who follow one of the sandbox's links.
struct HTMLPage {
    let title: String
    /// Markup. All texts in it went through ``escaped(_:)``.
    let body: String

    var text: String {
        """
        <!doctype html>
        <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>\(Self.escaped(title))</title>
        <style>body{font:16px/1.5 system-ui;max-width:32rem;margin:4rem auto;padding:0 1rem}</style>
        <h1>\(Self.escaped(title))</h1>
        \(body)
        <p><small>Guildhall sandbox: nothing here is real.</small></p>
        </html>
        """
    }

    /// `text` for use in markup and in quoted attributes.
    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    }
}
