#!/usr/bin/python3
"""oversight.py - what an auditor sees: each kind of exception is found when it happens, and nothing else is; a sample can be drawn again.

Does      tests/packs/engine, one thing after the other: the counts of all kinds are compared before and after each.
"""
import hashlib
import os
import sys
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import large  # noqa: E402
import town  # noqa: E402
from tap import Tap  # noqa: E402

API = '/api/v1'
PERIOD = {'from': '2026-04-01', 'to': '2027-06-30'}


def ask(x, what, who='nagai', **more):
    return x.good(x.get(who, '%s/audit/%s?%s' % (API, what, urllib.parse.urlencode({**PERIOD, **more}))))


def counts(x):
    return {i['id']: i['count'] for i in ask(x, 'exceptions')['items']}


class Watch:
    """What came since the last look."""
    def __init__(self, t, x):
        self.t, self.x, self.seen = t, x, counts(x)

    def is_(self, want, name):
        now = counts(self.x)
        self.t.is_({k: n - self.seen[k] for k, n in now.items() if n != self.seen[k]}, want, name)
        self.seen = now


def rev(x, who, path):
    return x.get(who, API + path).json()['rev']


def exceptions(t, x):
    w = Watch(t, x)
    t.is_(set(w.seen.values()), {0}, 'where nothing happened there is no exception of any kind')
    large.approved(x)
    s = x.case('tanaka', large.approved(x, title='二つ目'))['service']['id']
    w.is_({}, 'an ordinary approval is none')

    a = large.judged(x, title='訂正')
    x.act('sato', a, 'correct', {'answers': large.answers(x, title='訂正した'), 'reason': '書き誤り。'})
    w.is_({'corrected-late': 1}, 'corrected after somebody had judged')
    b = large.filed(x, title='直した')
    x.act('sato', b, 'correct', {'answers': large.answers(x, title='直した先'), 'reason': '書き誤り。'})
    w.is_({}, 'corrected before anybody had looked at it: no exception')

    a = large.agreed(x, title='格付')
    x.act('abe', a, 'rate', {'axis': 'confidentiality', 'level': 'c1', 'reason': '公表している。'})
    w.is_({}, 'a class that somebody changed counts when the case is decided')
    x.decide('abe', a)
    w.is_({'class-changed': 1}, 'a class that the approver changed')

    x.good(x.post('suzuki', API + '/deputies', {'deputy': x.id('ito'), 'from': '2026-04-01', 'until': '2026-04-02'}))
    a = large.judged(x, title='代理')
    x.decide('ono', a)
    x.decide('ito', a)
    w.is_({'by-deputy': 1}, 'a deputy decided')

    at = '/services/%s' % s
    x.good(x.post('abe', API + at + '/suspend', {'reason': '障害。', 'rev': rev(x, 'abe', at)}))
    w.is_({'stopped': 1}, 'a service was suspended')
    x.good(x.post('abe', API + at + '/resume', {'reason': '直った。', 'rev': rev(x, 'abe', at)}))
    w.is_({'stopped': 1}, 'and resumed')

    large.permit_exception(x, large.filed(x, title='例外'))
    w.is_({'overridden': 1}, 'an exception was granted')

    cells = {'name': '翻訳サービス', 'provider': '例', 'section': '税務課', 'manager': '森', 'apply_by_at': '2026-04-30'}
    x.good(x.post('ono', API + '/registers/service', {'cells': cells}))
    w.is_({}, 'a transitional service is none before its day')
    x.clock('2026-05-01T09:00')
    town.wait('a transitional service past its day', lambda: counts(x)['transitional-past'] == 1)
    w.is_({'transitional-past': 1}, 'past its day it is one')
    large.approved(x, title='翻訳サービス')
    w.is_({'transitional-past': -1, 'after-use': 1}, 'applied for and approved, it was in use before')

    refused(x, s)
    w.is_({}, 'a refusal is none')
    x.clock('2026-05-01T10:00')
    added(x, s)
    w.is_({'after-refusal': 1}, 'approved, of the same service, after it was refused')
    own = x.case('tanaka', large.approved(x, title='兼務のサービス', manager=x.id('suzuki'), vice=x.id('mori')))['service']['id']
    w.is_({}, 'a service whose manager is a section manager as well is none')
    added(x, own, consents='suzuki')
    w.is_({'two-roles': 1}, 'one person consented as its manager and approved for the section')

    x.clock('2026-05-10T09:00')
    due = next(d for d in x.good(x.get('ono', API + '/duties'))['items'] if d['overdue'] and not d.get('closed_by_act'))
    w.is_({}, 'a duty past its day is none while it is open')
    x.good(x.post('ono', API + '/duties/%s/close' % due['id'], {'evidence': '契約書と照合した。', 'rev': due['rev']}))
    w.is_({'late-duty': 1}, 'closed late, it is one')
    x.clock('2027-04-02T09:00')
    town.wait('reviews past their day', lambda: counts(x)['late-review'] >= 1)
    w.is_({'late-review': 3}, 'so is each review that is past its day, though it is open')


