// Gives the card to Stripe, with the secret that the API answered. The card never comes to this site.
"use strict";
const form = document.getElementById("card");
if (form && window.Stripe) {
  const problem = document.getElementById("card-problem");
  const say = words => { problem.textContent = words; problem.hidden = !words; };
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const stripe = Stripe(form.dataset.key);
  const elements = stripe.elements({ clientSecret: form.dataset.secret, appearance: { theme: dark ? "night" : "stripe" } });
  elements.create("payment").mount("#card-fields");
  form.addEventListener("submit", async event => {
    event.preventDefault();
    say("");
    const { error } = await stripe.confirmPayment({
      elements, confirmParams: { return_url: new URL(form.dataset.return, location.origin).href },
    });
    if (error) { say(error.message); delete form.dataset.sent; }
  });
}
