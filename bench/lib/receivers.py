"""Receivers of webhooks: quick ones, and such as hang, drip or are busy."""

import asyncio
import time

RETRY_AFTER = 2


class Receiver(asyncio.Protocol):
    """Takes deliveries below /fast. Others hang, drip their head, or answer 503, as their path says."""

    def __init__(self, arrivals):
        self.arrivals, self.buffer = arrivals, b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end]
            start = head.lower().find(b"content-length:")
            length = int(head[start + 15 :].split(b"\r\n", 1)[0])
            if len(self.buffer) < end + 4 + length:
                return
            body = self.buffer[end + 4 : end + 4 + length]
            self.buffer = self.buffer[end + 4 + length :]
            self.answer(head.split(b" ", 2)[1].decode(), body)

    def answer(self, path, body):
        kind = path.split("/")[1]
        if kind == "hang":
            return
        if kind == "drip":
            asyncio.get_running_loop().create_task(self.drip())
            return
        if kind == "busy":
            self.transport.write(
                b"HTTP/1.1 503 Busy\r\nRetry-After: %d\r\nContent-Length: 0\r\n\r\n" % RETRY_AFTER)
            return
        self.transport.write(b"HTTP/1.1 204 Taken\r\n\r\n")
        if kind == "fast":
            self.arrivals.append((path, time.time(), body))

    async def drip(self):
        for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"." * 60:
            await asyncio.sleep(0.5)
            if self.transport.is_closing():
                return
            self.transport.write(bytes([byte]))


def receive(pipe):
    """The receiver's process. Sends what arrived since it was asked last."""

    async def serve():
        arrivals = []
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Receiver(arrivals), "127.0.0.1", 0, backlog=1000)
        pipe.send(server.sockets[0].getsockname()[1])

        def asked():
            pipe.recv()
            taken, arrivals[:] = list(arrivals), []
            pipe.send(taken)

        loop.add_reader(pipe.fileno(), asked)
        await asyncio.Event().wait()

    asyncio.run(serve())
