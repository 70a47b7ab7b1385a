#!/usr/bin/python3
"""erase.py BUILD - what is past its retention is erased by two persons, and no byte of it is found again.

Every file of the installation is read raw: database, logs, keys, index, attachments, an export of the log. What is in use is still there;
replay, check and search hold. An office that dies between the entry and the key finishes at its next start. Without the erasure the same
words are found: that is the control.
"""
import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), d) for d in ('..', '../lib')]
import incidents  # noqa: E402
import samples  # noqa: E402
import service_use  # noqa: E402
from attach import Files  # noqa: E402
from tap import Tap  # noqa: E402
from town import CITY, Town, wait  # noqa: E402

API = '/api/v1'
ROLES = ('signer', 'render-serve', 'office')
PEOPLE = CITY + (('iwata', '岩田', '総務課', 'records_manager'),)
LATER = '2037-04-02T09:00'      # ten years after the fiscal year of 2026: incidents and attachments, too

# What is over by then, and what is still in use: word by word where it is put.
GONE = {'answer': '消える用途の説明', 'reason': '消える取下げの理由', 'person': '消留太郎', 'file name': '消える証拠.pdf', 'file': 'kieru-shouko-no-nakami',
        'draft': '消える下書きの言葉', 'incident': '消える事案の経緯', 'contact': '消島次郎', 'contact mail': 'kieru@example.jp'}
KEPT = {'answer': '残る用途の説明', 'person': '残留花子', 'file': 'nokoru-shouko-no-nakami'}


def spellings(text):
    """As text, and as the index folds it: without a difference here, but for letters."""
    return {text.encode(), text.encode('utf-16-le'), text.lower().encode()}


def where(top, text):
    """Files in which it is found, whatever they are."""
    found = []
    for folder, _dirs, names in os.walk(top):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                with open(path, 'rb') as f:
                    data = f.read()
                if any(s in data for s in spellings(text)):
                    found.append(os.path.relpath(path, top))
    return sorted(found)


def keys(x):
    with contextlib.closing(sqlite3.connect('file:%s/office/keys.db?mode=ro' % x.dir, uri=True, timeout=10)) as db:
        return dict(db.execute('SELECT unit, key FROM unit_key').fetchall())


def person(x, name):
    made = x.good(x.post('kudo', API + '/registers/person', {'cells': {'name': name, 'section': '税務課'}}))
    return made['id']


def end(x, row, reason='終わった。'):
    rev = x.good(x.get('kudo', '%s/rows/%s' % (API, row)))['rev']
    x.good(x.post('kudo', '%s/rows/%s/end' % (API, row), {'reason': reason, 'rev': rev}))


def fill(x):
    """The ids of what will be looked at."""
    form = service_use.case(manager=x.id('yamada'), deputy=x.id('mori')).forms['service-use']
    free = 'business'
    over = x.submit('sato', 'service-use', {**form, free: GONE['answer']})['id']
    x.good(Files(x, 'application:' + over).put('sato', samples.pdf(GONE['file'].encode()), name=GONE['file name']))
    x.act('sato', over, 'withdraw', {'reason': GONE['reason']})
    open_case = x.submit('sato', 'service-use', {**form, free: KEPT['answer']})['id']
    kept = x.good(Files(x, 'application:' + open_case).put('sato', samples.pdf(KEPT['file'].encode()), name='残る証拠.pdf'))
    x.good(x.post('sato', API + '/drafts', {'form': 'service-use', 'answers': {free: GONE['draft']}}))
    end(x, 'person:' + person(x, GONE['person']))
    stays = person(x, KEPT['person'])
    contact = x.good(x.post('kudo', API + '/registers/contact', {'cells': {'name': GONE['contact'], 'kind': 'csirt', 'hours': 'always', 'rank': '1', 'mail': GONE['contact mail']}}))['id']
    end(x, 'contact:' + contact)
    incidents.report(x, what=GONE['incident'])
    finding = x.good(x.get('kudo', API + '/findings?view=open'))['items'][0]
    x.good(x.post('kudo', '%s/findings/%s/close' % (API, finding['id']), {'reason': '誤り。', 'rev': finding['rev']}))
    for folder in ('evidence', 'before'):       # a pack that waits to be fetched, a copy of before an upgrade
        os.makedirs(os.path.join(x.dir, 'office', folder), exist_ok=True)
        with open(os.path.join(x.dir, 'office', folder, 'kept.zip'), 'w', encoding='utf-8') as f:
            f.write(GONE['answer'])
    return {'over': over, 'open': open_case, 'file': kept['id'], 'person': stays}