def addition(x, service, consents='mori'):
    a = x.submit('sato', 'addition', {'wanted': service, 'use': '窓口'})['id']
    x.decide(consents, a)
    return a


def refused(x, service):
    x.decide('suzuki', addition(x, service), 'reject', '足りている。')


def added(x, service, **more):
    x.decide('suzuki', addition(x, service, **more))


def samples(t, x):
    populations = {i['id']: i for i in ask(x, 'populations')['items']}
    t.is_(populations['judged-lines']['count'], 7 * len(large.LINES), 'the lines that were judged are counted')
    t.is_(sum(b['count'] for b in populations['judged-lines']['basis']), populations['judged-lines']['count'], 'apart by what they rest on')
    raw = x.get('nagai', API + '/audit/populations/judged-lines?format=ids&from=2026-04-01&to=2027-06-30').body
    ids = raw.decode().splitlines()
    t.is_(ids, sorted(set(ids)), 'all ids are there once, sorted')
    got = ask(x, 'populations/judged-lines', seed='さいころ3', size=10)
    by_hand = sorted((hashlib.sha256(('さいころ3\n' + i).encode()).hexdigest(), i) for i in ids)[:10]
    t.is_([(r['hash'], r['id']) for r in got['items']], by_hand, 'the sample is what anybody draws from the ids by the rule')
    t.is_(got['digest'], hashlib.sha256(raw).hexdigest(), 'the digest is that of the list')
    t.is_([r['id'] for r in ask(x, 'populations/judged-lines', seed='さいころ3', size=10, who='abe')['items']], [i for _, i in by_hand], 'whoever draws gets the same')
    t.ok([r['id'] for r in ask(x, 'populations/judged-lines', seed='4', size=10)['items']] != [i for _, i in by_hand], 'another seed gives another sample')
    t.is_(ask(x, 'populations/decided', **{'from': '2020-04-01', 'to': '2021-03-31'})['items'], [], 'a period without any has an empty sample')
    t.is_([ask(x, 'populations/decided', body=b)['count'] for b in ('SHI', 'KYO')], [populations['decided']['count'], 0], 'a body has its own')
    t.ok(all(r.get('href', '').startswith('/applications/') for r in got['items']), 'each row leads to its record')


def whole(t, x):
    coverage = x.good(x.get('nagai', API + '/pack/coverage'))
    clauses = [c for s in coverage['sections'] for c in s['clauses']]
    t.is_(coverage['totals']['clauses'], len(clauses), 'coverage counts what it lists')
    t.ok(all(c['how'] == 'planned' or not c['mechanisms'] for c in clauses if all(m['state'] == 'planned' for m in c['mechanisms'])), 'what is planned serves nothing')
    checks = {c['id']: c for c in x.good(x.get('ono', API + '/installation'))['checks']}
    t.is_((checks['backup']['state'], checks['gates']['state'], checks['contacts']['state']), ('unknown', 'unknown', 'bad'), 'what was not measured is unknown, what is missing is bad')
    t.ok('abe' not in checks['both']['names'] and checks['both']['state'] == 'ok', 'nobody prepares and decides', checks['both'])
    people = x.good(x.get('ono', API + '/installation?part=people'))['people']
    t.ok(people['people'] == len(large.CAST), 'everybody of the house is played through the procedures', people)


def main():
    with Tap() as t:
        with town.Town(at='2026-04-01T09:00', pack=large.PACK, people=large.CAST, gate=None) as x:
            exceptions(t, x)
            samples(t, x)
            whole(t, x)


if __name__ == '__main__':
    main()
