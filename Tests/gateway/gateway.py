"""A gateway as `deploy/nginx` describes it, with made-up services behind it, and a client that a test controls."""

import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FILES = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "nginx"
CLIENT = "https://app.example"
SERVICES = ["auth", "talent", "jobs", "contracts", "payments", "notifications", "messages", "web"]


def free_port():
    """None of those that the system gives to connections: one of them could take it before nginx does, or answer for a
    service that is away."""
    while True:
        port = random.randrange(10_000, 15_000)
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass


class Service(ThreadingHTTPServer):
    """Answers with the request that it received. Silent on paths with `silent`, hangs up on those with `broken`."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, name):
        self.name = name
        self.ended = threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def end(self):
        self.ended.set()
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if "silent" in self.path:
            self.server.ended.wait()
            self.close_connection = True
            return
        if "broken" in self.path:
            self.close_connection = True
            return
        told = {"service": self.server.name, "method": self.command, "target": self.path, "bytes": len(body)}
        told["headers"] = {name.lower(): value for name, value in self.headers.items()}
        text = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

    def log_message(self, *_):
        pass


class Answer:
    def __init__(self, raw):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split(" ")[1]) if raw else None
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers.setdefault(name.lower(), []).append(value.strip())

    def header(self, name):
        values = self.headers.get(name.lower(), [])
        assert len(values) <= 1, f"{name} is there {len(values)} times"
        return values[0] if values else None

    @property
    def json(self):
        return json.loads(self.body)


class Gateway:
    def __init__(self, rate=10000, down=(), tls=None, workers="auto", silence="60s", head="10s"):
        """`silence` is how long a service may be silent, `head` how long a request's head may take."""
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="guildhall-gateway-"))
        # When root starts the server, its workers run as another user.
        self.folder.chmod(0o755)
        self.port, self.tls_port = free_port(), free_port()
        self.log, self.errors = self.folder / "access.log", self.folder / "errors.log"
        self.services = {name: Service(name) for name in SERVICES if name not in down}
        self.public = f"https://127.0.0.1:{self.tls_port}" if tls else f"http://127.0.0.1:{self.port}"
        files = self.folder / "files"
        shutil.copytree(FILES, files)
        if tls:
            text = (files / "tls" / "on.conf").read_text().replace("/etc/guildhall/tls", str(tls))
            (files / "tls" / "on.conf").write_text(text.replace("8443", f"127.0.0.1:{self.tls_port}"))
        settings = {
            "GATEWAY_LISTEN": f"127.0.0.1:{self.port}", "GATEWAY_FILES": files, "GATEWAY_STATE": self.folder,
            "GATEWAY_SITE": os.path.join(self.folder, "site"),
            "GATEWAY_LOG": self.log, "GATEWAY_RATE": rate, "GATEWAY_CONNECTIONS": 1000,
            "GATEWAY_TLS": "on" if tls else "off",
            "PUBLIC_URL": f"{self.public}/", "CLIENT_URL": f"{CLIENT}:443/start",
        }
        for name in SERVICES:
            port = self.services[name].server_address[1] if name in self.services else free_port()
            settings[f"{name.upper()}_UPSTREAM"] = f"127.0.0.1:{port}"
        text = (FILES / "nginx.conf.template").read_text()
        for name, value in settings.items():
            text = text.replace("${%s}" % name, str(value))
        assert not re.search(r"^[^#\n]*\$\{", text, re.MULTILINE), "the template names a setting that nobody fills in"
        configuration = self.folder / "nginx.conf"
        text = text.replace("worker_processes auto", f"worker_processes {workers}")
        for name, usual, here in [("proxy_read_timeout", "60s", silence), ("client_header_timeout", "10s", head)]:
            assert f"{name} {usual};" in text
            text = text.replace(f"{name} {usual};", f"{name} {here};")
        configuration.write_text(text)
        command = ["nginx", "-p", str(self.folder), "-c", str(configuration)]
        path = os.environ["PATH"] + ":/usr/sbin:/sbin"
        with open(self.errors, "wb") as errors:
            self.process = subprocess.Popen(
                command + ["-g", "daemon off;"], stderr=errors, env={"PATH": path, "TZ": "UTC"})
        self.await_start()

    def await_start(self):
        while self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except ConnectionRefusedError:
                pass
        raise RuntimeError(self.errors.read_text())

    def finish(self):
        """Ends the requests under way, so that every request has its line in the log."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()

    def end(self):
        self.process.terminate()
        self.process.wait()
        for service in self.services.values():
            service.end()
        shutil.rmtree(self.folder)

    def say(self, raw, tls=False):
        """The answer up to the end of the connection."""
        connection = socket.create_connection(("127.0.0.1", self.tls_port if tls else self.port), timeout=120)
        if tls:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            connection = context.wrap_socket(connection, server_hostname="guildhall.example")
        with connection:
            # A refusal may come before all of the request was read.
            try:
                connection.sendall(raw)
            except (BrokenPipeError, ConnectionResetError):
                pass
            received = b""
            try:
                while more := connection.recv(65536):
                    received += more
            except ConnectionResetError:
                pass
            return Answer(received)

    def ask(self, method, target, headers=(), body=b"", tls=False):
        lines = [f"{method} {target} HTTP/1.1", "Host: guildhall.example", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        return self.say("\r\n".join(lines).encode() + b"\r\n\r\n" + body, tls)

    def lines(self):
        self.finish()
        return [json.loads(line) for line in self.log.read_text().splitlines()]
