#!/usr/bin/python3
"""dates.py - due dates as a calendar file that another program reads, and told once though the office is killed while it tells."""
import datetime
import os
import signal
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import icalendar  # noqa: E402
import large  # noqa: E402
import town  # noqa: E402
from tap import Tap  # noqa: E402

NAME = '会議, 共有; 「長い名前のサービス」\\ 地域の団体と市のあいだの打合せに使う'
KILLS = 4


def mine(house):
    return [d for d in house.get('mori', '/api/v1/duties').json()['items'] if d['kind'] == 'review']


def file_is_read_by_another(t, house, duty):
    raw = house.get('mori', '/api/v1/duties.ics')
    body = raw.body
    lines = body.split(b'\r\n')
    t.ok(raw.header('Content-Type').startswith('text/calendar'), 'it is a calendar')
    t.ok(body.endswith(b'\r\n') and b'\n' not in body.replace(b'\r\n', b''), 'lines end in CRLF')
    t.ok(max(map(len, lines)) <= 75 and any(x.startswith(b' ') for x in lines), 'long lines are folded at 75 octets', str(max(map(len, lines))))
    for line in lines:
        line.decode('utf-8')                    # never within a character
    events = {str(e['UID']): e for e in icalendar.Calendar.from_ical(body).walk('VEVENT')}
    e = events[duty['id'] + '@sekisho']
    due = datetime.datetime.fromisoformat(duty['due_at'].replace('Z', '+00:00')).astimezone(town.JST) - datetime.timedelta(microseconds=1)
    t.is_((e['DTSTART'].dt, e['DTEND'].dt), (due.date(), due.date() + datetime.timedelta(days=1)), 'the whole last day, as a date')
    t.ok(NAME in str(e['SUMMARY']), 'the text comes back as it was', str(e['SUMMARY']))
    again = icalendar.Calendar.from_ical(house.get('mori', '/api/v1/duties.ics').body)
    t.is_(sorted(str(x['UID']) for x in again.walk('VEVENT')), sorted(events), 'made again, it names the same events')
    text = body.replace(b'\r\n ', b'').decode()
    t.is_([n for n in house.names.values() if n in text], [], "nobody's name is in it")


def answers(house):
    try:
        return house.user('GET', '/sign-in').status == 200
    except (OSError, ValueError):
        return False


def told_once_though_killed(t, house, duty):
    """The clock passes the due date; the office is killed again and again while it begins to tell."""
    house.clock(town.jst('2027-04-20T09:00'))
    for i in range(KILLS):
        house.running['office'].send_signal(signal.SIGKILL)
        house.running.pop('office').wait()
        house.start('office')
        town.wait('the office', lambda: answers(house))
    town.wait('the notice', lambda: [n for n in house.notices() if n['key'] == 'notice.duty-overdue'])
    house.clock(town.jst('2027-04-19T09:00'))
    house.clock(town.jst('2027-04-20T15:00'))
    said = [n for n in house.notices() if n['key'] == 'notice.duty-overdue' and n['args'][2] == duty['due_at'][:10]]
    t.is_(len(said), 1, 'it was told once: %s' % said)
    t.ok('mori' in said[0]['to'] and 'abe' in said[0]['to'], 'the manager is told, and who approves', str(said[0]['to']))
    t.ok([d for d in house.get('abe', '/api/v1/duties').json()['items'] if d['id'] == duty['id']], "it stands in the approver's list")


def main():
    with Tap() as t, town.Town(at='2026-04-01T09:00', pack=large.PACK, people=large.CAST) as house:
        large.approved(house, title=NAME, vice=None)
        duty = town.wait('a duty that comes of itself', lambda: mine(house))[0]
        file_is_read_by_another(t, house, duty)
        told_once_though_killed(t, house, duty)


if __name__ == '__main__':
    main()