def due(x):
    return [u['unit'] for u in x.good(x.get('kudo', API + '/erasures'))['units'] if u['is_due']]


def ask(x, units):
    return x.good(x.post('kudo', API + '/erasures', {'units': units, 'reason': '保存期間満了'}))['id']


def states(x, proposal):
    return {u['unit']: u['state'] for p in x.good(x.get('iwata', API + '/erasures'))['proposals'] if p['id'] == proposal for u in p['units']}


def two_people(t, x):
    units = due(x)
    t.ok({'cases-2026', 'people-2026', 'incidents-2026', 'files-2026'} <= set(units) and not any(u.startswith(('rules', 'house')) for u in units), 'what is due is listed, no more', units)
    key = x.post('sato', API + '/erasures', {'units': units, 'reason': 'x'}).status
    t.is_(key, 403, 'not everybody proposes')
    early = x.post('kudo', API + '/erasures', {'units': ['rules-2026' if 'rules-2026' in keys(x) else 'house-2026'], 'reason': 'x'})
    t.is_((early.status, early.json()['error']['key']), (422, 'erase.unit.early'), 'nothing is proposed before its April 1')
    one = ask(x, units)
    own = x.post('kudo', '%s/erasures/%s/confirm' % (API, one), {})
    t.is_((own.status, own.json()['error']['key']), (403, 'erase.role.confirm'), 'who proposed it does not confirm it')
    again = x.post('kudo', API + '/erasures', {'units': units[:1], 'reason': 'x'})
    t.is_(again.json()['error']['key'], 'erase.unit.proposed', 'nothing is proposed twice')
    x.good(x.post('iwata', '%s/erasures/%s/refuse' % (API, one), {'reason': '係争中のものがある。'}))
    t.is_(set(states(x, one).values()), {'refused'}, 'the records section may refuse')
    t.is_(where(x.dir, GONE['answer']) != [], True, 'refused, nothing is erased')
    return units


def erased(t, x, ids, units):
    two = ask(x, units)
    x.good(x.post('iwata', '%s/erasures/%s/confirm' % (API, two), {}))
    wait('the entries', lambda: set(states(x, two).values()) == {'erased'})
    wait('the end of the keys', lambda: not any(keys(x)[u] for u in units))
    wait('empty logs', lambda: all(os.path.getsize('%s/office/%s-wal' % (x.dir, n)) == 0 for n in ('sekisho.db', 'keys.db')))
    for what, text in GONE.items():
        t.is_(where(x.dir, text), [], 'no file holds any more: ' + what)
    for what in ('answer', 'person'):
        t.ok(where(x.dir, KEPT[what]), 'in use, so it stays: ' + what)
    t.is_([len(x.good(x.get('kudo', API + '/search?q=' + q))['items']) for q in ('%E6%B6%88%E3%81%88%E3%82%8B', '%E6%B6%88%E7%95%99')], [0, 0], 'the search finds nothing of it')
    t.ok(x.good(x.get('kudo', API + '/search?q=%E6%AE%8B%E3%82%8B%E7%94%A8%E9%80%94'))['items'], 'and what stays')
    t.is_([x.get('kudo', '%s/applications/%s' % (API, ids[k])).status for k in ('over', 'open')], [200, 200], 'both cases can still be opened')
    t.is_(x.get('sato', '%s/files/%s' % (API, ids['file'])).status, 200, 'the attachment in use can still be had')


def said(t, x, units):
    """What everybody else says of it."""
    status, words = x.tool('check')
    t.is_(status, 0, 'check holds')
    t.note(words.splitlines()[-1] if words else '')
    status, words = x.tool('rebuild')
    t.ok(status == 0 and 'identical' in words, 'a rebuild makes the same registers', words[-800:])
    out = os.path.join(x.top, 'export')
    done = subprocess.run([x.program, 'export-log', x.dir, out], env=x._env(x.clock_file), capture_output=True, text=True)
    t.is_(done.returncode, 0, 'the log is exported anew')
    for what, text in GONE.items():
        t.is_(where(out, text), [], 'nor does the export: ' + what)
    with open(os.path.join(x.dir, 'signer', 'tombstones'), 'rb') as f:
        tombs = f.read()
    t.ok(all(u.encode() in tombs for u in units), 'the signer remembers each unit')


