"""API keys as auth makes them."""

import os
import zlib

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def api_key():
    """A new key as auth would make it: a prefix, 32 characters and their CRC-32."""
    text = "cc_live_" + "".join(DIGITS[byte % 62] for byte in os.urandom(32))
    rest, check = zlib.crc32(text.encode()), ""
    for _ in range(6):
        check = DIGITS[rest % 62] + check
        rest //= 62
    return text + check
