"""tap.py - TAP for suites in Python: results as they come, the plan at the end, an exception is a failure.

    from tap import Tap
    with Tap() as t:
        t.ok(got == want, 'an expired permit is refused', 'got %r, want %r' % (got, want))
        t.is_(got, want, 'the same, shorter')
        t.skip('needs a browser', 'chromium is missing')
"""
import sys
import traceback


class Tap:
    def __init__(self):
        self.n, self.bad = 0, 0

    def __enter__(self):
        return self

    def _line(self, line):
        print(line.replace('\n', ' '), flush=True)

    def ok(self, good, name, why=''):
        self.n += 1
        self._line('%sok %d - %s' % ('' if good else 'not ', self.n, name.replace('#', '')))
        if not good:
            self.bad += 1
            for line in str(why).splitlines():
                self._line('# ' + line)
        return bool(good)

    def is_(self, got, want, name):
        return self.ok(got == want, name, 'got  %r\nwant %r' % (got, want))

    def skip(self, name, why):
        self.n += 1
        self._line('ok %d - %s # SKIP %s' % (self.n, name, why))

    def note(self, text):
        for line in str(text).splitlines():
            self._line('# ' + line)

    def __exit__(self, kind, value, trace):
        if kind is not None and kind is not SystemExit:
            self.ok(False, 'the suite runs to its end', ''.join(traceback.format_exception(kind, value, trace)))
        self._line('1..%d' % self.n)
        sys.stdout.flush()
        sys.exit(1 if self.bad else 0)
