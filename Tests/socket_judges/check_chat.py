"""Two people chat over Socket.IO with python-socketio: over WebSocket, over polling, and changing from one to the other.

Arguments: the address, then the client's token and id, then the freelancer's. The two must have a contract.
"""

import queue
import sys

import socketio

LIMIT = 20


class Person:
    """One socket, and what it heard."""

    def __init__(self, address, token, user, transports, in_header=False):
        self.user = user
        self.heard = {}
        self.client = socketio.Client(reconnection=False)
        self.client.on("*", self.hear)
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

    def next(self, event):
        try:
            return self.queue(event).get(timeout=LIMIT)
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


def refuse(address):
    for transports in (["websocket"], ["polling"]):
        reasons = queue.Queue()
        client = socketio.Client(reconnection=False)
        client.on("connect_error", reasons.put)
        try:
            client.connect(address, auth={"token": "made up"}, transports=transports, wait_timeout=5)
        except socketio.exceptions.ConnectionError:
            reason = reasons.get(timeout=LIMIT)
            expect(reason["message"] and reason["data"]["status"] == 401, f"the refusal says why: {reason}")
        else:
            raise SystemExit("a made-up token was let in")
        client.disconnect()


def main():
    address, *people = sys.argv[1:]
    client, freelancer = tuple(people[:2]), tuple(people[2:])
    websocket, polling, both = ["websocket"], ["polling"], ["polling", "websocket"]
    talk(address, client, freelancer, (websocket, websocket), in_header=False)
    talk(address, client, freelancer, (polling, websocket), in_header=True)
    talk(address, client, freelancer, (both, polling), in_header=False)
    talk(address, client, freelancer, (both, both), in_header=True)
    refuse(address)
    print("the chat is understood over WebSocket, polling and both")


if __name__ == "__main__":
    main()
