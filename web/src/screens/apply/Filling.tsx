// Filling.tsx - fill in, check, send. The stages are entries of the browser's history, so that Back works.
import { useEffect, useState, type ReactNode } from 'react';
import type { Checked, Failure, Field, Form } from '../../api/client.ts';
import { go, Link, usePlace } from '../../app/router.tsx';
import { controlId, ErrorSummary, type Problem } from '../../parts/ErrorSummary.tsx';
import { Page } from '../../parts/Page.tsx';
import { useWords } from '../../words/words.tsx';
import { CheckAnswers } from './CheckAnswers.tsx';
import { DerivedClasses } from './DerivedClasses.tsx';
import { answersOf, mistakesOf, type Draft } from './draft.ts';
import { FieldInput } from './FieldInput.tsx';
import { Hindrances } from './Hindrances.tsx';
import { useChecked } from './useChecked.ts';

type FillingProps = {
  form: Form;
  start: Draft;
  /** The case it belongs to; none yet for a new one. */
  application?: string;
  path: string;
  back: string;
  over: string;
  intro: ReactNode;
  submitText: string;
  /** Asked beside the pack's questions: in whose name, or why it is corrected. */
  beside?: (problem: string | undefined) => ReactNode;
  besideMistake?: () => Problem | null;
  /** What was refused, or null when it is done. */
  send: (answers: Record<string, string>) => Promise<Failure | null>;
};

export function Filling({ form, start, application, path, back, over, intro, submitText, beside, besideMistake, send }: FillingProps) {
  const { t, say, tKey } = useWords();
  const checking = usePlace().searchParams.get('step') === 'check';
  const [draft, setDraft] = useState<Draft>(start);
  const [found, setFound] = useState<Problem[]>([]);
  const [attempt, setAttempt] = useState(0);
  const [refused, setRefused] = useState<Failure | null>(null);
  const [sending, setSending] = useState(false);
  const [focus, setFocus] = useState<string | null>(null);
  const { checked, askedOf, checkNow } = useChecked(form, draft, application);
  const asked: Form = { ...form, fields: askedOf(form.fields) };

  // Back from the check page to one field: it takes the focus once it is there.
  useEffect(() => {
    if (!focus || checking) return;
    document.getElementById(controlId(focus))?.focus();
    setFocus(null);
  }, [focus, checking]);

  const label = (field: Field) => say(field.label);
  const plain = (): Problem[] => [
    ...[besideMistake?.() ?? null].filter((p) => p !== null),
    ...mistakesOf(draft, asked, label).map((m) => ({ field: m.field, text: t(m.key, ...m.args) })),
  ];
  /** Ours, then what only the office can see; one for each field. */
  const allOf = (answer: Checked): Problem[] => {
    const ours = plain();
    const theirs = answer.fields.filter((f) => f.visible && f.error && !ours.some((p) => p.field === f.id));
    return [
      ...ours,
      ...theirs.map((f) => {
        const field = form.fields.find((one) => one.id === f.id);
        return { field: f.error?.field ?? f.id, text: t('apply.refused', field ? say(field.label) : f.id, f.error ? say(f.error.message) : '') };
      }),
    ];
  };
  const refuse = (error: Failure) => {
    const field = asked.fields.find((f) => f.id === error.field?.split('.')[0]);
    setRefused(field ? null : error);
    setFound(field ? [{ field: error.field ?? field.id, text: t('apply.refused', say(field.label), tKey(error.key, error.args)) }] : []);
    setAttempt((n) => n + 1);
    return field !== undefined;
  };
  const check = async () => {
    setSending(true);
    const reply = await checkNow();
    setSending(false);
    if (!reply.ok) {
      refuse(reply.error);
      return;
    }
    const now = allOf(reply.value);
    setFound(now);
    setRefused(null);
    setAttempt((n) => n + 1);
    if (now.length === 0) go(`${path}?step=check`);
  };
  const submit = async () => {
    setSending(true);
    const error = await send(answersOf(draft, asked));
    setSending(false);
    if (error && refuse(error)) go(path);
  };

  if (checking && plain().length === 0) {
    return (
      <Page key="check" title={t('check.title')} over={say(form.title)} failed={refused !== null}>
        {checked ? <Hindrances checked={checked} /> : null}
        <DerivedClasses ratings={checked?.ratings ?? []} />
        <CheckAnswers
          form={asked}
          draft={draft}
          sending={sending}
          error={refused}
          back={path}
          submitText={submitText}
          onChange={(one) => {
            setFocus(one.id);
            go(path);
          }}
          onSubmit={() => void submit()}
        />
      </Page>
    );
  }
  // What was found at the last attempt stays until the next one: a summary that changes under the typing hand confuses.
  const problems: Problem[] = refused ? [{ field: null, text: tKey(refused.key, refused.args) }, ...found] : found;
  return (
    <Page key="fill" title={say(form.title)} over={over} failed={problems.length > 0}>
      <ErrorSummary problems={problems} attempt={attempt} />
      {intro}
      <form
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          void check();
        }}
      >
        {beside?.(problems.find((p) => p.field === 'beside')?.text)}
        {asked.fields.map((one) => (
          <FieldInput key={one.id} field={one} draft={draft} problems={problems} onChange={setDraft} />
        ))}
        <DerivedClasses ratings={checked?.ratings ?? []} />
        <p className="acts">
          <button type="submit" className="main" disabled={sending}>
            {t('apply.next')}
          </button>
          <Link href={back} className="quiet-link">
            {t('action.cancel')}
          </Link>
        </p>
      </form>
    </Page>
  );
}
