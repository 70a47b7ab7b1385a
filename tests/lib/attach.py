"""attach.py - raw uploads, as the browser sends them. For tests only.

    f = Files(town, 'service:' + id); f.put('mori', samples.pdf(), name='証明書.pdf').json()
"""
import urllib.parse

import scgi


def raw_post(x, login, uri, data, kind='application/octet-stream'):
    s = x.person(login)
    return x.user('POST', uri, data, {'HTTP_COOKIE': s.cookie, 'CONTENT_TYPE': kind, 'HTTP_X_SEKISHO_CSRF': s.csrf, **scgi.ORIGIN})


class Files:
    """Attachments of one row, as one person."""

    def __init__(self, x, about):
        self.x, self.about = x, about

    def uri(self, **more):
        return '/api/v1/files?' + urllib.parse.urlencode({'about': self.about, **more})

    def put(self, login, data, name='証明書.pdf', kind='application/octet-stream', **more):
        return raw_post(self.x, login, self.uri(name=name, **more), data, kind)

    def list(self, login):
        return self.x.get(login, self.uri())

    def remove(self, login, f, reason='差し替え。'):
        return self.x.post(login, '/api/v1/files/%s/remove' % f['id'], {'reason': reason, 'rev': f['rev']})
