// The reference: the OpenAPI document in Redoc, in the visitor's colours.
"use strict";
(function () {
    const isDark = window.matchMedia("(prefers-color-scheme: dark)").matches;
    const dark = {
        colors: {
            primary: { main: "#86b4ff" }, text: { primary: "#e4e8ee", secondary: "#b4bcc8" },
            error: { main: "#ff8a80" }, success: { main: "#6fcf87" },
            border: { dark: "#343c48", light: "#343c48" }, gray: { 50: "#1e242d", 100: "#252c37" },
            http: { get: "#4f9e68", post: "#3d7fc4", put: "#a3742e", patch: "#9a6a2a", delete: "#b8504a" },
        },
        schema: { nestedBackground: "#1e242d", linesColor: "#56606e", typeNameColor: "#b4bcc8", typeTitleColor: "#b4bcc8" },
        sidebar: { backgroundColor: "#1a1f27", textColor: "#e4e8ee" },
        rightPanel: { backgroundColor: "#0d1015" },
        codeBlock: { backgroundColor: "#1e242d" },
        typography: { code: { color: "#ff9d8a", backgroundColor: "#252c37" }, links: { color: "#86b4ff" } },
    };
    const light = { rightPanel: { backgroundColor: "#263238" } };
    window.Redoc.init("/openapi.json", {
        theme: isDark ? dark : light, requiredPropsFirst: true, scrollYOffset: 52,
        hideDownloadButton: false, nativeScrollbars: true, schemasExpansionLevel: 1, jsonSampleExpandLevel: 3,
    }, document.getElementById("reference"));

    // "Try it" leads to the operation that is being read.
    const tryIt = document.querySelector('.bar a[href^="/docs/try"]');
    tryIt.addEventListener("click", function () {
        const [, tag, operation] = /^#tag\/([^/]+)\/operation\/(.+)$/.exec(window.location.hash) || [];
        tryIt.href = operation ? `/docs/try#/${tag.replace(/-/g, "%20")}/${operation}` : "/docs/try";
    });
})();
