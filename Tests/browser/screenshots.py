"""The main pages as pictures in docs/images, with made-up people and one deal in the middle of its work."""

import pathlib
import sys

import story
from people import Town

IMAGES = pathlib.Path(__file__).resolve().parents[2] / "docs" / "images"

GIGS = [
    ("Write a parser for bank statements", "65", "Three formats of German banks, with a test for each. The files are in our repository."),
    ("Design a calm booking page", "55", "One page, phone first. You bring the idea, we bring the words and the pictures."),
    ("Move a shop from PHP to Swift", "80", "Twelve endpoints and a cart. The old one keeps running until the new one is measured."),
    ("Translate a handbook into Portuguese", "40", "Ninety pages about pumps. A glossary is there; a native reader checks it."),
    ("Find out why our nightly job is slow", "90", "A PostgreSQL job of six hours that once took one. We can give you a copy of the data."),
]


def main():
    town = Town(*sys.argv[1:3], mark="")
    IMAGES.mkdir(parents=True, exist_ok=True)
    try:
        client = town.person("mara-lindqvist", "client", checks=False)
        worker = town.person("tomas-okafor", "freelancer", checks=False)
        worker.open("/settings")
        worker.fill(bio="Ten years of parsers, ledgers and other things that must not be wrong.",
                    skills="Swift, PostgreSQL, parsers, accounting", website="https://example.com/tomas")
        worker.click("Save")
        client.open("/settings")
        client.fill(bio="We make software for small shops.", skills="")
        client.click("Save")
        addresses = [story.post(client, title, rate, words) for title, rate, words in reversed(GIGS)]
        gig, title = addresses[-1], GIGS[0][0]
        other = town.person("ines-moreau", "freelancer", checks=False)
        other.open("/settings")
        other.fill(bio="I read statements of banks for a living.", skills="Python, OCR, German")
        other.click("Save")
        other.open(gig)
        other.click("Apply")
        other.fill(message="I have parsed two of the three formats, and would begin with MT940.")
        other.click("Apply")
        deal = story.agree(client, worker, gig, title)
        shoot(client, gig + "/applicants", "applicants")
        story.work(client, worker, deal, first=True)
        worker.open(addresses[0])
        worker.click("Apply")
        worker.fill(message="I have made one like it.")
        worker.click("Apply")
        shoot(client, deal, "deal")
        shoot(client, "/", "home")
        shoot(worker, "/gigs", "board")
        dark = town.person("guest", None, checks=False, color_scheme="dark")
        dark.context.add_cookies(client.context.cookies())
        shoot(dark, deal, "deal-dark")
        phone = town.person("guest", None, checks=False, viewport={"width": 390, "height": 844}, device_scale_factor=2)
        phone.context.add_cookies(client.context.cookies())
        shoot(phone, deal, "deal-phone", whole=False)
        story.finish(client, worker, deal)
        shoot(worker, "/people/" + story.own_id(worker), "profile")
        shoot(worker, "/earnings", "earnings")
        stranger = town.person("guest", None, checks=False)
        shoot(stranger, "/", "landing")
        print(f"{len(list(IMAGES.glob('*.png')))} pictures in {IMAGES}")
    finally:
        town.end()


def shoot(person, path, name, whole=False):
    person.open(path)
    person.page.screenshot(path=IMAGES / f"{name}.png", full_page=whole)


main()
