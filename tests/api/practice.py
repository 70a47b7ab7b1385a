#!/usr/bin/python3
"""practice.py - a copy to practise on: everything works, nothing takes effect, and nobody mistakes it for the real thing.

Does      `sekishod practice` beside a running office; then the copy runs: session, status, an application to its end, gates, notices.
"""
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import town  # noqa: E402
from tap import Tap  # noqa: E402


def notices(x):
    with open(os.path.join(x.dir, 'log/notices.log'), encoding='utf-8') as f:
        return f.read().splitlines()


def real(t, x, copy):
    x.apply()
    t.is_((x.get('sato', '/api/v1/session').json()['practice'], x.get('tanaka', '/api/v1/status').json()['practice']), (False, False), 'the real one says that it is real')
    code, said = x.tool('practice', copy, '--user-port', '9445', '--machine-port', '9446')
    t.ok(code == 0, 'a copy is made while the real one runs', said)
    code, said = x.tool('practice', copy)
    t.ok(code != 0 and 'init.dir.taken' in said, 'what is there is not written over', said)
    t.is_(x.get('tanaka', '/api/v1/applications?view=all').json()['total'], 1, 'the real one goes on')
    return x.get('sato', '/api/v1/session').json()


def own(t, x, was):
    now = x.get('sato', '/api/v1/session').json()
    t.is_(now['practice'], True, 'the session says practice')
    t.is_(x.get('tanaka', '/api/v1/status').json()['practice'], True, 'so does the status')
    t.is_((now['person'], now['install']['name']), (was['person'], was['install']['name']), 'people, roles and passwords are those of the real one')
    t.ok(now['install']['id'] != was['install']['id'], 'the install is another one')
    t.is_(x.get('tanaka', '/api/v1/applications?view=all').json()['total'], 0, 'no application came along')


def act(t, x):
    made = x.apply().json()
    t.ok(made['number'].startswith('P-SHI-NET-'), 'its numbers begin with P-', made)
    case = x.get('suzuki', '/api/v1/applications/' + made['id']).json()
    done = x.post('suzuki', '/api/v1/applications/%s/decide' % made['id'], {'decision': 'approve', 'reason': '', 'rev': case['rev']})
    t.is_(done.status, 200, 'what is applied for can be approved')
    case = x.get('suzuki', '/api/v1/applications/' + made['id']).json()
    t.is_(case['state'], 'approved', 'to the end')
    gate = x.post('tanaka', '/api/v1/gates', {'name': '本庁1階', 'zone': 'office', 'lan': 'lan0'})
    t.ok(gate.status == 422 and gate.json()['error']['key'] == 'practice.gate', 'no gate can be added', gate.status)
    town.wait('the notice', lambda: notices(x))
    t.is_([line for line in notices(x) if '[練習 practice]' not in line], [], 'each notice says that it is practice')
    status = x.get('tanaka', '/api/v1/status').json()
    t.is_([s['id'] for s in status['sinks']], ['log'], 'nothing leaves the house, whatever the settings say')
    t.ok("nothing goes to sink 'mail'" in x.log('courier'), 'and the log says so', x.log('courier'))
    t.is_(status['table_seq'], 0, 'no grant table was made')


def main():
    with Tap() as t:
        x = town.Town(at='2026-04-01T09:00')
        first = x.dir
        with x:
            copy = os.path.join(x.top, 'practice')
            was = real(t, x, copy)
            t.is_(x.down(), [], 'the real one ends well')
            x.dir, x.sessions, x.roles = copy, {}, ('signer', 'office', 'courier')
            x.clock_file = os.path.join(copy, 'office', 'clock')
            x._write_clock()
            with open(os.path.join(copy, 'courier/settings.yaml'), 'w') as f:
                f.write('sinks:\n  - id: log\n    kind: file\n  - id: mail\n    kind: mail\n    server: localhost\n    port: 9\n    security: none\n    from: "a@b.example"\n')
            x.up()
            own(t, x, was)
            act(t, x)
            t.is_(x.down(), [], 'the copy ends well')
            code, said = x.tool('check')
            t.ok(code == 0, 'check agrees', said)
            x.dir = first


if __name__ == '__main__':
    main()
