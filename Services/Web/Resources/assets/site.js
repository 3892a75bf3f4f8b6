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
document.addEventListener("focusout", event => {
  const menu = event.target.closest?.("details.me[open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
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

// Pages on which something can happen load again when something has. What is being typed stays; so do the place of the
// keyboard and what was opened. A page that nobody sees follows nothing: a browser has few connections for each site.
const live = document.querySelectorAll("[data-live]");
if (live.length) {
  const told = document.getElementById("told");
  // Each form has a new key each time. It is no news.
  const words = part => part.innerHTML.replace(/name="once" value="[^"]*"/g, "");
  const opened = part => [...part.querySelectorAll("details")];
  const places = part => [...part.querySelectorAll("a,button,summary,[tabindex]")];
  const put = (part, fresh) => {
    const open = opened(part).map(one => one.open), at = places(part).indexOf(document.activeElement);
    part.replaceChildren(...fresh.childNodes);
    opened(part).forEach((one, index) => { one.open ||= open[index]; });
    if (at >= 0) (places(part)[at] || document.getElementById("main")).focus({ preventScroll: true });
    if (told) told.textContent = "This page has changed.";
  };
  const renew = async () => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelectorAll("[data-live]");
      live.forEach((part, index) => {
        const isTyping = part.contains(document.activeElement) && document.activeElement.matches("input,textarea,select");
        if (fresh[index] && !isTyping && words(part) !== words(fresh[index])) put(part, fresh[index]);
      });
    } catch { /* The next event tries again. */ }
  };
  let waiting, stop;
  const later = pause => new Promise(resolve => setTimeout(resolve, pause));
  const follow = async signal => {
    for (let pause = 1000; !signal.aborted; pause = Math.min(pause * 2, 60000)) {
      try {
        const stream = await fetch("/api/events/stream", { signal, headers: { Accept: "text/event-stream" } });
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
      if (!signal.aborted) await later(pause);
    }
  };
  const look = () => {
    if (stop || document.hidden) return;
    stop = new AbortController();
    follow(stop.signal);
  };
  const rest = () => { stop?.abort(); stop = null; };
  addEventListener("pagehide", rest);
  // What happened meanwhile is not told again.
  addEventListener("pageshow", event => { if (event.persisted) { look(); renew(); } });
  document.addEventListener("visibilitychange", () => { if (document.hidden) rest(); else { look(); renew(); } });
  look();
}