def a_loss_is_no_erasure(t, x):
    """The control of check: keys that are gone without an entry."""
    aside = tempfile.mkdtemp(prefix='sekisho-erase.')
    shutil.copytree(os.path.join(x.dir, 'office'), os.path.join(aside, 'office'))
    with contextlib.closing(sqlite3.connect(os.path.join(x.dir, 'office', 'keys.db'))) as db:
        db.execute("DELETE FROM unit_key WHERE unit LIKE 'cases-%' AND key IS NOT NULL")
        db.commit()
    status, _words = x.tool('check')
    t.is_(status, 1, 'a key that is gone without an entry is tampering')
    shutil.rmtree(os.path.join(x.dir, 'office'))
    shutil.move(os.path.join(aside, 'office'), os.path.join(x.dir, 'office'))
    shutil.rmtree(aside)


def restore(x, to, *more):
    words = [x.program, 'restore', os.path.join(x.top, 'data-backup'), os.path.join(x.top, 'keys-backup'), to, '--by', 'kudo', '--why', '訓練',
             '--known', os.path.join(x.top, 'newest'), *more]
    done = subprocess.run(words, env=x._env(x.clock_file), input=x.recovery + '\n', capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def an_older_backup(t, x):
    """Both backups were made before the erasure. Whoever restores them with the newest checkpoint at hand is asked what was erased since."""
    to = os.path.join(x.top, 'restored')
    status, words = restore(x, to)
    t.ok(status == 1 and not os.path.exists(to), 'without a list as new as the last checkpoint it stops and asks', words[-300:])
    status, words = restore(x, to, '--erased', 'none')
    t.ok(status == 0 and where(to, GONE['answer']) and where(to, GONE['person']), 'the control: the backup would bring every word back', words[-300:])
    shutil.rmtree(to, ignore_errors=True)
    status, words = restore(x, to, '--tombstones', os.path.join(x.dir, 'signer', 'tombstones'))
    t.is_(status, 0, 'with the list it restores')
    t.note(words)
    for what, text in GONE.items():
        t.is_(where(to, text), [], 'and erases again: ' + what)
    for what in ('answer', 'person'):
        t.ok(where(to, KEPT[what]), 'but not what was in use then: ' + what)
    done = subprocess.run([x.program, 'check', to], env=x._env(x.clock_file), capture_output=True, text=True)
    t.ok(done.returncode == 0, 'check holds there', done.stdout[-800:] + done.stderr[-800:])


def died_in_between(t, x):
    """Without its signer the entry is written and the key waits; killed there, the office finishes when both are back."""
    x.running.pop('signer').kill()
    units = ['people-2037'] if 'people-2037' in keys(x) else [u for u in due(x)]
    x.clock('2048-04-02T09:00')
    units = [u for u in due(x) if u.startswith(('cases-2037', 'people-2037'))]
    one = ask(x, units)
    x.good(x.post('iwata', '%s/erasures/%s/confirm' % (API, one), {}))
    wait('the entries', lambda: set(states(x, one).values()) == {'erased'})
    t.ok(all(keys(x)[u] for u in units), 'the key waits for the signer', units)
    office = x.running.pop('office')
    office.kill()
    office.wait()
    x.start('signer')
    x.start('office')
    x.sessions = {}
    wait('the office', lambda: signs_in(x))
    wait('the end of the keys', lambda: not any(keys(x)[u] for u in units))
    t.ok(units, 'the next start finishes what was begun')


def signs_in(x):
    try:
        return x.user('GET', '/sign-in').status == 200
    except (OSError, ValueError):
        return False


def main():
    program = os.path.join(sys.argv[1], 'src/server/sekishod')
    with Tap() as t:
        with Town(at='2026-04-01T09:00', pack='packs/mic-r4', people=PEOPLE, gate=None, roles=ROLES, program=program) as x:
            ids = fill(x)
            missing = [what for what, text in GONE.items() if what not in ('file', 'draft') and not where(x.dir, text)]
            t.is_(missing, [], 'before, every word is found: the control')
            t.is_(x.post('iwata', API + '/erasures', {'units': ['cases-2026'], 'reason': 'x'}).json()['error']['key'], 'erase.unit.early', 'nothing is due yet')
            t.is_([x.tool(*words)[0] for words in (('backup', os.path.join(x.top, 'data-backup')), ('backup-keys', os.path.join(x.top, 'keys-backup')))], [0, 0], 'backups are made')
            x.clock(LATER)
            units = two_people(t, x)
            erased(t, x, ids, units)
            with open(os.path.join(x.top, 'newest'), 'wb') as f:
                f.write(x.get('kudo', API + '/checkpoint').body)
            t.is_(x.down(), [], 'all ended well')
            said(t, x, units)
            an_older_backup(t, x)
            a_loss_is_no_erasure(t, x)
            x.up()
            died_in_between(t, x)


main()
