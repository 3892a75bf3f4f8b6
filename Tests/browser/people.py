"""People in a browser: they sign in at the sandbox's GitHub, click, and look at each page with axe-core's eyes."""

import os
import time

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

# WCAG 2.2 AA and what it builds on.
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
HEAVIEST = 60_000


class Town:
    """The stack, and a browser in front of it."""

    def __init__(self, gateway, sandbox, mark=None):
        self.gateway, self.sandbox = gateway, sandbox
        # People of another run have other names.
        self.mark = format(int(time.time() * 1000) % 10**9, "x") if mark is None else mark
        self.playing = sync_playwright().start()
        # Chromium's own sandbox does not run as root, and nothing but our pages is opened.
        self.browser = self.playing.chromium.launch(
            executable_path=os.environ["BROWSER_PROGRAM"], args=["--no-sandbox", "--disable-dev-shm-usage"])

    def person(self, name, role, **options):
        return Person(self, name, role, **options)

    def end(self):
        self.browser.close()
        self.playing.stop()


class Person:
    def __init__(self, town, name, role=None, checks=True, **options):
        self.has_scripts = options.get("java_script_enabled", True)
        # axe-core is a script itself.
        self.town, self.checks, self.looked = town, checks and self.has_scripts, set()
        options = {"viewport": {"width": 1200, "height": 900}, "locale": "en-US", "timezone_id": "Europe/Berlin"} | options
        self.context = town.browser.new_context(**options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(120_000)
        self.faults = []
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("console", lambda line: self.faults.append(line.text) if self.is_fault(line) else None)
        if role:
            self.sign_in(name, role)

    @staticmethod
    def is_fault(line):
        # A refused form is a 4xx, which Chromium reports as well.
        return line.type == "error" and "Content Security Policy" in line.text

    def enter(self, name, page=None):
        """In the person's tab, or in another one."""
        page = page or self.page
        page.goto(self.town.gateway + "/sign-in?return_to=/settings")
        page.get_by_role("link", name="Continue with GitHub").click()
        page.fill("[name=login]", "-".join(filter(None, [name, self.town.mark])))
        page.click("button")
        page.wait_for_url("**/settings")

    def sign_in(self, name, role):
        self.open("/sign-in")
        self.enter(name)
        self.page.select_option("[name=type]", role)
        self.page.fill("[name=name]", name.replace("-", " ").title())
        self.look()
        self.click("Save")
        self.sees("Your profile is saved.")

    def open(self, path):
        self.page.goto(path if path.startswith("http") else self.town.gateway + path)
        self.look()

    def click(self, label, within="main"):
        """A link or a button with this name."""
        place = self.page.locator(within)
        self.page.wait_for_load_state("domcontentloaded")
        place.get_by_role("button", name=label, exact=True).or_(
            place.get_by_role("link", name=label, exact=True)).first.click()
        self.page.wait_for_load_state("domcontentloaded")
        self.look()

    def fill(self, **fields):
        for name, value in fields.items():
            self.page.fill(f"[name={name}]", value)

    def sees(self, text):
        self.page.get_by_text(text).first.wait_for(timeout=120_000)

    def sees_not(self, text):
        assert self.page.get_by_text(text).count() == 0, f"{self.page.url} shows {text!r}"

    def comes_to_see(self, text):
        """Reloads until it is there: what a provider says comes a moment later."""
        for _ in range(240):
            if self.page.get_by_text(text).count():
                return
            time.sleep(0.5)
            self.page.reload()
        raise AssertionError(f"{self.page.url} never shows {text!r}")

    def look(self):
        """Each kind of page once: accessible, narrow enough for a phone, light enough."""
        assert not self.faults, f"{self.page.url}: {self.faults}"
        assert not self.page.locator("[hidden]:visible").count(), f"{self.page.url} shows what only scripts can do"
        if not self.checks or not self.page.url.startswith(self.town.gateway):
            return
        kind = (self.page.title(), self.page.locator("main form").count() > 0,
                self.page.locator(".complaint, .problem").count() > 0)
        if kind in self.looked:
            return
        self.looked.add(kind)
        found = Axe().run(self.page, options=RULES)
        broken = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found.response["violations"]]
        assert not broken, f"{self.page.url}: {broken}"
        size = len(self.page.content())
        assert size < HEAVIEST, f"{self.page.url} weighs {size} bytes"
        self.is_narrow()

    def is_narrow(self):
        """Phones, and a desk at 200 % (WCAG 1.4.10 asks for 320)."""
        for narrow in (320, 390, 600):
            self.page.set_viewport_size({"width": narrow, "height": 800})
            width = self.page.evaluate("document.documentElement.scrollWidth")
            assert width <= narrow, f"{self.page.url} is {width} wide where there is room for {narrow}"
        self.page.set_viewport_size({"width": 1200, "height": 900})
