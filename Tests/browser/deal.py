"""A whole deal by two people who only click, from the gig to the reviews; then a second one that ends in a dispute."""

import sys

import story
from people import Town


def finish(client, worker, deal):
    client.open(deal)
    client.sees("Done, with tests.")
    client.click("Release $550")
    client.sees("$522.50 go to the freelancer")
    client.comes_to_see("Completed")
    for person, words in [(client, "Quick and careful."), (worker, "Clear and kind.")]:
        person.open(deal)
        person.click("Say how it went")
        person.fill(text=words)
        person.click("Write the review")
        person.sees("Your review is written.")
    worker.open("/earnings")
    worker.sees("$550")
    worker.page.locator("table a").first.click()
    worker.look()
    worker.sees("$522.50")
    worker.page.goto(worker.town.gateway + deal)
    worker.page.get_by_role("link", name="Client", exact=True).click()
    worker.look()
    worker.sees("Clear and kind.")


def quarrel(client, worker, deal):
    client.open(deal)
    client.click("Open a dispute")
    client.fill(reason="Half of it is missing.", evidence_text="Line 3 is not read.")
    client.click("Open the dispute")
    client.sees("The dispute is open.")
    dispute = client.page.url.removeprefix(client.town.gateway)
    worker.open("/")
    worker.sees("Answer the dispute")
    worker.open(dispute)
    worker.fill(evidence_text="Line 3 was not agreed.")
    worker.click("Answer")
    worker.sees("Your answer is with the admins.")
    worker.click("Ask for advice")
    worker.sees("Advice:")
    client.open("/disputes")
    client.sees("Half of it is missing.")


def write(client, worker, deal):
    client.open(deal)
    client.click("Write to them")
    client.fill(message="When could you begin?")
    client.click("Send")
    client.sees("When could you begin?")
    worker.open("/messages")
    worker.page.click(".cards a")
    worker.look()
    worker.fill(message="Tomorrow <b>at nine</b>.")
    worker.click("Send")
    worker.sees("Tomorrow <b>at nine</b>.")


def leave(town):
    person = town.person("leaver", "freelancer")
    person.open("/settings/delete")
    person.click("Delete my account for good")
    person.sees("Has to be ticked.")
    person.page.check("[name=sure]")
    person.click("Delete my account for good")
    person.sees("Your account is deleted.")


def without_scripts(town):
    person = town.person("plain", "client", checks=False, java_script_enabled=False)
    story.post(person, f"Paint a fence of {town.mark}")


def main():
    town = Town(*sys.argv[1:3])
    try:
        stranger = town.person("nobody", None)
        stranger.open("/")
        stranger.open("/gigs")
        assert "/sign-in?return_to=" in stranger.page.url
        client, worker = town.person("client", "client"), town.person("worker", "freelancer")
        client.open("/")
        worker.open("/")
        title = f"Write a parser for {town.mark}a"
        gig = story.post(client, title)
        deal = story.agree(client, worker, gig, title)
        write(client, worker, deal)
        story.work(client, worker, deal, first=True)
        finish(client, worker, deal)
        title = f"Write a parser for {town.mark}b"
        gig = story.post(client, title)
        deal = story.agree(client, worker, gig, title)
        story.work(client, worker, deal, first=False)
        quarrel(client, worker, deal)
        leave(town)
        without_scripts(town)
        print(f"two deals were played; {len(client.looked) + len(worker.looked)} kinds of pages have no violation")
    finally:
        town.end()


main()
