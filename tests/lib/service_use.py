"""service_use.py - a complete case of packs/mic-r4's service-use, by three hands, for whoever plays it.

    case = service_use.case(manager=ID, deputy=ID)                       # all in Japan, confidentiality 2
    case = service_use.case('foreign-centre', manager=ID, deputy=ID)     # any of CASES
    case.forms['service-use']           # answers by form id: what is posted to /api/v1/applications and /fill
    case.judgements['conditions']       # lines by step id: what is posted to /judge
    service_use.approved(t, manager=ID, deputy=ID)['service']['id']     # by all hands of town.CITY

The data stand in service_use.json beside it, which C (jansson) and TypeScript may read as well.
tests/pack/service_use.py keeps them in step with the pack.
"""
import json
import os

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'service_use.json'), encoding='utf-8') as _f:
    DATA = json.load(_f)
CASES = tuple(DATA['cases'])
HANDS = {'usage': 'kudo', 'conditions': 'kudo', 'select': 'hara', 'trust': 'mizuno', 'consent': 'suzuki', 'decide': 'hara'}      # step: login
SHEETS = {'conditions': ('service-provider', 'service-secretariat')}


class Case:
    def __init__(self, forms, judgements):
        self.forms, self.judgements = forms, judgements


def case(name='plain', manager='@manager', deputy='@deputy', **instead):
    """`instead`: answers of the section's form that are to be others still."""
    forms = {form: dict(answers) for form, answers in DATA['forms'].items()}
    for form, answers in DATA['cases'][name].items():
        forms[form].update(answers)
    forms['service-use'].update(service_manager=manager, service_deputy=deputy)
    forms['service-use'].update(instead)
    also, not_asked = DATA['asked_also'].get(name, ()), DATA['not_asked'].get(name, ())
    judgements = {step: [x for x in lines if x['criterion'] not in not_asked] + [x for x in DATA['criteria_when'][step] if x['criterion'] in also]
                  for step, lines in DATA['judgements'].items()}
    return Case(forms, judgements)


def approved(x, manager, deputy):
    """The plain case, filed by sato and approved by all its hands, as sato sees it."""
    plain = case('plain', manager=manager, deputy=deputy)
    a = x.submit('sato', 'service-use', plain.forms['service-use'])['id']
    for step, who in HANDS.items():
        for sheet in SHEETS.get(step, ()):
            x.act(who, a, 'fill', {'sheet': sheet, 'answers': plain.forms[sheet]})
        if step in plain.judgements:
            x.act(who, a, 'judge', {'lines': plain.judgements[step]})
        x.decide(who, a)
    return x.case('sato', a)
