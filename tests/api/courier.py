#!/usr/bin/python3
"""courier.py - notices leave the office: each at least once, in order, without people's names, whatever is killed meanwhile."""
import json
import os
import re
import signal
import socket
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import town  # noqa: E402
from tap import Tap  # noqa: E402

LINE = re.compile(r'<133>1 (\S+) - sekisho-courier - (notice\.\w+) \[notice@32473 ref="([0-9a-f-]{36})" id="(\d+)"\] (.+)')


def lines(house):
    path = os.path.join(house.dir, 'log/notices.log')
    if not os.path.exists(path):
        return []
    with open(path, encoding='utf-8') as f:
        return f.read().splitlines()


def ids(house):
    return [int(LINE.fullmatch(line).group(4)) for line in lines(house) if LINE.fullmatch(line)]


def waiting(house):
    return house.call('courier', 'GET', '/c/v1/outbox?sink=log').json()['items']


def settle(house, item):
    return house.call('courier', 'POST', '/c/v1/outbox/settle', json.dumps({'sink': 'log', 'items': [item]}).encode()).status


def kill(house, role, sig=signal.SIGKILL):
    p = house.running.pop(role)
    p.send_signal(sig)
    p.wait()


def small_bites(t, house):
    """What a sink is given and what it reports never keeps the office for long: pages, and acts of a few."""
    kill(house, 'courier')
    for i in range(60):
        house.apply(mac='02:00:00:00:03:%02x' % i)
    last, pages, got = 0, [], []
    while True:
        items = house.call('courier', 'GET', '/c/v1/outbox?sink=log&after=%d' % last).json()['items']
        if not items:
            break
        pages.append(len(items))
        got += [i['id'] for i in items]
        last = got[-1]
    t.ok(len(got) == 60 and max(pages) <= 25 and got == sorted(set(got)), 'what waits is given in small pages, each notice once, in order', pages)
    all_of_it = json.dumps({'sink': 'log', 'items': [{'id': i, 'who': '', 'state': 'done', 'why': ''} for i in got]}).encode()
    t.is_((house.call('courier', 'POST', '/c/v1/outbox/settle', all_of_it).status, waiting(house)), (200, []), 'sixty reports at once are all written down')


def courier_has_its_own_worker(t, house):
    """A courier that calls and says nothing holds up the courier."""
    silent = []
    try:
        for _ in range(40):
            s = socket.socket(socket.AF_UNIX)
            s.connect(house.sock('courier'))
            silent.append(s)
        time.sleep(0.3)
        at = time.monotonic()
        house.apply(mac='02:00:00:00:04:01')
        t.ok(time.monotonic() - at < 3, 'forty silent calls of the courier keep nobody from an act', time.monotonic() - at)
    finally:
        for s in silent:
            s.close()


def main():
    with Tap() as t, town.Town(at='2026-04-01T09:00') as house:
        first = house.apply().json()
        house.post('suzuki', '/api/v1/applications/%s/decide' % first['id'], {'decision': 'approve', 'reason': 'x', 'rev': 1})
        items = waiting(house)
        t.is_([i['body']['key'] for i in items], ['notice.waiting', 'notice.decided'], 'what happened waits in the outbox')
        t.ok(all(re.fullmatch(r'[0-9a-f-]{36}', p) for i in items for p in i['body']['to']), 'it goes to ids', items)
        t.is_(len(items[0]['body']['to']), 2, 'both section managers of the section are told, and no other')
        house.start('courier')
        town.wait('two notices', lambda: len(lines(house)) == 2 and not waiting(house))
        said = [LINE.fullmatch(line) for line in lines(house)]
        t.ok(all(said), 'each is a line of RFC 5424', lines(house))
        t.is_([m.group(2, 3) for m in said], [('notice.waiting', first['id']), ('notice.decided', first['id'])], 'in order, with what it is about')
        text = '\n'.join(lines(house))
        t.ok(not any(name in text for name in list(house.names.values()) + ['02:00:00:00:00:01', '会議室']), 'no name, no address, no free text of people', text)

        kill(house, 'courier')
        for i in range(5):
            house.apply(mac='02:00:00:00:01:%02x' % i)
        t.is_(len(waiting(house)), 5, 'while the courier is dead, notices wait')
        kill(house, 'office')
        house.start('office')
        town.wait('the office', lambda: can(house))
        house.sessions = {}
        house.start('courier')
        town.wait('seven notices', lambda: len(set(ids(house))) == 7 and not waiting(house))
        t.is_(sorted(ids(house)), sorted(set(ids(house))), 'after kill -9 of both each has gone out once')

        kill(house, 'office')                           # the courier meets a closed door and goes on trying
        house.start('office')
        town.wait('the office', lambda: can(house))
        house.apply(mac='02:00:00:00:02:01')
        town.wait('the eighth', lambda: len(set(ids(house))) == 8 and not waiting(house))
        t.is_(house.running['courier'].poll(), None, 'a courier survives an office that was away')

        # Killed between writing and telling the office: the notice goes out again rather than never.
        kill(house, 'courier')
        house.apply(mac='02:00:00:00:02:02')
        with open(os.path.join(house.dir, 'log/notices.log'), 'a', encoding='utf-8') as f:
            f.write('half a line of a courier that died')
        house.start('courier')
        town.wait('the ninth', lambda: not waiting(house))
        t.ok(LINE.fullmatch(lines(house)[-1]) and 'half a line of a courier that died' in lines(house), 'half a line harms no other', lines(house)[-2:])
        for n in (1, 1, 999999):
            t.is_(settle(house, {'id': n, 'who': '', 'state': 'done', 'why': ''}), 200, 'what is settled is settled again without harm')
        t.is_(settle(house, {'id': 1, 'who': '', 'state': 'gone', 'why': ''}), 400, 'a state that is none is refused')
        small_bites(t, house)
        courier_has_its_own_worker(t, house)
        t.is_(house.down(), [], 'all end clean')


def can(house):
    try:
        return house.user('GET', '/sign-in').status == 200
    except (OSError, ValueError):
        return False


if __name__ == '__main__':
    main()
