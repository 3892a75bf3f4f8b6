"""The promises under test: each path leads to its service, and nginx's own answers look like theirs."""

import json
import resource
import select
import shutil
import socket
import time
import unittest

from gateway import CLIENT, Gateway

OTHERS = ["https://evil.example", "http://app.example", "https://app.example:8443", "https://app.example.evil", "null"]
BIG = b" " * (1 << 20) + b" "


def head(line, *headers):
    return "\r\n".join([line, "Connection: close", *headers, "", ""]).encode()


class Refusals(unittest.TestCase):
    """Each kind of refusal that nginx makes."""

    @classmethod
    def setUpClass(cls):
        cls.gateway = Gateway(down=["payments"], silence="3s")
        cls.addClassCleanup(cls.gateway.end)

    def ways(self, origin):
        """Status, name, and a request from a page of `origin` that gets it."""
        host, origin = "Host: guildhall.example", f"Origin: {origin}"
        return [
            (404, "nothing there", head("GET /api/nothing?code=sesame HTTP/1.1", host, origin)),
            (404, "doubled slash", head("GET /api//gigs?code=sesame HTTP/1.1", host, origin)),
            (404, "encoded slash", head("GET /api/x/..%2fgigs?code=sesame HTTP/1.1", host, origin)),
            (404, "dot segment", head("GET /api/gigs/../gigs?code=sesame HTTP/1.1", host, origin)),
            (405, "unknown method", head("FROB /api/gigs?code=sesame HTTP/1.1", host, origin)),
            (405, "TRACE", head("TRACE /api/gigs?code=sesame HTTP/1.1", host, origin)),
            (413, "large body", head(
                "POST /api/gigs?code=sesame HTTP/1.1", host, origin, f"Content-Length: {len(BIG)}") + BIG),
            (400, "no host", head("GET /api/gigs?code=sesame HTTP/1.1", origin)),
            (400, "two lengths", head(
                "POST /api/gigs?code=sesame HTTP/1.1", host, origin, "Content-Length: 1", "Content-Length: 2")),
            (400, "unknown coding", head(
                "POST /api/gigs?code=sesame HTTP/1.1", host, origin, "Transfer-Encoding: frob")),
            (431, "large header", head(
                "GET /api/gigs?code=sesame HTTP/1.1", host, origin, "X-Long: " + "a" * 9000)),
            (502, "service down", head("POST /api/credits?code=sesame HTTP/1.1", host, origin)),
            (502, "service hung up", head("POST /api/gigs/broken?code=sesame HTTP/1.1", host, origin)),
            (504, "silent service", head("POST /api/gigs/silent?code=sesame HTTP/1.1", host, origin)),
        ]

    # nginx refuses these before it has read the caller's headers.
    unread = [
        (414, "long address", head("GET /api/gigs?code=sesame&" + "a" * 9000 + " HTTP/1.1", "Host: a")),
        (400, "unknown protocol", head("GET /api/gigs?code=sesame FROB/1.1", "Host: a")),
        (400, "unknown version", head("GET /api/gigs?code=sesame HTTP/9.1", "Host: a")),
        (431, "large header first", head(
            "GET /api/gigs?code=sesame HTTP/1.1", "X-Long: " + "a" * 9000, "Host: a", f"Origin: {CLIENT}")),
    ]

    def check_shape(self, answer, status, name):
        self.assertEqual(answer.status, status, name)
        self.assertEqual(answer.header("Content-Type"), "application/json", name)
        self.assertEqual(answer.json["status"], status, name)
        self.assertEqual(answer.json["error"]["message"], answer.json["message"], name)
        self.assertEqual(answer.json["request_id"], answer.header("X-Request-Id"), name)
        self.assertEqual(answer.header("X-Content-Type-Options"), "nosniff", name)
        self.assertEqual(answer.header("Cache-Control"), "no-store", name)
        self.assertEqual(answer.header("Vary"), "Origin", name)
        self.assertEqual(answer.header("Server"), "nginx", name)
        self.assertIsNone(answer.header("Strict-Transport-Security"), name)

    def check_allowed(self, answer, name):
        self.assertEqual(answer.header("Access-Control-Allow-Origin"), CLIENT, name)
        self.assertEqual(answer.header("Access-Control-Allow-Credentials"), "true", name)
        exposed = answer.header("Access-Control-Expose-Headers").split(", ")
        self.assertLessEqual({"Retry-After", "X-Request-Id", "Allow", "X-RateLimit-Reset"}, set(exposed), name)

    def check_not_allowed(self, answer, name):
        for header in ["Allow-Origin", "Allow-Credentials", "Expose-Headers"]:
            self.assertIsNone(answer.header(f"Access-Control-{header}"), name)

    def test_the_clients_page_can_read_every_refusal(self):
        for status, name, request in self.ways(CLIENT) + self.unread:
            answer = self.gateway.say(request)
            self.check_shape(answer, status, name)
            self.check_allowed(answer, name)

    def test_another_sites_page_can_read_none(self):
        for origin in OTHERS:
            for status, name, request in self.ways(origin):
                if status == 504:
                    continue
                answer = self.gateway.say(request)
                self.check_shape(answer, status, name)
                self.check_not_allowed(answer, f"{name} from {origin}")

    def test_who_is_no_browser_is_told_nothing_of_origins(self):
        for target in ["/api/nothing", "//v1/nothing", "/api/credits"]:
            self.check_not_allowed(self.gateway.ask("GET", target), target)

    def test_surfaces_that_are_not_for_pages_allow_none(self):
        for target in ["/v1/../nothing", "/v1//nothing", "//v1/nothing", "/internal/events", "/health/ready", "/metrics"]:
            answer = self.gateway.ask("GET", target, [("Origin", CLIENT)])
            self.assertEqual(answer.status, 404, target)
            self.check_not_allowed(answer, target)
            self.assertIsNone(answer.header("Vary"), target)

    def test_a_person_who_is_signing_in_gets_a_page(self):
        page = self.gateway.ask("GET", "/api/session/github/silent?code=sesame", [("Accept", "text/html,*/*;q=0.8")])
        self.assertEqual((page.status, page.header("Content-Type")), (504, "text/html; charset=utf-8"))
        self.assertIn("did not answer in time", page.body.decode())
        self.assertIn(CLIENT, page.body.decode())
        self.assertNotIn("sesame", page.body.decode())
        self.assertIn("default-src 'none'", page.header("Content-Security-Policy"))
        page = self.gateway.ask("GET", "/api/session/google/broken", [("Accept", "text/html,*/*;q=0.8")])
        self.assertEqual((page.status, page.header("Content-Type")), (502, "text/html; charset=utf-8"))
        for target, accept in [("/api/session/github/broken", "application/json"), ("/api/gigs/broken", "text/html")]:
            answer = self.gateway.ask("GET", target, [("Accept", accept)])
            self.assertEqual((answer.status, answer.json["error"]["code"]), (502, "BAD_GATEWAY"))

    def test_a_person_who_looks_at_pages_gets_a_page(self):
        page = self.gateway.ask("GET", "/gigs/broken", [("Accept", "text/html,*/*;q=0.8")])
        self.assertEqual((page.status, page.header("Content-Type")), (502, "text/html; charset=utf-8"))
        self.assertIn("cannot be reached just now", page.body.decode())
        self.assertIn("default-src 'none'", page.header("Content-Security-Policy"))

    def test_what_passes_by_itself_says_when(self):
        for target, wait in [("/api/credits", "2"), ("/api/gigs/broken", "2"), ("/api/gigs/silent", "5")]:
            self.assertEqual(self.gateway.ask("POST", target).header("Retry-After"), wait)
        self.assertIsNone(self.gateway.ask("GET", "/api/nothing").header("Retry-After"))
        self.assertIn("PATCH", self.gateway.ask("FROB", "/api/gigs").header("Allow"))

    def test_below_v1_oauth_refusals_are_the_standards(self):
        answer = self.gateway.ask("POST", "/v1/oauth/token", body=b"x" * (11 << 20))
        self.assertEqual(answer.status, 413)
        self.assertEqual(
            {name: answer.json[name] for name in ["error", "error_description", "error_code", "issues"]},
            {
                "error": "invalid_request", "error_description": "The body is too large.",
                "error_code": "PAYLOAD_TOO_LARGE", "issues": [],
            })
        self.assertTrue(answer.json["request_id"].startswith("req_"))

    def test_below_v1_refusals_are_skillsyncs(self):
        answer = self.gateway.ask("GET", "/v1//nothing").json
        self.assertEqual(answer["error"]["code"], "RESOURCE_NOT_FOUND")
        self.assertIs(answer["success"], False)

    def test_a_sane_request_id_is_kept_and_another_is_replaced(self):
        for given, kept in [("my.id-1", True), ("two words", False), ("<script>", False), ("a" * 129, False)]:
            answer = self.gateway.ask("GET", "/api/nothing", [("X-Request-Id", given)])
            self.assertEqual(answer.json["request_id"] == given, kept, given)
            self.assertEqual(answer.header("X-Request-Id"), answer.json["request_id"])


