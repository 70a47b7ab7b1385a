// OpenScreen.tsx - an incident opened at once: what, how grave, whether data may have leaked; the rest comes later.
import { useState, type FormEvent } from 'react';
import type { Failure } from '../../api/client.ts';
import { listFindings, openIncident } from '../../api/incidents.ts';
import { useLoad } from '../../api/useLoad.ts';
import { usePack } from '../../api/useShared.ts';
import { go, Link, usePlace } from '../../app/router.tsx';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { Page } from '../../parts/Page.tsx';
import { useWords } from '../../words/words.tsx';
import { LEAKS, SEVERITIES } from './words.ts';

export function OpenScreen() {
  const words = useWords();
  const { t, say } = words;
  const finding = usePlace().searchParams.get('finding');
  const from = useLoad(finding ? 'findings' : null, () => listFindings('open'), 0).value?.items.find((f) => f.id === finding);
  const kinds = usePack().value?.lists?.find((l) => l.id === 'incident-kinds')?.choices ?? [];
  const [given, setGiven] = useState<Record<string, string>>({});
  const [drill, setDrill] = useState(false);
  const [error, setError] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [sending, setSending] = useState(false);
  const value = (field: string) => given[field] ?? (field === 'text' ? (from?.text ?? '') : field === 'severity' ? (from?.severity ?? 'middle') : field === 'leak' ? 'none' : '');
  const set = (field: string) => (v: string) => setGiven((was) => ({ ...was, [field]: v }));

  const open = async (e: FormEvent) => {
    e.preventDefault();
    setSending(true);
    setError(null);
    const reply = await openIncident({
      kind: value('kind') || kinds[0]?.id || '',
      title: value('title').trim(),
      text: value('text').trim(),
      severity: value('severity') as (typeof SEVERITIES)[number],
      leak: value('leak') as (typeof LEAKS)[number],
      drill: drill ? 1 : 0,
      ...(finding ? { findings: [finding] } : {}),
    });
    setSending(false);
    if (reply.ok) return go(`/incidents/${reply.value.id}`);
    setError(reply.error);
    setAttempt((n) => n + 1);
    return undefined;
  };
  const problem = error ? problemOf(error, ['kind', 'title', 'text', 'severity', 'leak'], words) : null;
  const of = (field: string) => (problem?.field === field ? problem.text : undefined);
  return (
    <Page title={t('incidents.open')} over={<Link href="/incidents">{t('incidents.title')}</Link>}>
      <ErrorSummary problems={problem ? [problem] : []} attempt={attempt} />
      <form noValidate onSubmit={(e) => void open(e)}>
        <Labelled field="title" label={t('incidents.field.title')} required problem={of('title')}>
          {(control) => <input {...control} type="text" value={value('title')} onChange={(e) => set('title')(e.target.value)} />}
        </Labelled>
        <Labelled field="text" label={t('incidents.field.text')} required problem={of('text')}>
          {(control) => <textarea {...control} rows={4} value={value('text')} onChange={(e) => set('text')(e.target.value)} />}
        </Labelled>
        <Labelled field="kind" label={t('incidents.field.kind')} required problem={of('kind')}>
          {(control) => (
            <select {...control} value={value('kind')} onChange={(e) => set('kind')(e.target.value)}>
              {kinds.map((k) => (
                <option key={k.id} value={k.id}>
                  {say(k.label)}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        <Labelled field="severity" label={t('incidents.field.severity')} required problem={of('severity')} hints={{ help: t('incidents.field.severity.help') }}>
          {(control) => (
            <select {...control} value={value('severity')} onChange={(e) => set('severity')(e.target.value)}>
              {SEVERITIES.map((s) => (
                <option key={s} value={s}>
                  {t(`state.severity.${s}`)}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        <Labelled field="leak" label={t('incidents.field.leak')} required problem={of('leak')} hints={{ help: t('incidents.field.leak.help') }}>
          {(control) => (
            <select {...control} value={value('leak')} onChange={(e) => set('leak')(e.target.value)}>
              {LEAKS.map((s) => (
                <option key={s} value={s}>
                  {t(`register.incident.leak.${s}`)}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        <p className="choice">
          <label>
            <input type="checkbox" checked={drill} onChange={(e) => setDrill(e.target.checked)} /> {t('incidents.field.drill')}
          </label>
        </p>
        <p className="acts">
          <button type="submit" className="main" disabled={sending}>
            {t('incidents.open')}
          </button>
        </p>
      </form>
    </Page>
  );
}
