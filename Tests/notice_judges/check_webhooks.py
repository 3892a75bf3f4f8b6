"""Verifies deliveries as their receivers do: with PyPI's standardwebhooks and svix, and by hand as SkillSync shows it.

Reads one JSON object per line: {"secret", "headers", "body"}. Ends with 0 when all are genuine and no altered one passes.
"""

import hashlib
import hmac
import json
import sys

import standardwebhooks
import svix.webhooks

LIBRARIES = [
    (standardwebhooks.Webhook, standardwebhooks.WebhookVerificationError),
    (svix.webhooks.Webhook, svix.webhooks.WebhookVerificationError),
]


def hexadecimal(secret, body):
    return "sha256=" + hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()


def refuses(verifier, error, body, headers):
    try:
        verifier.verify(body, headers)
    except error:
        return True
    return False


def check(delivery):
    secret, headers, body = delivery["secret"], delivery["headers"], delivery["body"]
    if secret.startswith("whsec_"):
        for library, error in LIBRARIES:
            verifier = library(secret)
            verifier.verify(body, headers)
            assert refuses(verifier, error, body + " ", headers)
            assert refuses(verifier, error, body, headers | {"webhook-id": "019456d0-0000-7000-8000-000000000001"})
            stale = str(int(headers["webhook-timestamp"]) - 600)
            assert refuses(verifier, error, body, headers | {"webhook-timestamp": stale})
    content = json.loads(body)
    assert hmac.compare_digest(headers["x-clawconnected-signature"], hexadecimal(secret, body))
    if "signature" not in content:
        return
    assert hmac.compare_digest(headers["x-skillsync-signature"], hexadecimal(secret, body))
    # The member is the HMAC of the rest, written again as JSON.stringify does.
    signature = content.pop("signature")
    rest = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    assert hmac.compare_digest(signature, hexadecimal(secret, rest)), rest
    content["event"] = "another"
    rest = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    assert not hmac.compare_digest(signature, hexadecimal(secret, rest))


deliveries = [json.loads(line) for line in sys.stdin if line.strip()]
assert deliveries, "nothing was sent"
for one in deliveries:
    check(one)
print(f"{len(deliveries)} deliveries are genuine")
