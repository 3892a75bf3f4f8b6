"""A name server whose names lead astray, and a web server at an address that looks public.

Answers on 127.0.0.1:53 until it is ended. Prints "ready" when it listens. Needs the namespace of `run`.
"""

import http.server
import socket
import struct
import threading

PUBLIC, LOOPBACK = "93.184.216.34", "127.0.0.1"
# The addresses of each name below .rebind.test: for the first question, and for all later ones.
NAMES = {
    "public": ([PUBLIC], [PUBLIC]),
    "loopback": ([LOOPBACK], [LOOPBACK]),
    "metadata": (["169.254.169.254"], ["169.254.169.254"]),
    "private": (["10.0.0.1"], ["10.0.0.1"]),
    "unspecified": (["0.0.0.0"], ["0.0.0.0"]),
    "turning": ([PUBLIC], [LOOPBACK]),
    "both": ([PUBLIC, LOOPBACK], [PUBLIC, LOOPBACK]),
    "reversed": ([LOOPBACK, PUBLIC], [LOOPBACK, PUBLIC]),
}
ADDRESSES_6 = {
    "loopback6": "::1", "mapped6": "::ffff:127.0.0.1", "translated6": "64:ff9b::7f00:1", "tunnelled6": "2002:7f00:1::",
    "link6": "fe80::1", "unique6": "fd00:ec2::254",
}
ALIASES = {"alias": "localhost", "alias2": "loopback.rebind.test"}
asked = {}


def encoded(name):
    return b"".join(bytes([len(part)]) + part.encode() for part in name.rstrip(".").split(".")) + b"\0"


def answer(query):
    position, labels = 12, []
    while query[position]:
        labels.append(query[position + 1 : position + 1 + query[position]].decode().lower())
        position += 1 + query[position]
    question = query[12 : position + 5]
    kind = struct.unpack(">H", question[-4:-2])[0]
    name = labels[0] if labels[1:] == ["rebind", "test"] else ""
    # "turning-3" turns for itself: each test has its own name.
    name = name.split("-")[0]
    records = []
    if name in ALIASES:
        alias = encoded(ALIASES[name])
        records.append((5, alias))
        if kind == 1:
            records.append((1, socket.inet_aton(LOOPBACK)))
    elif kind == 1 and name in NAMES:
        first, later = NAMES[name]
        asked[labels[0]] = asked.get(labels[0], 0) + 1
        records += [(1, socket.inet_aton(a)) for a in (first if asked[labels[0]] == 1 else later)]
    elif kind == 28 and name in ADDRESSES_6:
        records.append((28, socket.inet_pton(socket.AF_INET6, ADDRESSES_6[name])))
    known = name in NAMES or name in ADDRESSES_6 or name in ALIASES
    body, owner = b"", b"\xc0\x0c"
    for record_kind, data in records:
        body += owner + struct.pack(">HHIH", record_kind, 1, 0, len(data)) + data
        if record_kind == 5:
            owner = data
    flags = 0x8180 if known else 0x8183
    return query[:2] + struct.pack(">HHHHH", flags, 1, len(records), 0, 0) + question + body


def serve_names(names):
    while True:
        query, peer = names.recvfrom(4096)
        names.sendto(answer(query), peer)


class Web(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"public"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
names.bind((LOOPBACK, 53))
threading.Thread(target=serve_names, args=(names,), daemon=True).start()
web = http.server.ThreadingHTTPServer((PUBLIC, 8080), Web)
print("ready", flush=True)
web.serve_forever()
