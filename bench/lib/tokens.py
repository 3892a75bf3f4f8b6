"""The tokens by which services know each other."""

import base64
import hashlib
import hmac
import json
import time


def service_token(secret):
    """As Shared/ServiceKit/Credentials/ServiceTokens.swift signs them: HKDF-SHA256, then HS256."""

    def encoded(raw):
        return base64.urlsafe_b64encode(raw).rstrip(b"=")

    key = hmac.new(bytes(32), secret.encode(), hashlib.sha256).digest()
    key = hmac.new(key, b"service tokens\x01", hashlib.sha256).digest()
    now = int(time.time())
    head = encoded(b'{"alg":"HS256","typ":"JWT"}')
    claims = encoded(json.dumps({"iss": "jobs", "aud": "notifications", "iat": now, "exp": now + 60}).encode())
    signature = encoded(hmac.new(key, head + b"." + claims, hashlib.sha256).digest())
    return (head + b"." + claims + b"." + signature).decode()