class Limits(unittest.TestCase):
    def test_too_many_requests_are_429_and_the_clients_page_is_told_when_to_ask_again(self):
        gateway = Gateway(rate=1)
        self.addCleanup(gateway.end)
        # A busy machine may ask too slowly at first.
        answers = (gateway.ask("POST", "/api/gigs?code=sesame", [("Origin", CLIENT)]) for _ in range(200))
        refused = next(answer for answer in answers if answer.status == 429)
        self.assertEqual(refused.json["error"]["code"], "RATE_LIMIT_EXCEEDED")
        self.assertEqual(refused.header("Access-Control-Allow-Origin"), CLIENT)
        self.assertEqual(refused.header("Retry-After"), "1")
        logged = [line for line in gateway.lines() if line["status"] == "429"]
        self.assertEqual({(line["method"], line["rate_limit"]) for line in logged}, {("POST", "REJECTED")})
        self.assertNotIn("sesame", gateway.log.read_text() + gateway.errors.read_text())

    def test_an_address_has_four_large_bodies_on_their_way_and_any_number_of_small_ones(self):
        gateway = Gateway()
        self.addCleanup(gateway.end)

        def begun(*headers):
            connection = socket.create_connection(("127.0.0.1", gateway.port), timeout=120)
            self.addCleanup(connection.close)
            connection.sendall(head("POST /api/media/upload HTTP/1.1", "Host: a", *headers) + b"5\r\nbegun")
            return connection

        def answered(connection):
            return connection.recv(65536).split(b" ", 2)[1]

        for _ in range(20):
            begun("Content-Length: 900000")
        large = [begun("Content-Length: 90000000") for _ in range(3)] + [begun("Transfer-Encoding: chunked")]
        for _ in range(20):  # They come later and are answered, so the four have been read.
            self.assertEqual(gateway.ask("POST", "/api/gigs", body=b"{}").status, 200)
        self.assertEqual(select.select(large, [], [], 0)[0], [])
        for headers in ["Content-Length: 1000000"], ["Transfer-Encoding: chunked"]:
            self.assertEqual(answered(begun(*headers)), b"429")
        large[0].close()
        end = time.monotonic() + 120
        while select.select([again := begun("Content-Length: 1000000")], [], [], 0.5)[0]:
            self.assertEqual(answered(again), b"429")
            self.assertLess(time.monotonic(), end)

    def test_who_sends_half_requests_shuts_nobody_out(self):
        half = 8500
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard < half + 500:
            self.skipTest(f"one process may have {hard} files open here")
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        # Far longer than a slow machine takes to begin all of them.
        gateway = Gateway(workers=1, head="10m")
        self.addCleanup(gateway.end)
        ended = select.poll()
        for _ in range(half):
            connection = socket.create_connection(("127.0.0.1", gateway.port), timeout=120)
            self.addCleanup(connection.close)
            connection.sendall(b"GET /api/gigs HTTP/1.1\r\nHost: ")
            ended.register(connection, select.POLLIN)
        self.assertEqual(gateway.ask("GET", "/api/gigs").status, 200)
        # It was not answered because others had gone.
        self.assertEqual(len(ended.poll(0)), 0)


