// The pages work without this. It tells the server the visitor's time zone, and closes the menu.
"use strict";
try {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !document.cookie.includes("guildhall_zone=" + zone)) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = "guildhall_zone=" + zone + "; Path=/; Max-Age=31536000; SameSite=Lax" + secure;
  }
} catch { /* Without a zone, times are in UTC. */ }

document.addEventListener("click", event => {
  for (const menu of document.querySelectorAll("details.me[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", event => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.me[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A form that is on its way is not sent again.
document.addEventListener("submit", event => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = "Copied";
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// Pages on which something can happen load again when something has. What is being typed stays.
const live = document.querySelectorAll("[data-live]");
if (live.length) {
  const renew = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelectorAll("[data-live]");
    live.forEach((part, index) => {
      if (!fresh[index] || part.contains(document.activeElement) && document.activeElement.matches("input,textarea,select")) return;
      if (part.innerHTML !== fresh[index].innerHTML) part.replaceChildren(...fresh[index].childNodes);
    });
  };
  let waiting, left = false;
  const later = pause => new Promise(resolve => setTimeout(resolve, pause));
  const follow = async () => {
    const stop = new AbortController();
    addEventListener("pagehide", () => { left = true; stop.abort(); });
    for (let pause = 1000; !left; pause = Math.min(pause * 2, 60000)) {
      try {
        const stream = await fetch("/api/events/stream", { signal: stop.signal, headers: { Accept: "text/event-stream" } });
        // Without a session of the kind that browsers carry there is nothing to follow.
        if (stream.status === 401 || stream.status === 403) return;
        if (!stream.ok) throw stream.status;
        const reader = stream.body.pipeThrough(new TextDecoderStream()).getReader();
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          pause = 1000;
          // A comment only says that the stream is alive.
          if (/^data:/m.test(value)) { clearTimeout(waiting); waiting = setTimeout(renew, 300); }
        }
      } catch { /* It is tried again. */ }
      if (!left) await later(pause);
    }
  };
  follow();
}
