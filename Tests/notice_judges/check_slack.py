"""Reads messages as Slack's own library does: with the models of PyPI's slack_sdk.

Reads one message per line: the JSON body for an incoming webhook. Ends with 0 when all are well-formed.
"""

import json
import sys

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block, MarkdownTextObject, PlainTextObject


def refuses(block):
    try:
        Block.parse(block).validate_json()
    except SlackObjectFormationError:
        return True
    return False


def check(message):
    assert 1 <= len(message["text"]) <= 4000, len(message["text"])
    assert not set(message) - {"text", "blocks", "mrkdwn", "parse", "link_names", "unfurl_links", "unfurl_media"}
    assert 1 <= len(message["blocks"]) <= 50
    for raw in message["blocks"]:
        block = Block.parse(raw)
        block.validate_json()
        # What the library knows of the block is all that there is in it.
        assert block.to_dict() == raw, (block.to_dict(), raw)
        text = block.text
        assert isinstance(text, (PlainTextObject, MarkdownTextObject))
        text.validate_json()
        # Only our own link is Markdown; what users write is plain.
        if isinstance(text, MarkdownTextObject):
            assert text.text.startswith("<https://app.example/"), text.text
        else:
            assert not set("<>") & set(text.text), text.text


messages = [json.loads(line) for line in sys.stdin if line.strip()]
assert messages, "nothing was sent"
for one in messages:
    check(one)
assert refuses({"type": "section", "text": {"type": "plain_text", "text": "x" * 3001}}), "the judge sees nothing"
print(f"{len(messages)} messages are well-formed")