class Routes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gateway = Gateway()
        cls.addClassCleanup(cls.gateway.end)

    def test_a_path_leads_to_its_service_as_it_came(self):
        for service, target in [
            ("auth", "/api/health"), ("auth", "/docs"), ("auth", "/.well-known/jwks.json"), ("auth", "/api/keys"),
            ("auth", "/api/keys/1/revoke"), ("auth", "/api/session/github/callback?code=1&state=2"),
            ("talent", "/api/profile/me"), ("talent", "/api/profile/1"), ("talent", "/api/profile/1/github-repos"),
            ("contracts", "/api/profile/1/reviews?limit=2"), ("jobs", "/api/gigs"), ("jobs", "/api/gigs?q=a%2Fb"),
            ("jobs", "/api/gigs/1/applications/2"), ("contracts", "/api/contracts/1/milestones/2/fund"),
            ("contracts", "/api/admin/disputes/1/resolve"), ("payments", "/api/admin/credits"),
            ("payments", "/webhook"), ("payments", "/api/stripe/webhook"), ("notifications", "/api/webhooks/1"),
            ("auth", "/v1"), ("auth", "/v1/nothing"), ("auth", "/v1/auth/nothing?a=1"), ("web", "/"), ("web", "/gigs?q=a"), ("web", "/gigs/1"), ("web", "/webhooks"),
        ]:
            answer = self.gateway.ask("GET", target)
            self.assertEqual(answer.status, 200, target)
            self.assertEqual((answer.json["service"], answer.json["target"]), (service, target))

    def test_what_is_not_declared_leads_nowhere(self):
        for target in [
            "/api", "/api/", "/api/nothing", "/api/admin", "/webhook/", "/v1//nothing", "/internal/events",
            "/internal", "/health/live", "/metrics", "/.refusal", "/.secure", "/%2Erefusal", "/api/%2e%2e/metrics",
            "/internal/x/..%2F..%2fapi/gigs", "/internal/x/%2E%2E/%2e%2e/api/gigs", "/internal/../api/gigs",
            "/api/gigs/.", "/api/gigs//1", "/.refusal%20/../api/gigs",
        ]:
            self.assertEqual(self.gateway.ask("GET", target).status, 404, target)

    def test_the_documentation_that_was_built_comes_before_the_services_plain_page(self):
        plain = self.gateway.ask("GET", "/docs")
        self.assertEqual(plain.status, 200)
        self.assertEqual(plain.json["service"], "auth")
        assets = self.gateway.folder / "site" / "docs" / "assets"
        assets.mkdir(parents=True)
        (assets.parent / "index.html").write_text("the reference")
        (assets.parent / "money.html").write_text("about money")
        (assets / "style.css").write_text("body {}")
        pages = [("/docs", "text/html", b"the reference"), ("/docs/money", "text/html", b"about money"),
                 ("/docs/assets/style.css", "text/css", b"body {}")]
        for path, kind, text in pages:
            with self.subTest(path):
                answer = self.gateway.ask("GET", path)
                self.assertEqual((answer.status, answer.body), (200, text))
                self.assertEqual(answer.header("Content-Type").split(";")[0], kind)
                self.assertEqual(answer.header("X-Content-Type-Options"), "nosniff")
                self.assertTrue(answer.header("X-Request-Id"))
                self.assertIn("script-src 'self';", answer.header("Content-Security-Policy"))
        for path in ["/docs/", "/docs/nothing", "/docs/assets/../../nginx.conf", "/docs/assets/%2e%2e/money"]:
            with self.subTest(path):
                self.assertEqual(self.gateway.ask("GET", path).status, 404)
        shutil.rmtree(assets.parent)

    def test_only_what_takes_a_file_takes_more_than_a_mebibyte(self):
        for target, status in [
            ("/api/profile/me/resume", 200), ("/api/profile/me", 413), ("/api/gigs", 413), ("/settings/picture", 200),
            ("/messages/conv_1", 200), ("/settings", 413), ("/messages", 413), ("/settings/picture/more", 413),
        ]:
            self.assertEqual(self.gateway.ask("POST", target, body=BIG).status, status, target)

    def test_a_service_believes_the_gateway_alone_about_the_caller(self):
        told = self.gateway.ask("GET", "/api/gigs", [
            ("X-Forwarded-For", "8.8.8.8"), ("X-Real-IP", "8.8.8.8"), ("Forwarded", "for=8.8.8.8"),
            ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example"),
        ]).json["headers"]
        self.assertEqual(told["x-forwarded-for"], "127.0.0.1")
        self.assertEqual(told["x-real-ip"], "127.0.0.1")
        self.assertEqual(told["x-forwarded-proto"], "http")
        self.assertEqual(told["x-forwarded-host"], "guildhall.example")
        self.assertNotIn("forwarded", told)


