"""Takes mails as aiosmtpd does, and reads them as Python's email package does.

    check_mail.py --ready       does nothing
    check_mail.py FILE COUNT    writes the port into FILE, waits for COUNT mails, and judges them
"""

import asyncio
import email
import email.policy
import os
import re
import sys

from aiosmtpd.smtp import SMTP

if sys.argv[1] == "--ready":
    sys.exit(0)
file, count = sys.argv[1], int(sys.argv[2])
mails, arrived = [], asyncio.Queue()


class Keeper:
    async def handle_DATA(self, server, session, envelope):
        mails.append(envelope)
        arrived.put_nowait(None)
        return "250 taken"


def judge(envelope):
    raw = envelope.original_content
    assert not re.search(rb"[^\r]\n|\r[^\n]", raw), "a line end is not CRLF"
    assert all(len(line) <= 998 for line in raw.split(b"\r\n")), "a line is too long"
    head = raw.split(b"\r\n\r\n")[0]
    assert all(32 <= byte < 127 or byte in b"\r\n" for byte in head), "the head is not ASCII"
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert not mail.defects, mail.defects
    for name in ("Date", "From", "To", "Message-ID", "Subject", "MIME-Version"):
        assert len(mail.get_all(name)) == 1, name
        assert not mail[name].defects, mail[name].defects
    assert mail["Date"].datetime is not None and mail["Auto-Submitted"] == "auto-generated"
    assert mail["Bcc"] is None, "a subject made a header"
    assert envelope.rcpt_tos == [mail["To"].addresses[0].addr_spec]
    assert mail["To"].addresses[0].domain in ("example.org", "xn--bcher-kva.example")
    assert mail["Subject"].isprintable() and len(mail["Subject"]) <= 200, repr(mail["Subject"])
    text = mail.get_body(("plain",)).get_content()
    if "is your code" in text:
        assert len(re.findall(r"(?<!\d)\d{6}(?!\d)", raw.decode())) == 1, "not one code"
        return
    html = mail.get_body(("html",))
    assert mail.get_content_type() == "multipart/alternative" and not html.defects
    content = html.get_content()
    assert "streichen" in text and "streichen" in content and "<b>" not in content.split("<body")[1], content
    link = re.fullmatch(r"<(https://guildhall.example/api/notifications/unsubscribe\?\S+)>", mail["List-Unsubscribe"])
    assert link and link[1] in text and link[1].replace("&", "&amp;") in content
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def collect():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Keeper(), enable_SMTPUTF8=False), "127.0.0.1", 0)
    with open(file + ".new", "w") as place:
        place.write(str(server.sockets[0].getsockname()[1]))
    os.rename(file + ".new", file)
    for _ in range(count):
        await asyncio.wait_for(arrived.get(), 120)
    server.close()


asyncio.run(collect())
for one in mails:
    judge(one)
print(f"{len(mails)} mails are as they should be")
