"""The steps of a deal, as two people click them."""


def post(client, title, rate="50", words="It reads a file and says what is wrong with it."):
    client.open("/gigs/new")
    client.fill(description=words, rate="5o")
    client.click("Save")
    client.sees("Must be an amount like 50 or 49.90.")
    client.fill(title=title, rate=rate)
    client.click("Save")
    client.sees("Your gig is open for applications.")
    return client.page.url.removeprefix(client.town.gateway)


def agree(client, worker, gig, title):
    worker.open("/gigs?q=" + title.split()[-1])
    worker.click(title)
    worker.click("Apply")
    worker.fill(message="I have written three.")
    worker.click("Apply")
    worker.sees("You have applied.")

    client.open("/")
    client.sees("applicant")
    client.open(gig + "/applicants")
    client.click("Shortlist", within=".applicant >> nth=0")
    client.click("Propose terms")
    client.fill(hours="10")
    client.click("Propose these terms")
    client.sees("Your terms are with them.")

    worker.open("/")
    worker.sees("Agree to the terms, or propose others")
    worker.page.click(".todo a")
    worker.look()
    worker.click("Propose other terms")
    worker.fill(rate="55")
    worker.click("Propose")
    worker.page.locator("mark", has_text="$55").wait_for()

    client.open("/")
    client.page.click(".todo a")
    client.page.locator("mark", has_text="$55").wait_for()
    client.click("Agree to round 2")
    client.click("Approve the contract")
    client.sees("You approved. Now the other side has to.")
    deal = client.page.url.removeprefix(client.town.gateway)
    worker.open(deal)
    worker.click("Approve the contract")
    worker.sees("Both have approved.")
    return deal


def work(client, worker, deal, first):
    if first:
        worker.open(deal)
        worker.click("Set up your payouts")
        worker.open(deal)
    client.open(deal)
    client.comes_to_see("To be funded")
    client.click("Put the money in")
    client.click("Go on to the payment")
    client.click("Try a card that is declined")
    client.sees("declined")
    client.click("Go on to the payment")
    client.click("Pay with a test card")
    client.open(deal)
    client.comes_to_see("Under way")
    client.sees_not("Done, with tests.")
    client.page.locator("summary", has_text="Where the money went").click()
    link = client.page.get_by_role("link", name="Share how to reach you")
    link.focus()
    worker.open(deal)
    worker.click("Deliver")
    worker.fill(note="Done, with tests.", url="https://example.com/parser")
    worker.click("Deliver")
    worker.sees("Your work is with the client.")
    # The client's page is still open. It changes by itself; without scripts when it is loaded again.
    if not client.has_scripts:
        client.sees_not("Done, with tests.")
        client.page.reload()
    client.sees("Done, with tests.")
    if client.has_scripts:
        assert link.evaluate("link => link === document.activeElement"), "the keyboard lost its place"
        assert client.page.locator("details.books").evaluate("one => one.open"), "what was opened is closed"


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


def own_id(person):
    """The account of the person, from the link to the own profile."""
    return person.page.locator(".menu a[href^='/people/']").first.get_attribute("href").rsplit("/", 1)[-1]
