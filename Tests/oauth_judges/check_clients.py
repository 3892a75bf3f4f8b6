"""Gets tokens as programs do, with PyPI's Authlib and with oauthlib under requests-oauthlib, and uses them.

Reads one JSON object: {"gateway", "cookie", "client_id", "client_secret", "redirect_uri", "scope", "reads", "forbids"}.
`reads` is a path that the scope opens, `forbids` one that it does not. Ends with 0 when both libraries are content.
"""

import html.parser
import json
import os
import sys
import urllib.parse

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from oauthlib.oauth2 import AccessDeniedError, BackendApplicationClient
from oauthlib.oauth2.rfc6749.errors import InvalidGrantError
from requests_oauthlib import OAuth2Session

# The stack of a test has no TLS.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

given = json.load(sys.stdin)
gateway, redirect, scope = given["gateway"], given["redirect_uri"], given["scope"]
name, secret = given["client_id"], given["client_secret"]


class Form(html.parser.HTMLParser):
    """The form of a page, as a browser reads it."""

    def __init__(self, text):
        super().__init__()
        self.action, self.fields, self.buttons, self.scripts = None, {}, [], 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.action = attributes["action"]
        elif tag == "input":
            self.fields[attributes["name"]] = attributes["value"]
        elif tag == "button":
            self.buttons.append((attributes["name"], attributes["value"]))
        elif tag == "script":
            self.scripts += 1


def person(url, decision):
    """Opens the page that a client sends a person to, and presses a button. Returns where that leads."""
    browser = requests.Session()
    browser.headers["Cookie"] = given["cookie"]
    page = browser.get(url, allow_redirects=False, headers={"Accept": "text/html"})
    assert page.status_code == 200, (page.status_code, page.text)
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"
    form = Form(page.text)
    assert form.scripts == 0 and ("decision", decision) in form.buttons, form.buttons
    answer = browser.post(
        urllib.parse.urljoin(url, form.action), data=form.fields | {"decision": decision}, allow_redirects=False,
        headers={"Origin": gateway})
    assert answer.status_code == 302, (answer.status_code, answer.text)
    return answer.headers["Location"]


def works(client, path):
    return client.get(gateway + path).status_code


metadata = requests.get(gateway + "/.well-known/oauth-authorization-server").json()
# The standard wants https, which the stack of a test does not have.
AuthorizationServerMetadata(json.loads(json.dumps(metadata).replace("http://", "https://"))).validate()
assert metadata["issuer"] == gateway, metadata

# Authlib.
verifier = generate_token(48)
authlib = AuthlibSession(
    name, secret, scope=scope, redirect_uri=redirect, code_challenge_method="S256",
    token_endpoint_auth_method="client_secret_basic")
url, state = authlib.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier)
answer = person(url, "allow")
assert urllib.parse.parse_qs(urllib.parse.urlparse(answer).query)["iss"] == [gateway]
token = authlib.fetch_token(
    metadata["token_endpoint"], authorization_response=answer, state=state, code_verifier=verifier)
assert token["token_type"] == "Bearer" and set(token["scope"].split()) == set(scope.split()), token
assert works(authlib, given["reads"]) == 200 and works(authlib, given["forbids"]) == 403
fresh = authlib.refresh_token(metadata["token_endpoint"], refresh_token=token["refresh_token"])
assert fresh["refresh_token"] != token["refresh_token"]
assert works(authlib, given["reads"]) == 200
seen = authlib.introspect_token(metadata["introspection_endpoint"], token=fresh["access_token"]).json()
assert seen["active"] and seen["client_id"] == name, seen
assert authlib.revoke_token(metadata["revocation_endpoint"], token=fresh["refresh_token"]).status_code == 200
seen = authlib.introspect_token(metadata["introspection_endpoint"], token=fresh["access_token"]).json()
assert seen == {"active": False}, seen
assert requests.get(
    gateway + given["reads"], headers={"Authorization": "Bearer " + fresh["access_token"]}).status_code == 401
url, state = authlib.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier)
# Authlib asks for a token of the client's own when the answer has no code, so the answer itself is read here.
denied = dict(urllib.parse.parse_qsl(urllib.parse.urlparse(person(url, "deny")).query))
assert denied["error"] == "access_denied" and denied["state"] == state and denied["iss"] == gateway, denied
assert "code" not in denied, denied

# oauthlib, with the secret in the form.
client = OAuth2Session(name, redirect_uri=redirect, scope=scope.split(), pkce="S256")
url, state = client.authorization_url(metadata["authorization_endpoint"])
answer = person(url, "allow")
token = client.fetch_token(
    metadata["token_endpoint"], authorization_response=answer, client_secret=secret, include_client_id=True)
assert works(client, given["reads"]) == 200 and works(client, given["forbids"]) == 403
client.refresh_token(metadata["token_endpoint"], client_id=name, client_secret=secret)
assert works(client, given["reads"]) == 200
try:
    client.fetch_token(
        metadata["token_endpoint"], authorization_response=answer, client_secret=secret, include_client_id=True)
    raise AssertionError("a code worked twice")
except InvalidGrantError:
    pass
url, state = client.authorization_url(metadata["authorization_endpoint"])
try:
    client.fetch_token(metadata["token_endpoint"], authorization_response=person(url, "deny"), client_secret=secret)
    raise AssertionError("a denial gave a token")
except AccessDeniedError:
    pass

machine = OAuth2Session(client=BackendApplicationClient(client_id=name, scope=scope.split()))
machine.fetch_token(metadata["token_endpoint"], client_id=name, client_secret=secret)
assert works(machine, given["reads"]) == 200 and works(machine, given["forbids"]) == 403

print("both libraries are content")
