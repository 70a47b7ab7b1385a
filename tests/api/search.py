#!/usr/bin/python3
"""search.py - one field finds what this person may see and nothing else; an index that was meddled with is noticed and made anew."""
import os
import sqlite3
import sys
from urllib.parse import quote

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import large  # noqa: E402
import town  # noqa: E402
from tap import Tap  # noqa: E402


def ask(house, who, q, **more):
    return house.get(who, '/api/v1/search?q=' + quote(q) + ''.join('&%s=%s' % m for m in more.items()))


def found(house, who, q, **more):
    page = house.good(ask(house, who, q, **more))
    return sorted(h['register'] for h in page['items'] if h['where']['ja'] and h['snippet'])


# who, what they type, what is found: a service is for all to see, the case behind it for those concerned
SEEN = [
    ('sato', '会議', ['application', 'service']),
    ('mori', '会議', ['application', 'service']),         # manager of the service
    ('ito', '会議', ['service']),
    ('ito', '会議サービス 一行', []),
    ('sato', '会議サービス 一行', ['application']),
    ('nagai', 'ｶｲｷﾞ', []),
    ('nagai', '会議ｻｰﾋﾞｽ', ['application', 'service']),
    ('ito', 'example', ['service']),
    ('ito', 'ＭＥＥＴ．ｅｘａｍｐｌｅ', ['service']),
    ('ito', '佐藤', ['person']),
    ('sato', '議会', []),
]


def main():
    with Tap() as t, town.Town(at='2026-04-01T09:00', pack=large.PACK, people=large.CAST) as house:
        a = large.approved(house)
        number = house.case('tanaka', a)['number']
        for who, q, want in SEEN:
            t.is_(found(house, who, q), want, '%s looks for %s' % (who, q))
        hit = house.good(ask(house, 'sato', number.lower()))['items'][0]
        t.is_((hit['id'], number in hit['title'], hit['snippet']), (a, True, number), 'a case is found by its number')
        t.is_(found(house, 'ito', number), [], 'not by those who have nothing to do with it')
        hit = next(h for h in house.good(ask(house, 'sato', '行目'))['items'] if h['register'] == 'application')
        t.is_(hit['snippet'], '一行目 二行目', 'the text around it is shown on one line')
        for q, key in (('会', 'search.short'), ('', 'search.empty'), ('あ' * 101, 'search.long'), ('a b c d e f g h ij', 'search.many')):
            reply = ask(house, 'sato', q)
            t.is_((reply.status, reply.json()['error']['key'], reply.json()['error']['field']), (400, key, 'q'), 'kindly refused: ' + key)
        t.is_(found(house, 'tanaka', '会議', register='service'), ['service'], 'one register alone')

        # the lists of the registers take the same words
        for path, want in (('service?q=' + quote('ｶｲｷﾞ'), 0), ('service?q=' + quote('会議ｻｰﾋﾞｽ'), 1), ('service?q=EXAMPLE', 1), ('service?state=closed&q=' + quote('会議'), 0),
                           ('service?state=approved&sort=review_at&q=' + quote('会議'), 1), ('person?q=' + quote('佐'), 1), ('person?q=' + quote('佐藤'), 1)):
            page = house.good(house.get('tanaka', '/api/v1/registers/' + path))
            t.is_((page['total'], len(page['items']), page['at_least']), (want, want, False), 'a list: ' + path)

        for i in range(60):
            large.filed(house, title='演習 第%02d回' % i)
        page = house.good(ask(house, 'sato', '演習'))
        rest = house.good(ask(house, 'sato', '演習', after=page['next']))
        ids = [h['id'] for h in page['items'] + rest['items']]
        t.is_((page['total'], len(page['items']), len(set(ids)), 'next' in rest, page['at_least']), (60, 50, 60, False, False), 'pages: each hit once')
        t.is_(house.good(ask(house, 'ito', '演習'))['total'], 0, 'nothing for others, not even how many')
        house.act('sato', ids[0], 'withdraw', {'reason': 'やめる。'})
        t.is_(house.good(ask(house, 'sato', '演習'))['total'], 60, 'what was withdrawn is still found')
        t.is_(house.down(), [], 'the programs end in order')

        status, said = house.tool('check')
        t.ok(status == 0 and 'verified' in said, 'check: the index holds what the registers say', said)
        db = sqlite3.connect(os.path.join(house.dir, 'office/sekisho.db'))
        db.execute("INSERT INTO search(search, rowid, grams) SELECT 'delete', rid, '会議' FROM search_doc WHERE register='service'")
        db.commit()
        db.close()
        status, said = house.tool('check')
        t.ok(status == 1 and '索引' in said, 'check: one word taken out of the index is noticed', said)
        status, said = house.tool('rebuild')
        t.ok(status == 0, 'rebuild', said)
        status, said = house.tool('check')
        t.ok(status == 0 and 'verified' in said, 'check: the index is whole again', said)


if __name__ == '__main__':
    main()
