#!/usr/bin/python3
"""excel.py - starting from Excel: a personnel list, sixty services from the clipboard, sheets out and back; all of it or nothing.

Does      a list in CP932 with 外字; the same again; the next list, loaded in March for April 1; the block of excel/services.tsv with ten
          wrong cells, then mended; CSV and xlsx of a list back again; what moved between look and import; kills in the middle.
"""
import io
import json
import os
import signal
import sys
import threading
import time
import urllib.parse

import openpyxl

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import scgi  # noqa: E402
import town  # noqa: E402
from tap import Tap  # noqa: E402

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'excel')
HEAD = '職員番号,氏名,フリガナ,所属名,職名,雇用区分,本務兼務,採用年月日,メール\r\n'
CITY = {'sato': '産業振興課', 'yamada': '産業振興課', 'suzuki': '産業振興課', 'ito': '税務課', 'mori': '税務課', 'kudo': '情報政策課', 'ono': '情報政策課',
        'hara': '情報政策課', 'mizuno': '総務部', 'abe': '副市長室', 'nagai': '監査委員事務局', 'tanaka': '情報政策課'}


def personnel(names, change=lambda lines: lines):
    """The list of the personnel section: title, header, people of the town and forty more; bytes as Excel saves them."""
    lines = [['0001%02d' % i, names[login], '', section, '', '正職員', '本務', '', ''] for i, (login, section) in enumerate(CITY.items())]
    for i in range(40):
        date = ('2019/4/1', '平成31年4月1日', '20190401', 'H31.4.1')[i % 4]
        lines.append(['0002%02d' % i, '職員 %s%s子' % ('愛恵花桜梅松竹'[i % 7], '一二三四五六'[i // 7]), 'ｼｮｸｲﾝ', ('福祉課', '教育総務課', '税務課', '総務部')[i % 4], ('主事', '係長', '')[i % 3],
                      ('正規', '会計年度任用職員', '再任用', '派遣')[i % 4], '', date, 'p%d@city.example' % i])
    lines += [['000300', '石川　春香', '', '福祉課', '主任', '正職員', '本務', '2019/4/1', ''], ['000300', '石川　春香', '', '教育総務課', '主任', '正職員', '併任', '2019/4/1', ''],
              ['000301', '近藤 桃子', '', '教育総務課', '', '正規', '', '', ''], ['000302', '鈴木', '', '税務課', '', '正規', '', '', ''],
              ['000303', '外字1田', '', '福祉課', '', '正規', '', '', ''], ['000304', '外字2田', '', '福祉課', '', '正規', '', '', '']]
    text = '令和8年5月1日現在　職員一覧,,,,,,,,\r\n' + HEAD + ''.join(','.join(line) + '\r\n' for line in change(lines)) + '合計,%d\r\n' % len(lines)
    return text.encode('cp932').replace('外字1'.encode('cp932'), b'\xf0\x40').replace('外字2'.encode('cp932'), b'\x81\xad')      # 外字, and a hole in the table


class Desk:
    """The secretariat's desk: what it sends and what comes back."""

    def __init__(self, house, login='kudo'):
        self.house, self.login = house, login

    def grid(self, data):
        s = self.house.person(self.login)
        params = {'HTTP_COOKIE': s.cookie, 'CONTENT_TYPE': 'application/octet-stream', 'HTTP_X_SEKISHO_CSRF': s.csrf, **scgi.ORIGIN}
        return self.house.good(self.house.user('POST', '/api/v1/import/csv', data, params))

    def try_check(self, register, sheet, mapping=None, **options):
        body = {**sheet, 'options': options, **({'mapping': mapping} if mapping else {})}
        return self.house.post(self.login, '/api/v1/registers/%s/check' % register, body)

    def check(self, register, sheet, mapping=None, **options):
        return self.house.good(self.try_check(register, sheet, mapping, **options))

    def take(self, register, sheet, token, mapping=None, **options):
        body = {**sheet, 'options': options, 'token': token, **({'mapping': mapping} if mapping else {})}
        return self.house.post(self.login, '/api/v1/registers/%s/import' % register, body)

    def rows(self, register, **filters):
        page = self.house.good(self.house.get(self.login, '/api/v1/registers/%s?%s' % (register, urllib.parse.urlencode(filters))))
        items = list(page['items'])
        while 'next' in page:
            page = self.house.good(self.house.get(self.login, '/api/v1/registers/%s?%s' % (register, urllib.parse.urlencode({**filters, 'after': page['next']}))))
            items += page['items']
        return items

    def person(self, number):
        found = [r for r in self.rows('person') if r['cells']['number']['text'] == number]
        return self.house.good(self.house.get(self.login, '/api/v1/rows/person:' + found[0]['id']))['cells'] if found else None


def key(reply):
    return json.loads(reply.body)['error']['key'] if reply.status >= 400 else reply.status


def some(d, *names):
    return tuple(d.get(n, 0) for n in names)


def people(t, house, desk):
    names = {p[0]: p[1] for p in town.CITY}
    data = {'grid': desk.grid(personnel(names))}
    plan = desk.check('person', data)
    t.ok(plan['ok'], 'a list in CP932 with titles, 外字 and a total is read', plan['mistakes'])
    t.is_(some(plan['counts'], 'new', 'changed', 'unreadable', 'sections', 'skipped', 'same'), (45, 12, 2, 8, 1, 0), 'counted before it is saved: new, known by name, not readable, sections')
    t.is_(sorted(n['name'] for n in plan['notes'] if n['kind'] == 'unreadable'), ['〓田', '〓田'], 'who has a character that nobody can read is listed')
    before = house.size()
    done = desk.take('person', data, plan['token'])
    t.is_((done.status, house.size() - before), (201, 45 + 12 + 8 + 1), 'saved: an entry for each person and section, and one for the list')
    p = desk.person('000201')
    t.is_((p['number']['text'], p['kind']['text'], p['from_at']['text'], p['section']['text']), ('000201', '会計年度任用', '2019-04-01', '教育総務課'), 'zeros, kinds and dates are as meant')
    t.is_(desk.check('person', data)['counts'], {'lines': 58, 'new': 0, 'changed': 0, 'same': 57, 'unreadable': 2, 'skipped': 1}, 'the same list again would change nothing')
    t.is_(key(desk.take('person', data, plan['token'])), 'import.none', 'and cannot be saved twice')
    posts = {(r['cells']['section']['text'], r['cells']['kind']['text']) for r in desk.rows('posting') if r['cells']['person']['text'].startswith('石川')}
    t.is_(posts, {('福祉課', '本務'), ('教育総務課', '兼務')}, '兼務 is a posting beside the main one')
    zeros = desk.check('person', {'text': '職員番号\t氏名\t所属\n201\t職員\t税務課'})
    t.is_([(m['cell'], m['key']) for m in zeros['mistakes']], [('A2', 'import.person.zeros')], 'a number whose zeros a spreadsheet dropped is told at its cell')


def april(t, house, desk):
    """Loaded on March 20 for April 1: five move, three leave (one of them decides), two come."""
    names = {p[0]: p[1] for p in town.CITY}

    def change(lines):
        out = [list(line) for line in lines if line[0] not in ('000210', '000211', '000103')]
        for line in out:
            if line[0] in ('000212', '000213', '000214', '000215', '000216'):
                line[3] = 'デジタル推進課'
        return out + [['000400', '新人 甲', '', 'デジタル推進課', '', '正規', '', '', ''], ['000401', '新人 乙', '', '税務課', '', '正規', '', '', '']]
    data = {'grid': desk.grid(personnel(names, change))}
    house.clock('2027-03-20T10:00')
    how = {'whole_list': True, 'effective_on': 'R9.4.1'}
    plan = desk.check('person', data, **how)
    t.is_(some(plan['counts'], 'new', 'moved', 'leaving', 'sections'), (2, 5, 3, 1), 'the April list: new, moving, leaving')
    t.is_([n['name'] for n in plan['notes'] if n['kind'] == 'roles'], [names['ito']], 'who leaves and decides something is listed')
    t.is_((plan['percent'], plan['limit']), (17, 50), 'how much of the town moves')
    few = desk.check('person', {'text': '職員番号\t氏名\t所属\n000100\t%s\t産業振興課' % names['sato']}, **how)
    t.ok(few['stopped'] and not few['ok'] and 'token' not in few, 'a list that lets nearly all go stops', few['counts'])
    t.ok(desk.check('person', {'text': '職員番号\t氏名\t所属\n000100\t%s\t産業振興課' % names['sato']}, reason='試し', **how)['ok'], 'until somebody says why')
    t.is_(desk.take('person', data, plan['token'], **how).status, 201, 'it is loaded in March')
    t.is_(some({k: desk.person(k)['section']['text'] for k in ('000212',)}, '000212'), ('福祉課',), 'and nobody has moved yet')
    t.is_(desk.person('000400')['state']['text'], '着任予定', 'who comes is still to come')
    t.is_(desk.check('person', data, **how)['counts'], {'lines': 57, 'new': 0, 'changed': 0, 'same': 56, 'unreadable': 2, 'skipped': 1}, 'the same list again would change nothing')
    house.clock('2027-04-01T00:01')
    town.wait('April', lambda: desk.person('000212')['section']['text'] == 'デジタル推進課')
    town.wait('the newcomer', lambda: desk.person('000400')['state']['text'] == '在籍')
    town.wait('who leaves', lambda: desk.person('000210')['state']['text'] == '退職・異動済み')
    t.ok(True, 'on April 1 they move, come and leave by themselves')
    t.is_(desk.person('000103')['state']['text'], '退職・異動済み', 'whoever decided something too')
    t.is_(key_of_sign_in(house, 'ito'), 'refused', 'and cannot sign in any more')


def key_of_sign_in(house, login):
    try:
        house.sign_in(login)
        return 'in'
    except (PermissionError, KeyError):      # KeyError: there is no session to ask
        return 'refused'


def services(t, house, desk):
    with open(os.path.join(HERE, 'services.tsv'), encoding='utf-8', newline='') as f:
        text = f.read()
    with open(os.path.join(HERE, 'services.mended.tsv'), encoding='utf-8') as f:
        mended = dict(line.rstrip('\n').split('\t') for line in f if not line.startswith('#'))
    no_day = desk.check('service', {'text': text})
    t.ok('import.apply-by.missing' in [m['key'] for m in no_day['mistakes']], 'a day by which to apply is asked for')
    how = {'transitional_until': '令和9年9月30日'}
    plan = desk.check('service', {'text': text}, **how)
    got = {m['cell']: m['key'] for m in plan['mistakes']}
    t.is_(sorted(got), sorted(mended), 'ten wrong cells are named, and no other')
    t.is_(got, {'B7': 'record.required', 'D12': 'record.section', 'E16': 'record.row.absent', 'H21': 'wareki.no-such-day', 'I25': 'wareki.unreadable', 'G30': 'record.yes-no',
                'B38': 'import.line.twice', 'E45': 'import.person.several', 'I52': 'record.until-before-from', 'C60': 'record.required'}, 'each with what is wrong')
    t.ok(all(m['text'] and m['column'] for m in plan['mistakes']), 'in words, with the column')
    before = house.size()
    refused = desk.take('service', {'text': text}, '0' * 64, **how)
    t.is_((key(refused), house.size() - before, len(desk.rows('service'))), ('import.mistakes', 0, 0), 'nothing of it can be saved')
    grid = {'grid': mend(desk.grid(text.encode()), mended)}
    plan = desk.check('service', grid, **how)
    t.is_((plan['ok'], some(plan['counts'], 'new', 'skipped', 'providers')), (True, (60, 1, 10)), 'mended, sixty are new')
    return grid, how, plan


def mend(grid, mended):
    sheet = grid['sheets'][0]
    for cell, value in mended.items():
        sheet['rows'][int(cell[1:]) - 2][ord(cell[0]) - 65] = value
    return grid


def killed(t, house, desk, grid, how, plan):
    """The office dies somewhere in the import: then there are none, or sixty and nothing is half done."""
    seen = []
    for wait_ms in (10, 60, 140, 250):
        def send():
            try:
                desk.take('service', grid, plan['token'], **how)
            except OSError:
                pass
        house.person(desk.login)      # signing in takes longer than the import
        thread = threading.Thread(target=send)
        thread.start()
        time.sleep(wait_ms / 1000)
        p = house.running.pop('office')
        p.send_signal(signal.SIGKILL)
        p.wait()
        thread.join()
        house.start('office')
        house.sessions = {}
        town.wait('the office', lambda: alive(house))
        seen.append(len(desk.rows('service')))
        if seen[-1]:
            break
    t.ok(set(seen) <= {0, 60}, 'killed in the middle: none or all', seen)
    t.note('services after each kill: %s' % seen)
    return seen[-1]


def alive(house):
    try:
        return house.user('GET', '/sign-in').status == 200
    except (OSError, ValueError):
        return False


def saved(t, house, desk, grid, how, have):
    before = house.size()
    if not have:
        plan = desk.check('service', grid, **how)
        done = desk.take('service', grid, plan['token'], **how)
        t.is_((done.status, done.json()['entries'], house.size() - before), (201, 71, 71), 'saved: sixty services and ten providers, an entry each, and one for the sheet')
    rows = desk.rows('service')
    t.is_({r['cells']['state']['text'] for r in rows}, {'経過措置（導入前から利用）'}, 'all are transitional')
    t.is_((len(rows), {r['cells']['apply_by_at']['text'] for r in rows}), (60, {'2027-09-30'}), 'with the day by which to apply')
    t.is_(sorted(r['cells']['name']['text'] for r in desk.rows('provider') if '月見坂' in r['cells']['name']['text']), ['株式会社　月見坂'], 'a company in two spellings is one')
    again = desk.check('service', grid, **how)
    t.is_((again['ok'], some(again['counts'], 'new', 'changed', 'same')), (False, (0, 0, 60)), 'the same block again would change nothing')


def out_and_back(t, house, desk):
    path = '/api/v1/registers/%s/sheet?format=%s'
    for register in ('service', 'person', 'provider', 'section', 'posting'):
        reply = house.get(desk.login, path % (register, 'csv'))
        data = reply.body if reply.status == 200 else b'x'
        back = desk.check(register, {'grid': desk.grid(data)})
        t.is_((reply.status, back['mistakes_total'], some(back['counts'], 'new', 'changed', 'moved')), (200, 0, (0, 0, 0)), 'the %s list goes out as CSV and comes back the same (%d)' % (register, back['counts']['same']))
    book = openpyxl.load_workbook(io.BytesIO(house.get(desk.login, path % ('service', 'xlsx')).body))['service']
    rows = [[c.value or '' for c in row] for row in book.iter_rows()]
    grid = {'sekisho-grid': 1, 'sheets': [{'name': 'service', 'columns': [{'id': c} for c in rows[0]], 'rows': rows[1:]}]}
    t.is_(some(desk.check('service', {'grid': grid})['counts'], 'same', 'changed'), (60, 0), 'and as xlsx')
    purpose = rows[0].index('使いみち')
    grid['sheets'][0]['rows'][7][purpose] = '=HYPERLINK("http://x.example")\nと書かれた用途'
    plan = desk.check('service', {'grid': grid})
    t.is_(some(plan['counts'], 'same', 'changed'), (59, 1), 'one cell edited is one change')
    t.is_(key(desk.take('service', {'grid': grid}, plan['token'])), 'common.reason.missing', 'of a service that is there, why is asked')
    t.is_(key(desk.take('service', {'grid': grid}, '1' * 64, reason='用途の見直し')), 'import.moved', 'what was not shown is not saved')
    row = house.good(house.get(desk.login, '/api/v1/rows/service:' + grid['sheets'][0]['rows'][7][0]))
    t.is_(house.post(desk.login, '/api/v1/rows/service:' + row['id'], {'cells': {'contact': '03-0000-0000'}, 'rev': row['rev'], 'reason': 'x'}).status, 200, 'somebody else changes that row')
    t.is_(key(desk.take('service', {'grid': grid}, plan['token'], reason='用途の見直し')), 'import.moved', 'then what was shown is not what would be saved, and is refused')
    grid['sheets'][0]['rows'][7][rows[0].index('事業者の連絡先')] = '03-0000-0000'
    plan = desk.check('service', {'grid': grid})
    t.is_(desk.take('service', {'grid': grid}, plan['token'], reason='用途の見直し').status, 201, 'looked at again, it is saved')
    csv = house.get(desk.login, path % ('service', 'csv')).body.decode()
    t.ok('"\'=HYPERLINK(""http' in csv, 'the CSV guards the cell', csv[:200])
    t.is_(some(desk.check('service', {'grid': desk.grid(csv.encode())})['counts'], 'same', 'changed'), (60, 0), 'and it comes back as it was')


def doors(t, house, desk):
    sheet = {'text': 'サービス名\t提供事業者\t所管課\t管理者\n甲\t乙\t税務課\t森'}
    t.is_([key(Desk(house, who).try_check('service', sheet, transitional_until='2027-09-30')) for who in ('sato', 'suzuki', 'nagai')], ['record.change.role'] * 3, 'only the secretariat brings services in')
    t.is_(key(desk.try_check('use', sheet)), 'record.change.role', 'nobody brings in what procedures make')
    t.is_(key(desk.try_check('nothing', sheet)), 'record.register.absent', 'an unknown register is told')
    t.is_(key(desk.try_check('service', {})), 'import.none', 'nothing sent is told')
    t.is_(key(desk.try_check('service', sheet, mapping={'サービス名': 'x'})), 'import.mapping.bad', 'an unknown column too')
    plan = desk.check('service', {'text': 'あ\tい\tう\tえ\n甲\t乙\t税務課\t森'}, transitional_until='2027-09-30')
    t.is_([m['key'] for m in plan['mistakes']], ['import.header.absent'], 'no header: told')
    plan = desk.check('service', {'text': 'あ\tい\tう\tえ\n甲\t乙\t税務課\t森'}, mapping={'A': 'name', 'B': 'provider', 'C': 'section', 'D': 'manager'}, transitional_until='2027-09-30')
    t.ok(plan['header'] == 0 and plan['counts']['new'] <= 2, 'and columns can be named by hand', plan)
    t.is_(key(house.get(desk.login, '/api/v1/registers/service/sheet?format=exe')), 'grid.sheet.absent', 'sheets are xlsx, csv or grid')


def main():
    with Tap() as t:
        with town.Town(at='2026-05-11T09:00', pack='packs/mic-r4', people=town.CITY, gate=None, roles=('signer', 'office', 'render-serve')) as house:
            town.wait('render', lambda: os.path.exists(os.path.join(house.dir, 'run/render.sock')))
            desk = Desk(house)
            people(t, house, desk)
            grid, how, plan = services(t, house, desk)
            have = killed(t, house, desk, grid, how, plan)
            saved(t, house, desk, grid, how, have)
            out_and_back(t, house, desk)
            doors(t, house, desk)
            april(t, house, desk)
            house.down()
            code, said = house.tool('check')
            t.ok(code == 0, 'the journal holds, and the rows are what it says', said[-600:])


if __name__ == '__main__':
    main()
