"""service_forms.py - valid answers for the procedures of packs/mic-r4 around service-use, for whoever plays them.

    service_forms.answers('service-review', today='2026-04-01', service=ID, manager=ID)           # what is posted to /applications or /fill
    service_forms.answers('service-review', 'review-with-findings', today=..., service=ID)        # any of CASES
    service_forms.answers('service-light', today=..., manager=ID, classes='personal')             # which answers of classes.yaml
    service_forms.lines('service-end', 'evidence')                                                 # what is posted to /judge

The data stand in service_forms.json beside it, which C (jansson) and TypeScript may read as well.
tests/pack/service_forms.py keeps them in step with the pack.
"""
import datetime
import json
import os
import re

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'service_forms.json'), encoding='utf-8') as _f:
    DATA = json.load(_f)
FORMS = tuple(DATA['forms'])
CASES = tuple(DATA['cases'])
CLASSIFIED = ('service-addition', 'service-light', 'service-terms')


def filled(value, ids, today):
    """The placeholders: @today+N becomes a day, @service and the like an id."""
    if isinstance(value, list):
        return [{k: filled(v, ids, today) for k, v in row.items()} for row in value]
    day = re.fullmatch(r'@today([+-]\d+)?', value)
    if day:
        return (datetime.date.fromisoformat(today) + datetime.timedelta(days=int(day.group(1) or 0))).isoformat()
    return ids[value[1:]] if value.startswith('@') else value


def answers(form, case=None, today='2026-06-01', classes='published', instead=None, **ids):
    """`instead`: answers that are to be others still; None leaves one out. ids: service, successor, application, manager."""
    out = dict(DATA['classes'][classes]) if form in CLASSIFIED else {}
    out.update(DATA['forms'][form])
    out.update(DATA['cases'][case].get(form, {}) if case else {})
    out.update(instead or {})
    return {k: filled(v, ids, today) for k, v in out.items() if v is not None}


def lines(procedure, step):
    known = DATA['judgements']
    return [dict(line) for line in known.get('%s.%s' % (procedure, step)) or known['service-end.%s' % step]]      # a renewal ends as an end does
