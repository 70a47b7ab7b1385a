#!/usr/bin/python3
"""many.py - a day with hundreds of permits: one entry of the journal holds 64 KiB, and an office has more devices than fit into it.

The signer is away while everything is approved, so all permits wait for one table; then two gates report what they hold.
"""
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import gate as gates  # noqa: E402
import town  # noqa: E402
from tap import Tap  # noqa: E402

PERMITS = 600


def mac(i):
    return '02:00:00:00:%02x:%02x' % divmod(i, 256)


def enforced(house):
    """How many of all permits the office shows as enforced."""
    n, after = 0, ''
    while True:
        page = house.get('tanaka', '/api/v1/applications?view=all' + after).json()
        n += sum('enforced_at' in i for i in page['items'])
        if 'next' not in page:
            return n
        after = '&after=' + page['next']


def main():
    with Tap() as t, town.Town(at='2026-04-01T09:00') as house:
        now = town.micros(town.utc_text(house.now))
        g = gates.Gate(house.sock('machine'), house.code)
        g.follow(lambda g: g.head)
        signer = house.running.pop('signer')
        signer.terminate()
        signer.wait()
        for i in range(PERMITS):
            a = house.apply(mac=mac(i)).json()['id']
            house.post('suzuki', '/api/v1/applications/%s/decide' % a, {'decision': 'approve', 'reason': 'よい', 'rev': 1})
        house.start('signer')
        t.ok(g.follow(lambda g: len(g.records) == PERMITS, 60), 'all %d permits come into a signed table' % PERMITS, '%d records\n%s' % (len(g.records), house.log('office')[-600:]))

        def all_reported(gate):
            gate.follow(lambda g: False, 0.1)
            r = gate.report(now)
            return enforced(house) == PERMITS if r.status == 200 else None
        try:
            town.wait('enforcement', lambda: all_reported(g), 60)
            t.ok(True, 'the gate reports, and every one of them shows as enforced')
        except town.Sick as e:
            t.ok(False, 'the gate reports, and every one of them shows as enforced', '%s: %d; %s' % (e, enforced(house), house.log('office')[-600:]))
        code = house.post('tanaka', '/api/v1/gates', {'name': '2F', 'zone': 'office', 'lan': 'lan1'}).json()['code']
        second = gates.Gate(house.sock('machine'), code)
        second.follow(lambda g: len(g.records) == PERMITS)
        r = second.report(now)
        t.is_(r.status, 200, 'a second gate reports all of them at once')
        one = house.get('tanaka', '/api/v1/applications?view=all').json()['items'][0]['id']
        t.is_(len(house.get('tanaka', '/api/v1/applications/' + one).json()['permit']['enforcement']), 2, 'a permit names both gates')
        g.close()
        second.close()
        house.clock('2026-05-01T00:00')
        town.wait('the end of all', lambda: all(i['permit_state'] == 'expired' for i in house.get('tanaka', '/api/v1/applications?view=all').json()['items']))
        t.is_(house.down(), [], 'the programs end clean')
        t.is_([house.tool('check')[0], house.tool('rebuild')[0]], [0, 0], 'check verifies, rebuild is done')


if __name__ == '__main__':
    main()
