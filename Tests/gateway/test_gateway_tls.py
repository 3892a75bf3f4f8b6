"""The gateway with its own certificate."""

import json
import pathlib
import socket
import ssl
import subprocess
import tempfile
import unittest

from gateway import CLIENT, Gateway

BIG = b" " * (1 << 20) + b" "


def head(line, *headers):
    return "\r\n".join([line, "Connection: close", *headers, "", ""]).encode()


class TLS(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=guildhall.example",
             "-keyout", cls.folder / "privkey.pem", "-out", cls.folder / "fullchain.pem"],
            check=True, capture_output=True)
        cls.gateway = Gateway(down=["payments"], tls=cls.folder)
        cls.addClassCleanup(cls.gateway.end)

    def test_over_https_every_answer_asks_for_https_from_then_on(self):
        for status, target in [(200, "/api/gigs"), (404, "/api/nothing"), (502, "/api/credits")]:
            answer = self.gateway.ask("GET", target, tls=True)
            self.assertEqual(answer.status, status)
            self.assertEqual(answer.header("Strict-Transport-Security"), "max-age=63072000")
        self.assertEqual(
            self.gateway.ask("GET", "/api/gigs", tls=True).json["headers"]["x-forwarded-proto"], "https")

    def test_over_http_2_refusals_are_the_same(self):
        for status, options in [
            (405, ["-X", "FROB", "/api/gigs"]), (413, ["--data-binary", "@-", "/api/gigs"]), (502, ["/api/credits"]),
            (404, ["/api/nothing"]),
        ]:
            *options, target = options
            address = f"https://127.0.0.1:{self.gateway.tls_port}{target}"
            result = subprocess.run(
                ["curl", "-sSk", "--http2", "-m", "20", "-D", "/dev/stderr", "-H", f"Origin: {CLIENT}", "-H", "Expect:",
                 *options, address],
                input=BIG, capture_output=True, check=True)
            head = result.stderr.decode()
            self.assertIn(f"HTTP/2 {status}", head)
            self.assertIn(f"access-control-allow-origin: {CLIENT}", head)
            self.assertEqual(json.loads(result.stdout)["status"], status)

    def test_over_http_2_only_a_body_is_large(self):
        """With four large bodies on their way, what has no body is let through, whatever its method."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        large = []
        for _ in range(4):
            connection = context.wrap_socket(
                socket.create_connection(("127.0.0.1", self.gateway.tls_port), timeout=20), server_hostname="guildhall.example")
            self.addCleanup(connection.close)
            connection.sendall(
                b"POST /api/media/upload HTTP/1.1\r\nHost: guildhall.example\r\nContent-Length: 90000000\r\n\r\nx")
            large.append(connection)

        def ask(*options, body=b""):
            result = subprocess.run(
                ["curl", "-sSk", "--http2", "-m", "20", "-o", "/dev/null", "-w", "%{http_version} %{http_code}", *options,
                 f"https://127.0.0.1:{self.gateway.tls_port}/api/gigs"], input=body, capture_output=True, check=True)
            return result.stdout.decode()

        # The four are counted once their heads were read.
        while ask("-X", "POST", "-H", "Transfer-Encoding: chunked", "-T", "-", body=b"{}") != "2 429":
            pass
        for method in ["GET", "DELETE", "OPTIONS"]:
            self.assertEqual(ask("-X", method), "2 200", method)
        self.assertEqual(ask("-X", "DELETE", "--data-binary", "@-", body=b"{}"), "2 200")

    def test_http_is_sent_to_the_public_address_with_method_and_query(self):
        for target in ["/api/gigs?q=a", "/", "/api/nothing", "/internal/events"]:
            answer = self.gateway.ask("POST", target, [("Origin", CLIENT)])
            self.assertEqual(answer.status, 308)
            self.assertEqual(answer.header("Location"), self.gateway.public + target)
            self.assertEqual(answer.header("X-Content-Type-Options"), "nosniff")
            self.assertIsNone(answer.header("Strict-Transport-Security"))
        self.assertEqual(self.gateway.ask("POST", "/api/gigs", body=BIG).status, 308)

    def test_a_refusal_without_tls_stays_a_refusal(self):
        answer = self.gateway.say(head("GET /api/gigs HTTP/1.1"))
        self.assertEqual((answer.status, answer.json["status"]), (400, 400))

    def test_http_on_the_port_of_https_is_told_so_in_json(self):
        gateway = self.gateway
        port, gateway.port = gateway.port, gateway.tls_port
        try:
            answer = gateway.ask("GET", "/api/gigs")
        finally:
            gateway.port = port
        self.assertEqual((answer.status, answer.json["error"]["code"]), (400, "BAD_REQUEST"))

    def test_old_protocols_are_refused(self):
        for version, welcome in [("-tls1_1", False), ("-tls1_2", True), ("-tls1_3", True)]:
            result = subprocess.run(
                ["openssl", "s_client", version, "-cipher", "ALL:@SECLEVEL=0", "-connect",
                 f"127.0.0.1:{self.gateway.tls_port}"],
                input=b"", capture_output=True)
            self.assertEqual(result.returncode == 0, welcome, version)
