"""large.py - cases of tests/packs/engine, taken as far as a test wants them: each type of field, each kind of step. For tests only.

    with town.Town(at='2026-04-01T09:00', pack=large.PACK, people=large.CAST) as t:
        a = large.agreed(t)             # waits for the CISO
"""
import town

PACK = 'tests/packs/engine'
# suzuki agrees for sato and yamada; ono judges, so kudo checks; hara takes abe's place where abe applied.
CAST = tuple(p for p in town.PEOPLE if p[0] != 'tanaka') + (
    ('tanaka', '田中', '情報政策課', 'system_manager'), ('ono', '小野', '情報政策課', 'secretariat'), ('kudo', '工藤', '情報政策課', 'secretariat'),
    ('hara', '原', '総務部', 'dept_officer'), ('abe', '阿部', '副市長室', 'ciso'), ('nagai', '永井', '監査委員事務局', 'auditor'))
SHEET = {'said_by': '営業部', 'recovery_hours': '4'}
LINES = [{'criterion': 'place', 'result': 'met', 'article': '第3条', 'answer': 'answered', 'said': '国内です。', 'said_on': '2026-03-01'},
         {'criterion': 'paper', 'result': 'met', 'document': '証明書'}, {'criterion': 'people-only', 'result': 'met'},
         {'criterion': 'advice', 'result': 'unmet', 'reason': '次の契約で求める。'}]
PAPER = {'document': '情政第12号', 'decided_on': '令和8年4月1日', 'division': 'delegated', 'authority': '総務部長'}


def answers(t, **bend):
    """Every field answered, some as people spell them; None leaves one out."""
    full = {'about_people': 'true', 'title': '会議サービス', 'provider': '例', 'details': '一行目\n二行目', 'mac': '02-00-5e-10-00-01', 'ends': '2027-03-31', 'volume': 'many',
            'colours': 'red', 'abroad': 'true', 'why_abroad': '支店', 'promise': 'true', 'seats': '２０', 'use_until': 'R9.3.31', 'head_office': 'JP', 'places': 'JP US',
            'manager': t.id('mori'), 'vice': t.id('yamada'), 'hosts': 'Meet.Example.jp', 'partners': [{'name': '下請', 'seat': 'US'}], **bend}
    return {k: v for k, v in full.items() if v is not None}


def filed(t, by='sato', **bend):
    return t.submit(by, 'everything', answers(t, **bend))['id']


def judged(t, **bend):
    """Sheet and lines are there; the secretariat has to say so."""
    a = filed(t, **bend)
    t.act('ono', a, 'fill', {'sheet': 'provider-sheet', 'answers': SHEET})
    t.act('ono', a, 'judge', {'lines': LINES})
    return a


def checked(t, **bend):
    """Judged, agreed by the section, confirmed by a second person; a paper is next."""
    a = judged(t, **bend)
    for who in ('ono', 'suzuki', 'kudo'):
        t.decide(who, a)
    return a


def entered(t, **bend):
    a = checked(t, **bend)
    t.decide('ono', a, **PAPER)
    return a


def agreed(t, **bend):
    """Everything but the decision of the CISO."""
    a = entered(t, **bend)
    t.decide('kudo', a)
    return a


def approved(t, **bend):
    """The application; its service stands in the case."""
    a = agreed(t, **bend)
    t.decide('abe', a, condition='訓練をする。', condition_due='2026-09-30')
    return a


def permit_exception(t, application, items='place', until='2026-06-30'):
    x = t.submit('kudo', 'exception', {'application': application, 'items': items, 'until': until}, applicant='sato')['id']
    t.decide('abe', x)
    return x
