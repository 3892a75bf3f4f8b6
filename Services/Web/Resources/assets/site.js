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
