"""Two people chat over Socket.IO with python-socketio: over WebSocket, over polling, and changing from one to the other.
One of them loses the connection and comes back.

Arguments: the address, then the client's token and id, then the freelancer's. The two must have a contract.
"""

import queue
import socket
import sys
import threading
import urllib.parse

import socketio

LIMIT = 120
# Until a client has noticed that its connection is gone, and has made another.
PATIENCE = 240


class Cable:
    """What carries a client's connections to the server. It can be cut, and mended."""

    def __init__(self, address):
        server = urllib.parse.urlsplit(address)
        self.server = (server.hostname, server.port)
        self.ends = []
        self.is_cut = False
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            near, _ = self.listener.accept()
            with self.lock:
                if self.is_cut:
                    near.close()
                    continue
                far = socket.create_connection(self.server)
                self.ends += [near, far]
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self.carry, args=(source, target), daemon=True).start()

    @staticmethod
    def carry(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # It was cut.

    def cut(self):
        with self.lock:
            self.is_cut = True
            for end in self.ends:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # The other side was faster.
                end.close()
            self.ends = []

    def mend(self):
        with self.lock:
            self.is_cut = False


class Person:
    """One socket, and what it heard."""

    def __init__(self, address, token, user, transports, in_header=False, comes_back=False):
        self.user = user
        self.heard = {}
        self.client = socketio.Client(reconnection=comes_back, reconnection_delay=0.1, reconnection_delay_max=1)
        self.client.on("*", self.hear)
        for event in ("connect", "disconnect"):
            self.client.on(event, lambda *_, event=event: self.hear(event))
        self.client.connect(
            address,
            auth=None if in_header else {"token": token},
            headers={"Authorization": f"Bearer {token}"} if in_header else {},
            transports=transports,
            wait_timeout=LIMIT,
        )

    def hear(self, event, *data):
        self.queue(event).put(data[0] if data else None)

    def queue(self, event):
        return self.heard.setdefault(event, queue.Queue())

    def say(self, event, *data):
        self.client.emit(event, *data)

    def ask(self, event, data):
        return self.client.call(event, data, timeout=LIMIT)

    def next(self, event, limit=LIMIT):
        try:
            return self.queue(event).get(timeout=limit)
        except queue.Empty:
            raise SystemExit(f"{self.user} did not hear {event}; heard {[k for k, v in self.heard.items() if v.qsize()]}")


def expect(condition, what):
    if not condition:
        raise SystemExit(f"not so: {what}")


def talk(address, client, freelancer, ways, in_header):
    one = Person(address, *client, ways[0], in_header)
    other = Person(address, *freelancer, ways[1])
    expect(one.client.transport() == ways[0][-1], f"{one.client.transport()} carries {ways[0]}")
    expect(other.client.transport() == ways[1][-1], f"{other.client.transport()} carries {ways[1]}")
    one.say("authenticate", one.user)
    other.say("authenticate", other.user)
    status = one.next("userStatus")
    while status != {"userId": other.user, "status": "online"}:
        status = one.next("userStatus")

    one.say("initializeChat", {"clientId": one.user, "freelancerId": other.user})
    chat = one.next("chatInitialized")["conversationId"]
    for number in range(10):
        text = f"{ways} {number} äöü 😀"
        answer = one.ask(
            "sendMessage", {"conversationId": chat, "senderId": one.user, "receiverId": other.user, "message": text}
        )
        message = other.next("newMessage")
        expect(message["message"] == text and message == answer, f"{message} is {answer}")
        expect(one.next("messageSent")["_id"] == message["_id"], "the sender hears of it")
    read = other.ask("markAsRead", {"messageId": message["_id"], "userId": other.user})
    while one.next("messageRead") != read:
        pass
    large = "ü" * 5000
    other.say("sendMessage", {"conversationId": chat, "senderId": other.user, "receiverId": one.user, "message": large})
    reply = one.next("newMessage")
    expect(reply["message"] == large, "a large message arrives whole")
    one.say("getUnreadCount", one.user)
    expect(one.next("unreadCounts")[0]["count"] == 1, "it is unread")
    one.say("getConversations", one.user)
    expect(one.next("conversations")[0]["otherUserId"] == other.user, "the conversation is listed")
    other.say("deleteMessage", {"messageId": reply["_id"], "userId": other.user})
    for person in (one, other):
        expect(person.next("messageDeleted")["messageId"] == reply["_id"], "both hear of a deletion")
    one.say("markAsRead", {"messageId": reply["_id"], "userId": one.user})
    other.next("messageRead")
    one.say("sendMessage", {"conversationId": chat, "senderId": other.user, "receiverId": one.user, "message": "x"})
    expect(one.next("messageError")["status"] == 403, "nobody speaks for another")
    one.say("getNotifications", one.user)
    expect(isinstance(one.next("notifications"), list), "notifications are a list")
    other.client.disconnect()
    while one.next("userStatus") != {"userId": other.user, "status": "offline"}:
        pass
    one.client.disconnect()


def come_back(address, client, freelancer, transports):
    cable = Cable(address)
    one = Person(cable.address, *client, transports, comes_back=True)
    other = Person(address, *freelancer, ["websocket"])
    pair = {"clientId": one.user, "freelancerId": other.user}
    one.next("connect")
    chat = other.ask("initializeChat", pair)["conversationId"]
    cable.cut()
    one.next("disconnect", PATIENCE)
    message = {"conversationId": chat, "receiverId": one.user}
    missed = other.ask("sendMessage", {**message, "message": f"{transports}: you were away"})
    cable.mend()
    one.next("connect", PATIENCE)
    one.say("authenticate", one.user)
    unread = one.ask("getUnreadCount", one.user)
    expect(any(count["count"] > 0 for count in unread), f"what was missed is unread: {unread}")
    one.ask("markAsRead", {"messageId": missed["_id"]})
    expect(other.next("messageRead")["messageId"], "what was missed can be read")
    there = other.ask("sendMessage", {**message, "message": f"{transports}: you are back"})
    while (heard := one.next("newMessage")) != there:
        expect(heard == missed, f"{heard} is nothing that was said")
    one.client.disconnect()
    other.client.disconnect()


def refuse(address):
    for transports in (["websocket"], ["polling"]):
        reasons = queue.Queue()
        client = socketio.Client(reconnection=False)
        client.on("connect_error", reasons.put)
        client.on("connect", lambda: reasons.put({"message": "a made-up token was let in", "data": {"status": 200}}))
        # Only success ends the library's own wait: a refusal would take the whole of it.
        client.connect(address, auth={"token": "made up"}, transports=transports, wait=False)
        reason = reasons.get(timeout=LIMIT)
        expect(reason["message"] and reason["data"]["status"] == 401, f"the refusal says why: {reason}")
        client.disconnect()


def main():
    address, *people = sys.argv[1:]
    client, freelancer = tuple(people[:2]), tuple(people[2:])
    websocket, polling, both = ["websocket"], ["polling"], ["polling", "websocket"]
    talk(address, client, freelancer, (websocket, websocket), in_header=False)
    talk(address, client, freelancer, (polling, websocket), in_header=True)
    talk(address, client, freelancer, (both, polling), in_header=False)
    talk(address, client, freelancer, (both, both), in_header=True)
    for transports in (websocket, polling, both):
        come_back(address, client, freelancer, transports)
    refuse(address)
    print("the chat is understood over WebSocket, polling and both")


if __name__ == "__main__":
    main()
