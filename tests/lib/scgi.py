"""scgi.py - speak to an office socket as nginx does; sign in; call the API. For tests only.

Office(dir) finds DIR/run/*.sock and DIR/accounts.json. Session keeps the cookie and the CSRF word.
"""
import json
import os
import re
import socket
import urllib.parse

ORIGIN = {"HTTP_HOST": "localhost:8443", "HTTP_ORIGIN": "https://localhost:8443", "HTTP_SEC_FETCH_SITE": "same-origin"}


class Reply:
    def __init__(self, raw):
        head, _, body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        if not lines[0].startswith("Status: "):
            raise OSError("no answer")
        self.status = int(lines[0].split()[1])
        self.headers = [tuple(l.split(": ", 1)) for l in lines[1:]]
        self.body = body
        want = self.header("Content-Length")
        if want is not None and int(want) != len(body):
            raise OSError("answer cut short: %s of %s bytes" % (len(body), want))

    def header(self, name):
        for k, v in self.headers:
            if k.lower() == name.lower():
                return v
        return None

    def json(self):
        return json.loads(self.body)


def frame(params, body):
    block = b"".join(k.encode() + b"\0" + v.encode() + b"\0" for k, v in params)
    return str(len(block)).encode() + b":" + block + b"," + body


def call(sock_path, method, uri, body=b"", params=None, timeout=30):
    """One request; raises OSError when the office dies before the whole answer is here."""
    s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    s.settimeout(timeout)
    try:
        s.connect(sock_path)
        every = [("CONTENT_LENGTH", str(len(body))), ("SCGI", "1"), ("REQUEST_METHOD", method), ("REQUEST_URI", uri)]
        s.sendall(frame(every + list((params or {}).items()), body))
        raw = b""
        while True:
            chunk = s.recv(65536)
            if not chunk:
                break
            raw += chunk
    finally:
        s.close()
    return Reply(raw)


class Session:
    def __init__(self, office, login, password):
        self.office, self.cookie = office, ""
        page = office.user("GET", "/sign-in")
        csrf = re.search(rb'name="csrf" value="([0-9a-f]+)"', page.body).group(1).decode()
        pre = next(v for k, v in page.headers if k == "Set-Cookie" and v.startswith("__Host-sekisho-pre")).split(";")[0]
        form = urllib.parse.urlencode({"csrf": csrf, "next": "/", "login": login, "password": password}).encode()
        r = office.user("POST", "/sign-in", form, {"HTTP_COOKIE": pre, "CONTENT_TYPE": "application/x-www-form-urlencoded", **ORIGIN})
        if r.status != 303:
            raise PermissionError("sign-in answered %d" % r.status)
        self.cookie = next(v for k, v in r.headers if k == "Set-Cookie" and v.startswith("__Host-sekisho=")).split(";")[0]
        self.csrf = self.get("/api/v1/session").json()["csrf"]

    def get(self, uri):
        return self.office.user("GET", uri, b"", {"HTTP_COOKIE": self.cookie})

    def post(self, uri, value, csrf=None):
        params = {"HTTP_COOKIE": self.cookie, "CONTENT_TYPE": "application/json", "HTTP_X_SEKISHO_CSRF": self.csrf if csrf is None else csrf, **ORIGIN}
        return self.office.user("POST", uri, json.dumps(value).encode(), params)


class Office:
    def __init__(self, data_dir):
        self.dir = data_dir
        self.accounts = json.load(open(os.path.join(data_dir, "accounts.json")))

    def sock(self, port):
        return os.path.join(self.dir, "run", "office-%s.sock" % port)

    def user(self, method, uri, body=b"", params=None):
        return call(self.sock("user"), method, uri, body, params)

    def sign_in(self, role):
        a = self.accounts[role]
        return Session(self, a["login"], a["password"])
