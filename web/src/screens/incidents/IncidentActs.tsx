// IncidentActs.tsx - the acts on a case, each one small form that says what it needs.
import { useState, type ReactNode } from 'react';
import type { Done, Reply } from '../../api/client.ts';
import {
  concludeIncident,
  confirmIncident,
  containIncident,
  gradeIncident,
  logIncident,
  reportClock,
  type Clock,
  type Incident,
} from '../../api/incidents.ts';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import type { Key } from '../../words/text.ts';
import { useWords } from '../../words/words.tsx';
import { useAct } from '../application/useAct.ts';
import { LEAKS, LOG_KINDS, SEVERITIES } from './words.ts';

type ActProps = { incident: Incident; acted: () => Promise<void> };
type Input = { id: string; label: Key; lines?: boolean; choices?: { id: string; text: string }[]; type?: 'date' | 'number' | 'datetime-local'; optional?: boolean };
type FormProps = {
  name: string;
  title: Key;
  open?: boolean;
  inputs: Input[];
  start?: Record<string, string>;
  buttons: { text: Key; send: (given: Record<string, string>) => Promise<Reply<Done>> }[];
  acted: () => Promise<void>;
};

function ActForm({ name, title, open, inputs, start = {}, buttons, acted }: FormProps) {
  const words = useWords();
  const { t } = words;
  const [given, setGiven] = useState(start);
  const act = useAct(async () => {
    setGiven(start);
    await acted();
  });
  const field = (id: string) => `${name}-${id}`;
  const raw = act.error ? problemOf(act.error, inputs.map((i) => i.id), words) : null;
  const problems = raw ? [{ ...raw, field: raw.field ? field(raw.field) : null }] : [];
  const control = (i: Input, props: object): ReactNode => {
    const value = given[i.id] ?? '';
    const set = (v: string) => setGiven((was) => ({ ...was, [i.id]: v }));
    if (i.choices) {
      return (
        <select {...props} value={value} onChange={(e) => set(e.target.value)}>
          {i.choices.map((c) => (
            <option key={c.id} value={c.id}>
              {c.text}
            </option>
          ))}
        </select>
      );
    }
    if (i.lines) return <textarea {...props} rows={3} value={value} onChange={(e) => set(e.target.value)} />;
    return <input {...props} type={i.type ?? 'text'} value={value} onChange={(e) => set(e.target.value)} />;
  };
  return (
    <details className="panel" open={open}>
      <summary>{t(title)}</summary>
      <ErrorSummary problems={problems} attempt={act.attempt} />
      {inputs.map((i) => (
        <Labelled key={i.id} field={field(i.id)} label={t(i.label)} required={!i.optional} problem={problems[0]?.field === field(i.id) ? problems[0].text : undefined}>
          {(props) => control(i, props)}
        </Labelled>
      ))}
      <p className="acts">
        {buttons.map((b, n) => (
          <button key={b.text} type="button" className={n === 0 ? 'main' : 'plain'} disabled={act.sending} onClick={() => void act.send(() => b.send(given))}>
            {t(b.text)}
          </button>
        ))}
      </p>
    </details>
  );
}

export function LogForm({ incident, acted }: ActProps) {
  const { t } = useWords();
  return (
    <ActForm
      name="log"
      title="incidents.log.add"
      open
      acted={acted}
      start={{ kind: 'done' }}
      inputs={[
        { id: 'kind', label: 'incidents.log.kind', choices: LOG_KINDS.map((k) => ({ id: k, text: t(`incidents.log.${k}`) })) },
        { id: 'text', label: 'incidents.log.text', lines: true },
        { id: 'at', label: 'incidents.log.at', type: 'datetime-local', optional: true },
      ]}
      buttons={[
        {
          text: 'incidents.log.add',
          send: (g) => logIncident(incident.id, { kind: (g.kind ?? 'done') as (typeof LOG_KINDS)[number], text: (g.text ?? '').trim(), ...(g.at ? { at: g.at } : {}) }),
        },
      ]}
    />
  );
}

export function GradeForm({ incident, acted }: ActProps) {
  const { t } = useWords();
  return (
    <ActForm
      name="grade"
      title="incidents.grade"
      acted={acted}
      start={{ severity: incident.severity, leak: incident.leak, people: incident.people === undefined ? '' : String(incident.people) }}
      inputs={[
        { id: 'severity', label: 'incidents.field.severity', choices: SEVERITIES.map((s) => ({ id: s, text: t(`state.severity.${s}`) })) },
        { id: 'leak', label: 'incidents.field.leak', choices: LEAKS.map((s) => ({ id: s, text: t(`register.incident.leak.${s}`) })) },
        { id: 'people', label: 'register.incident.people', type: 'number', optional: true },
        { id: 'reason', label: 'registers.end.reason', lines: true },
      ]}
      buttons={[
        {
          text: 'incidents.grade',
          send: (g) =>
            gradeIncident(incident.id, {
              severity: (g.severity ?? incident.severity) as Incident['severity'],
              leak: (g.leak ?? incident.leak) as Incident['leak'],
              ...(g.people ? { people: Number(g.people) } : {}),
              reason: (g.reason ?? '').trim(),
              rev: incident.rev,
            }),
        },
      ]}
    />
  );
}

export function ContainForm({ incident, acted }: ActProps) {
  return (
    <ActForm
      name="contain"
      title="incidents.contain"
      acted={acted}
      inputs={[{ id: 'text', label: 'incidents.contain.text', lines: true }]}
      buttons={[{ text: 'incidents.contain', send: (g) => containIncident(incident.id, (g.text ?? '').trim(), incident.rev) }]}
    />
  );
}

export function ConcludeForm({ incident, acted }: ActProps) {
  return (
    <ActForm
      name="conclude"
      title="incidents.conclude"
      acted={acted}
      inputs={[{ id: 'conclusion', label: 'register.incident.conclusion', lines: true }]}
      buttons={[{ text: 'incidents.conclude', send: (g) => concludeIncident(incident.id, (g.conclusion ?? '').trim(), incident.rev) }]}
    />
  );
}

export function ConfirmForm({ incident, acted }: ActProps) {
  return (
    <ActForm
      name="confirm"
      title="incidents.confirm"
      open
      acted={acted}
      inputs={[{ id: 'reason', label: 'incidents.confirm.reason', lines: true }]}
      buttons={[
        { text: 'incidents.confirm.approve', send: (g) => confirmIncident(incident.id, 'approve', (g.reason ?? '').trim(), incident.rev) },
        { text: 'incidents.confirm.return', send: (g) => confirmIncident(incident.id, 'return', (g.reason ?? '').trim(), incident.rev) },
      ]}
    />
  );
}

export function ReportClock({ clock, acted }: { clock: Clock; acted: () => Promise<void> }) {
  return (
    <ActForm
      name={`clock-${clock.id}`}
      title="incidents.clock.reported"
      acted={acted}
      inputs={[
        { id: 'reported_on', label: 'incidents.clock.on', type: 'date' },
        { id: 'receiver', label: 'incidents.clock.receiver' },
        { id: 'document', label: 'incidents.clock.document' },
        { id: 'note', label: 'incidents.clock.note', optional: true },
      ]}
      buttons={[
        {
          text: 'incidents.clock.reported',
          send: (g) =>
            reportClock(clock.id, {
              reported_on: g.reported_on ?? '',
              receiver: (g.receiver ?? '').trim(),
              document: (g.document ?? '').trim(),
              ...(g.note?.trim() ? { note: g.note.trim() } : {}),
              rev: clock.rev,
            }),
        },
      ]}
    />
  );
}