class Sockets(unittest.TestCase):
    """Where sockets are spoken."""

    @classmethod
    def setUpClass(cls):
        cls.gateway = Gateway()
        cls.addClassCleanup(cls.gateway.end)

    def passed(self, target, protocol):
        """What the service is told of a request for another protocol."""
        raw = head(f"GET {target} HTTP/1.1", "Host: guildhall.example", f"Upgrade: {protocol}")
        answer = self.gateway.say(raw.replace(b"Connection: close", b"Connection: close, Upgrade"))
        headers = answer.json["headers"]
        return answer.json.get("service"), headers.get("upgrade"), headers.get("connection")

    def test_only_there_and_only_to_websocket_a_service_is_asked_to_change(self):
        socket = "/socket.io/?EIO=4&transport=websocket"
        self.assertEqual(self.passed(socket, "websocket"), ("messages", "websocket", "upgrade"))
        self.assertEqual(self.passed(socket, "WebSocket"), ("messages", "websocket", "upgrade"))
        self.assertEqual(self.passed(socket, "h2c"), ("messages", None, None))
        self.assertEqual(self.passed("/v1/messages", "websocket"), ("messages", None, None))
        self.assertEqual(self.passed("/api/gigs", "websocket"), ("jobs", None, None))

    def test_no_path_beside_it_leads_there(self):
        for target in ["/socket.io", "/socket.io/more", "/socket.io//", "/SOCKET.IO/"]:
            answer = self.gateway.ask("GET", target)
            told = json.loads(answer.body) if answer.body.startswith(b"{") else {}
            self.assertNotEqual(told.get("service"), "messages", target)

    def test_nginx_leads_nobody_to_a_host_that_the_request_names(self):
        for target in ["/socket.io", "/docs", "/assets", "/api/gigs"]:
            answer = self.gateway.say(head(f"GET {target} HTTP/1.1", "Host: evil.example"))
            self.assertIsNone(answer.header("Location"), target)


class Log(unittest.TestCase):
    def test_no_log_has_a_query_and_each_line_tells_the_method_that_came(self):
        gateway = Gateway(down=["payments"])
        self.addCleanup(gateway.end)
        requests = Refusals().ways(CLIENT) + Refusals.unread
        requests += [(200, "passed", head("PATCH /api/gigs/1?code=sesame&state=sesame HTTP/1.1", "Host: a"))]
        expected = []
        for status, _, request in requests:
            gateway.say(request)
            line = request.split(b"\r\n")[0].decode()
            expected.append((str(status), line.split(" ")[0]))
        lines = gateway.lines()
        self.assertEqual(sorted((line["status"], line["method"]) for line in lines), sorted(expected))
        for line in lines:
            self.assertNotIn("?", line["path"])
        self.assertEqual({line["service"] for line in lines}, {"gateway"})
        self.assertNotIn("sesame", gateway.log.read_text())
        # No second log mentions a request.
        self.assertEqual(gateway.errors.read_text(), "")


if __name__ == "__main__":
    unittest.main()
