#!/usr/bin/python3
"""nginx_conf.py - what nginx in front promises: what the office gets, what clients get, also when nginx itself answers."""
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import warnings

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from house import House  # noqa: E402
from tap import Tap  # noqa: E402

warnings.simplefilter('ignore', DeprecationWarning)    # TLS 1.0 is asked for on purpose

APP_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
ALWAYS = {'strict-transport-security': 'max-age=31536000; includeSubDomains', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer'}
PARAMS = ['CONTENT_LENGTH', 'SCGI', 'REQUEST_METHOD', 'REQUEST_URI', 'REQUEST_PATH', 'QUERY_STRING', 'CONTENT_TYPE', 'REMOTE_ADDR', 'HTTP_HOST',
          'HTTP_COOKIE', 'HTTP_ORIGIN', 'HTTP_SEC_FETCH_SITE', 'HTTP_X_SEKISHO_CSRF', 'HTTP_ACCEPT_LANGUAGE', 'HTTP_SEKISHO_VERSION', 'CLIENT_CERT',
          'CLIENT_VERIFY', 'REQUEST_ID']


def values(headers, name):
    return [v for k, v in headers if k == name]


def raw(h, text, port=None, context=None):
    """What comes back for bytes that no library would send."""
    context = context or h.context()
    with socket.create_connection(('localhost', port or h.user_port), timeout=10) as s, context.wrap_socket(s, server_hostname='localhost') as c:
        c.sendall(text)
        got = b''
        try:
            while True:
                more = c.recv(65536)
                if not more:
                    break
                got += more
        except OSError:
            pass
        return got.decode('utf-8', 'replace')


def handshake(h, low, high, ciphers=None):
    """(TLS version, cipher, protocol) or None."""
    c = h.context()
    try:
        c.minimum_version, c.maximum_version = low, high
        c.set_ciphers((ciphers or 'ALL') + ':@SECLEVEL=0')
        c.set_alpn_protocols(['h2', 'http/1.1'])
        with socket.create_connection(('localhost', h.user_port), timeout=10) as s, c.wrap_socket(s, server_hostname='localhost') as w:
            return w.version(), w.cipher()[0], w.selected_alpn_protocol()
    except (ssl.SSLError, OSError):
        return None


with Tap() as t, House() as h:
    h.start()
    if not t.ok(h.wait(h.is_up) is not None, 'nginx takes the configuration and listens', h.logs()):
        sys.exit(1)
    p = subprocess.run(['/usr/sbin/nginx', '-t', '-e', 'stderr', '-c', h.data + '/nginx/nginx.conf'], capture_output=True, text=True)
    t.ok(p.returncode == 0 and 'warn' not in p.stderr, 'nginx -t has no complaint', p.stderr)

    def same_headers(name, got, policy=APP_POLICY):
        status, headers, _ = got
        for k, v in ALWAYS.items():
            if values(headers, k) != [v]:
                return t.ok(False, name + ': headers', '%d %s: %r' % (status, k, values(headers, k)))
        return t.ok(values(headers, 'content-security-policy') == [policy] and not any('nginx/' in v for v in values(headers, 'server')), name + ': headers', headers)

    # ---- files ----
    got = h.ask('/')
    t.ok(got[0] == 200 and got[2] == '<p>app', 'the front end is served', got)
    same_headers('front end', got)
    t.is_(values(got[1], 'cache-control'), ['no-cache'], 'the page is asked for again each time')
    got = h.ask('/applications/123')
    t.ok(got[0] == 200 and got[2] == '<p>app', 'a screen has an address', got)
    got = h.ask('/assets/app-Ab3dEf_h.js')
    t.ok(got[0] == 200 and values(got[1], 'content-type') == ['text/javascript; charset=utf-8'], 'a built file has its type', got)
    t.ok('max-age=31536000' in values(got[1], 'cache-control')[0], 'and never changes', got)
    same_headers('built file', got)
    t.is_(values(h.ask('/assets/plain.svg')[1], 'cache-control'), ['no-cache'], 'a file without a hash may change')
    got = h.ask('/verify.html')
    t.ok(got[0] == 200 and got[2] == '<p>verify' and values(got[1], 'content-type') == ['application/octet-stream'], 'the checking page is saved, not opened', got)
    same_headers('checking page', got)
    for path in ('/.inputs', '/assets/../.inputs', '/%2einputs', '/.git/config', '/assets/missing-Ab3dEf_h.js', '/assets/no.js', '/.errors/404.html'):
        got = h.ask(path)
        t.ok(got[0] == 404 and 'ページが見つかりません' in got[2] and 'lang="en"' in got[2], path + ' is not found, in both languages', got)
        same_headers(path, got)
    got = h.ask('/', 'POST', 'x')
    t.ok(got[0] == 405, 'files are not posted to', got)
    same_headers('405', got)

    # ---- the office ----
    status, headers, text = h.ask('/api/echo?a=1&b=%20', 'POST', '{"x":1}', {'Content-Type': 'application/json', 'Cookie': 'c=1', 'Origin': 'https://evil', 'X-Sekisho-CSRF': 'tok',
                                  'X-Evil': 'yes', 'Client-Cert': 'fake', 'Client-Verify': 'SUCCESS', 'Accept-Language': 'ja', 'Content-Length-X': '9', 'Proxy': 'x'})
    d = json.loads(text)
    params = dict(d['params'])
    t.is_([k for k, _ in d['params']][0], 'CONTENT_LENGTH', 'CONTENT_LENGTH comes first')
    t.is_(sorted(k for k, _ in d['params']), sorted(PARAMS), 'the office gets these parameters, once each, and no header of the client\'s choosing')
    t.is_([params[k] for k in ('REQUEST_METHOD', 'REQUEST_URI', 'REQUEST_PATH', 'QUERY_STRING', 'CONTENT_TYPE', 'HTTP_COOKIE', 'HTTP_ORIGIN', 'HTTP_X_SEKISHO_CSRF', 'CONTENT_LENGTH')],
          ['POST', '/api/echo?a=1&b=%20', '/api/echo', 'a=1&b=%20', 'application/json', 'c=1', 'https://evil', 'tok', '7'], 'with their values')
    t.ok(params['CLIENT_CERT'] == '' and params['CLIENT_VERIFY'] in ('', 'NONE'), "people's port knows no client certificate", params)
    t.ok(len(params['REQUEST_ID']) == 32, 'a request has an id', params)
    t.is_(d['body'], '{"x":1}', 'the body arrives')
    same_headers('office', (status, headers, text))
    params = dict(json.loads(h.ask('/x/..//api/%65cho')[2])['params'])
    t.is_((params['REQUEST_URI'], params['REQUEST_PATH']), ('/x/..//api/%65cho', '/x/..//api/%65cho'), 'the office sees the path as it was written')
    got = h.ask('/sign-in')
    same_headers("the office's own page", got, "default-src 'none'; style-src 'sha256-x'")
    t.is_(values(got[1], 'cache-control'), ['no-store'], 'its caching is its own')
    got = h.ask('/api/refused')
    t.ok(got[0] == 422 and json.loads(got[2])['error']['kind'] == 'rule', "the office's own refusal passes unchanged", got)
    same_headers('refusal', got)
    t.is_(h.ask('/sign-inx')[2], '<p>app', 'only the exact address is the sign-in')
    got = h.ask('/m/v1/grants')
    t.is_(got[2], '<p>app', "machines' routes do not exist on people's port")

    # ---- nginx's own refusals ----
    def api_error(name, got, status, kind):
        try:
            good = got[0] == status and json.loads(got[2])['error']['kind'] == kind and values(got[1], 'content-type')[0].startswith('application/json')
        except (ValueError, KeyError, IndexError):
            good = False
        t.ok(good, name, got)
        same_headers(name, got)

    api_error('a body over 1 MiB', h.ask('/api/echo', 'POST', 'x' * (1 << 20 | 1)), 413, 'too-big')
    api_error('an office that hangs up', h.ask('/api/die'), 502, 'busy')
    got = h.ask('/api/echo', headers={'X-Long': 'x' * 9000})
    t.ok(got[0] == 400, 'a header over 8 KiB is refused', got)
    same_headers('400', got)
    for name, text in (('two lengths', 'POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx'),
                       ('length and chunks', 'POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
                       ('no host', 'GET /api/echo HTTP/1.1\r\n\r\n'), ('two hosts', 'GET /api/echo HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n')):
        answer = raw(h, text.encode())
        t.ok(answer.startswith('HTTP/1.1 400 ') and 'Strict-Transport-Security' in answer, name + ': 400, with headers', answer[:300])
    with socket.create_connection(('localhost', h.user_port), timeout=10) as s:
        s.sendall(b'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
        answer = s.recv(4096).decode()
    t.ok(answer.startswith('HTTP/1.1 400 ') and 'nosniff' in answer, 'plain HTTP on the port is refused', answer[:200])

    busy, lock = [], threading.Lock()

    def slow():
        got = h.ask('/api/slow')
        with lock:
            busy.append(got)
    threads = [threading.Thread(target=slow) for _ in range(80)]
    for x in threads:
        x.start()
    for x in threads:
        x.join()
    refused = [g for g in busy if g[0] == 429]
    t.ok(len(refused) >= 8 and len([g for g in busy if g[0] == 200]) >= 32, 'one address holds 64 connections at most', [g[0] for g in busy])
    if refused:
        api_error('one too many', refused[0], 429, 'busy')

    pid = h.status()['office'][0]
    open(h.data + '/fail-office', 'w').close()
    os.kill(pid, signal.SIGKILL)
    h.wait(lambda: not h.status()['office'][1])
    api_error('no office at all', h.ask('/api/echo'), 502, 'busy')
    got = h.ask('/sign-in')
    t.ok(got[0] == 502 and 'ただいま受け付けられません' in got[2], 'a person gets a page for it', got)
    same_headers('502', got)
    t.is_(h.ask('/')[0], 200, 'the front end is still served')
    os.unlink(h.data + '/fail-office')
    t.ok(h.wait(lambda: h.status()['office'][1] and h.ask('/api/echo')[0] == 200) is not None, 'and the office is found again')

    # ---- TLS ----
    V = ssl.TLSVersion
    t.is_(handshake(h, V.TLSv1, V.TLSv1_1), None, 'TLS 1.0 and 1.1 are refused')
    t.is_(handshake(h, V.TLSv1_2, V.TLSv1_2, 'ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA:AES128-GCM-SHA256'), None, 'CBC and static keys are refused')
    got = handshake(h, V.TLSv1_2, V.TLSv1_2)
    t.ok(got and got[0] == 'TLSv1.2' and ('GCM' in got[1] or 'CHACHA' in got[1]), 'TLS 1.2 with authenticated encryption', got)
    got = handshake(h, V.TLSv1_3, V.TLSv1_3)
    t.ok(got and got[0] == 'TLSv1.3' and got[2] == 'h2', 'TLS 1.3 and HTTP/2', got)

    # ---- machines ----
    params = dict(json.loads(h.ask('/m/v1/report', 'POST', '{}', machine=True)[2])['params'])
    t.is_((params['CLIENT_VERIFY'], params['CLIENT_CERT']), ('NONE', ''), 'enrolment comes without a certificate')
    params = dict(json.loads(h.ask('/m/v1/report', 'POST', '{}', machine=True, certificate='gate')[2])['params'])
    t.ok(params['CLIENT_VERIFY'] == 'SUCCESS' and params['CLIENT_CERT'].startswith('-----BEGIN%20CERTIFICATE-----'), 'a certificate arrives as escaped PEM', params)
    api_error('a certificate of another CA', h.ask('/m/v1/report', 'POST', '{}', machine=True, certificate='other'), 401, 'sign-in')
    api_error('another route', h.ask('/api/echo', machine=True), 404, 'absent')
    api_error("a machine's body over 64 KiB", h.ask('/m/v1/report', 'POST', 'x' * 65537, machine=True, certificate='gate'), 413, 'too-big')
    c = h.context('gate')
    with socket.create_connection(('localhost', h.machine_port), timeout=10) as s, c.wrap_socket(s, server_hostname='localhost') as w:
        w.sendall(b'GET /m/v1/grants?epoch=1&seq=0 HTTP/1.1\r\nHost: x\r\n\r\n')
        began, seen, at = time.monotonic(), b'', {}
        while b'second' not in seen:
            more = w.recv(4096)
            if not more:
                break
            seen += more
            for word in (b'first', b'second'):
                if word in seen and word not in at:
                    at[word] = time.monotonic() - began
    t.ok(len(at) == 2 and at[b'second'] - at[b'first'] > 0.5, 'a stream of grants is not held back', at)
