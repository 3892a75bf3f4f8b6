import SharedModels

/// A small page for people who follow one of the sandbox's links.
struct HTMLPage {
    let title: String
    /// Markup. All texts in it went through ``Markup/escape(_:)``.
    let body: String

    var text: String {
        """
        <!doctype html>
        <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>\(Markup.escape(title))</title>
        <style>body{font:16px/1.5 system-ui;max-width:32rem;margin:4rem auto;padding:0 1rem}</style>
        <h1>\(Markup.escape(title))</h1>
        \(body)
        <p><small>Guildhall sandbox: nothing here is real.</small></p>
        </html>
        """
    }
}
