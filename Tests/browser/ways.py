"""Other ways than straight on: forms that are filled in wrongly, sessions that end, the dark, and a program that asks to be let
in."""

import base64
import hashlib
import os
import secrets

PICTURE = {"name": "me.png", "mimeType": "image/png", "buffer": base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")}
CALENDAR = "https://calendar.example.com/connected"


def wrong(town):
    """Each form says what is wrong with it, at the field, and keeps what was typed."""
    guest = town.person("guest", None)
    guest.open("/register")
    guest.fill(name="Ida", email="nonsense", password="short")
    guest.click("Go on")
    complains(guest)
    assert guest.page.input_value("[name=name]") == "Ida"
    guest.open("/reset-password?token=nothing")
    guest.fill(password="Analytical-1843", again="Analytical-1843")
    guest.click("Set the password")
    complains(guest)

    person = town.person("hasty", "client")
    person.open("/settings")
    person.fill(name=" ", website="nowhere")
    person.click("Save")
    complains(person)
    person.open("/keys/new")
    person.click("Make the key")
    complains(person)
    person.open("/agents")
    person.fill(name="Scout", limit="1000000")
    person.click("Add an agent")
    complains(person)
    assert person.page.input_value("[name=name]") == "Scout"
    person.open("/webhooks/new")
    person.fill(url="nowhere")
    person.click("Register")
    complains(person)
    person.open("/channels")
    person.fill(target="nowhere")
    person.click("Add the channel")
    complains(person)
    person.open("/messages/new?to=user_00000000000070008000000000000000")
    person.click("Send")
    complains(person)
    person.open("/gigs?least=much")
    person.sees("A rate must be an amount like 50 or 49.90.")


def complains(person):
    person.page.locator(".complaint, .problem").first.wait_for()


def consent(town):
    """From our sign-in by password, over the page that asks, to a code that is good for a token."""
    account = {"email": os.environ["ADMIN_EMAIL"], "password": os.environ["ADMIN_PASSWORD"]}
    owner = town.person("owner", None, checks=False).page.request
    session = owner.post(town.gateway + "/api/auth/login", data=account).json()
    made = owner.post(
        town.gateway + "/v1/oauth/clients", headers={"Authorization": f"Bearer {session['accessToken']}"},
        data={"client_name": f"Calendar {town.mark}", "redirect_uris": [CALENDAR], "scope": "profiles:read"})
    assert made.ok, made.text()
    program = made.json()

    verifier = secrets.token_urlsafe(48)
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    guest = town.person("asked", None, checks=False)
    guest.page.route("https://calendar.example.com/**", lambda route: route.fulfill(body="connected"))
    guest.open(f"/v1/oauth/authorize?response_type=code&client_id={program['client_id']}&redirect_uri={CALENDAR}"
               f"&code_challenge={digest}&code_challenge_method=S256&state=kept")
    guest.fill(**account)
    guest.page.get_by_role("button", name="Sign in", exact=True).click()
    guest.sees(f"Let Calendar {town.mark} in?")
    guest.page.get_by_role("button", name="Allow").click()
    guest.page.wait_for_url(CALENDAR + "?*")
    answer = dict(pair.split("=", 1) for pair in guest.page.url.partition("?")[2].split("&"))
    assert answer["state"] == "kept", answer
    both = base64.b64encode(f"{program['client_id']}:{program['client_secret']}".encode()).decode()
    token = owner.post(
        town.gateway + "/v1/oauth/token", headers={"Authorization": f"Basic {both}"},
        form={"grant_type": "authorization_code", "code": answer["code"], "code_verifier": verifier,
              "redirect_uri": CALENDAR})
    assert token.ok and token.json()["access_token"], token.text()


def doors(town):
    """In through Google; GitHub and Google linked and taken away again, until one is left; and a change of mind."""
    person = town.person("googler", None)
    through(person, "/sign-in?return_to=/settings", "Continue with Google")
    person.sees("Your only way in, so it stays.")
    person.sees_not("Unlink Google")
    through(person, "/settings", "Link GitHub")
    person.click("Unlink Google")
    person.sees("Google is no longer linked to your account.")
    through(person, "/settings", "Link Google")
    person.click("Unlink GitHub")
    person.sees("GitHub is no longer linked to your account.")
    person.sees("Your only way in, so it stays.")

    guest = town.person("unsure", None)
    guest.open("/sign-in")
    guest.click("Continue with Google")
    guest.page.click("[name=cancel]")
    guest.sees("access was not granted")
    guest.page.get_by_role("link", name="Sign in again").click()
    guest.sees("Sign in with Google")


def through(person, path, link):
    """From a page of ours to GitHub or Google, and back to the settings."""
    person.open(path)
    person.click(link)
    person.page.fill("[name=login]", f"googler-{person.town.mark}")
    person.page.click("button")
    person.page.wait_for_url("**/settings")
    person.look()


def files(town):
    """A picture and a resume, from the form to the profile that others see."""
    person = town.person("shown", "freelancer")
    person.open("/settings")
    person.click("Add a picture")
    person.click("Store it")
    person.sees("Has to be chosen.")
    wrong = {"name": "me.txt", "mimeType": "text/plain", "buffer": b"not a picture"}
    for file, seen in [(wrong, "Must be a JPEG, PNG or WebP of at most 5 MiB."), (PICTURE, "Your picture is stored.")]:
        person.page.set_input_files("[type=file]", file)
        person.click("Store it")
        person.sees(seen)
    person.click("Add a résumé")
    pages = b"%PDF-1.4\n" + b"%" * 2_000_000 + b"\n%%EOF\n"
    person.page.set_input_files("[type=file]", {"name": "me.pdf", "mimeType": "application/pdf", "buffer": pages})
    person.click("Store it")
    person.sees("Your résumé is stored.")
    person.click("your profile")
    image = person.page.locator("main img").first
    image.wait_for()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    address = person.page.get_by_role("link", name="Résumé").get_attribute("href")
    assert person.page.request.get(address).body() == pages


def late(town):
    """A session ends in the middle of a form. What was typed is sent by the next one."""
    person = town.person("late", "client")
    person.open("/gigs/new")
    person.fill(title=f"Mend a roof of {town.mark}", description="Line one.\nLine two.", rate="40")
    ended = person.page.request.delete(town.gateway + "/api/session", headers={"Origin": town.gateway})
    assert ended.ok, ended.text()
    person.click("Save")
    person.sees("Nothing that you typed is lost.")
    tab = person.context.new_page()
    person.enter("late", tab)
    tab.close()
    person.click("I have signed in, go on")
    person.click("Send it")
    person.sees("Your gig is open for applications.")
    person.sees("Line two.")


def dark(town, person, paths):
    """The same pages in the dark, as somebody who is signed in."""
    night = town.person("night", None, color_scheme="dark")
    night.context.add_cookies(person.context.cookies())
    for path in paths:
        night.open(path)


def back_again(town, client, deal):
    """A page that comes back from the browser's memory follows what happens again."""
    client.open(deal)
    with client.page.expect_request("**/api/events/stream"):
        client.page.evaluate("""() => {
            for (const kind of ["pagehide", "pageshow"]) dispatchEvent(new PageTransitionEvent(kind, { persisted: true }));
        }""")


def keys_only(town):
    """From the first key to a form and out of a menu, with nothing but the keyboard, which is always seen."""
    person = town.person("typist", "client")
    page = person.page
    person.open("/gigs/new")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.skip')"), "the first key leads past the header"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")
    page.reload()
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        at = page.evaluate("""() => {
            const one = document.activeElement, look = getComputedStyle(one);
            return one === document.body ? null : [one.outerHTML.slice(0, 80), look.outlineStyle !== 'none' && look.outlineWidth !== '0px'];
        }""")
        if at is None:
            break
        assert at[1], f"nobody sees that {at[0]} has the keyboard"
        seen.append(at[0])
    else:
        raise AssertionError(f"the keyboard never leaves the page: {seen[-3:]}")
    page.locator("details.me summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    assert not page.locator("details.me").evaluate("menu => menu.open"), "the menu stays open behind the keyboard"


def letters(town):
    """Names that are long, run from right to left, or are pictures: no page grows sideways, and no word leaves its place."""
    person = town.person("words", "client")
    for title in ["W" * 180, "كتابة محلل لكشوف الحسابات (ثلاثة)", "👩🏽‍💻🏳️‍🌈" * 12]:
        person.open("/gigs/new")
        person.fill(title=title, description=title, rate="40")
        person.click("Save")
        person.sees("Your gig is open for applications.")
        person.is_narrow()
