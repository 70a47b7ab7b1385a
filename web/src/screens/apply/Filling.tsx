// Filling.tsx - fill in, check, send. The pages are entries of the browser's history, so that Back works: a form with topics has its
// table of contents, a page for each topic (?topic=) and the check (?step=check); one without is one page and the check.
import { useEffect, useState, type ReactNode } from 'react';
import type { Checked, Failure, Field, Form, Sent } from '../../api/client.ts';
import { go, Link, rename, usePlace } from '../../app/router.tsx';
import { controlId, ErrorSummary, type Problem } from '../../parts/ErrorSummary.tsx';
import { Page } from '../../parts/Page.tsx';
import { useWords } from '../../words/words.tsx';
import { CheckAnswers, type Before } from './CheckAnswers.tsx';
import { DerivedClasses } from './DerivedClasses.tsx';
import { answersOf, COPIED, copyInto, draftOfTyped, mistakesOf, overwritten, typedOf, type Draft } from './draft.ts';
import { FieldInput } from './FieldInput.tsx';
import { Hindrances } from './Hindrances.tsx';
import { KeepingLine } from './KeepingLine.tsx';
import { KeptPicker } from './KeptPicker.tsx';
import { PreviousPicker, usePrevious } from './PreviousPicker.tsx';
import { TopicList } from './TopicList.tsx';
import { fieldOf, fieldsOf, nextTopic } from './topics.ts';
import { useAutosave, type Begun } from './useAutosave.ts';
import { askedBy, useChecked } from './useChecked.ts';

type FillingProps = {
  form: Form;
  /** What stands there before anything is typed. */
  start: Draft;
  begun: Begun;
  /** The case it belongs to; none yet for a new one. */
  application?: string;
  /** What the check page compares with, when it is no earlier application. */
  before?: Before;
  path: string;
  back: string;
  over: string;
  intro: ReactNode;
  submitText: string;
  /** Asked beside the pack's questions: in whose name, or why it is corrected. */
  beside?: (problem: string | undefined) => ReactNode;
  besideMistake?: () => Problem | null;
  /** In whose name it is drafted, kept with the draft. */
  applicant?: string;
  /** What was refused, or null when it is done. */
  send: (answers: Record<string, string>, draft: Sent) => Promise<Failure | null>;
};

type Query = { topic?: string; step?: 'check' };

export function Filling(props: FillingProps) {
  const { form, start, begun, application, path, back, over, intro, submitText, beside, besideMistake, applicant = '', send } = props;
  const { t, say, tKey } = useWords();
  const { searchParams } = usePlace();
  const checking = searchParams.get('step') === 'check';
  const topic = form.topics.find((one) => one.id === searchParams.get('topic')) ?? null;
  const page = checking ? 'check' : (topic?.id ?? 'fill');
  const [draft, setDraft] = useState<Draft>(begun.typed ? draftOfTyped(begun.typed, form) : start);
  const [found, setFound] = useState<Problem[]>([]);
  const [attempt, setAttempt] = useState(0);
  const [refused, setRefused] = useState<Failure | null>(null);
  const [sending, setSending] = useState(false);
  const [focus, setFocus] = useState<string | null>(null);
  const { checked, checkNow } = useChecked(form, draft, application);
  const asked: Form = { ...form, fields: askedBy(checked, form.fields) };
  const kept = useAutosave({ form: form.id, about: application }, typedOf(draft), applicant, begun);
  const previous = usePrevious(application || form.sheet ? null : form.id);
  const copied = previous.find((one) => one.id === draft.text[COPIED]);
  const [reused, setReused] = useState<Before | null>(null);
  const before = props.before ?? reused ?? (copied ? { number: copied.number, answers: copied.answers } : null);

  const at = (query: Query) => {
    const params = new URLSearchParams({ ...(kept.draft ? { draft: kept.draft } : {}), ...query });
    return params.size > 0 ? `${path}?${params}` : path;
  };

  // A page that is loaded anew finds its draft by the address.
  useEffect(() => {
    if (!kept.draft || searchParams.get('draft') === kept.draft) return;
    rename(at({ ...(topic ? { topic: topic.id } : {}), ...(checking ? { step: 'check' as const } : {}) }));
  }, [kept.draft]);

  // From another page to one field: it takes the focus once it is there.
  useEffect(() => {
    if (!focus || checking) return;
    document.getElementById(controlId(focus))?.focus();
    setFocus(null);
  }, [focus, page]);

  const label = (field: Field) => say(field.label);
  const plain = (answer = checked): Problem[] => [
    ...[besideMistake?.() ?? null].filter((p) => p !== null),
    ...mistakesOf(draft, { ...form, fields: askedBy(answer, form.fields) }, label).map((m) => ({ field: m.field, text: t(m.key, ...m.args) })),
  ];
  /** Ours, then what only the office can see; one for each field. */
  const allOf = (answer: Checked): Problem[] => {
    const ours = plain(answer);
    const theirs = answer.fields.filter((f) => f.visible && f.error && !ours.some((p) => p.field === f.id));
    return [
      ...ours,
      ...theirs.map((f) => {
        const field = form.fields.find((one) => one.id === f.id);
        return { field: f.error?.field ?? f.id, text: t('apply.refused', field ? say(field.label) : f.id, f.error ? say(f.error.message) : '') };
      }),
    ];
  };
  const topicOf = (problem: string) => form.fields.find((f) => f.id === fieldOf(problem))?.topic;
  const toField = (field: string) => {
    const there = topicOf(field);
    setFocus(field);
    if (checking || there !== topic?.id) go(at(there ? { topic: there } : {}));
  };
  const refuse = (error: Failure) => {
    const field = asked.fields.find((f) => f.id === fieldOf(error.field ?? ''));
    setRefused(field ? null : error);
    setFound(field ? [{ field: error.field ?? field.id, text: t('apply.refused', say(field.label), tKey(error.key, error.args)) }] : []);
    setAttempt((n) => n + 1);
    return field !== undefined;
  };
  /** Asks the office for its word on all of it; what is wrong among `counts` stops here. */
  const check = async (counts: (problem: Problem) => boolean, to: () => string) => {
    setSending(true);
    const reply = await checkNow();
    setSending(false);
    if (!reply.ok) {
      refuse(reply.error);
      return;
    }
    const wrong = allOf(reply.value).filter(counts);
    setFound(wrong);
    setRefused(null);
    setAttempt((n) => n + 1);
    if (wrong.length > 0) return;
    void kept.saveNow();
    go(to());
  };
  const submit = async () => {
    setSending(true);
    const saved = await kept.settled();
    const error = await send(answersOf(draft, asked), saved ? { draft: saved } : {});
    setSending(false);
    if (!error) kept.done();
    else if (refuse(error)) go(at({}));
  };
  const keeping = <KeepingLine kept={kept} take={(theirs) => setDraft(draftOfTyped(theirs.answers, form))} />;
  const ratings = <DerivedClasses ratings={checked?.ratings ?? []} />;

  if (checking && plain().length === 0) {
    return (
      <Page key="check" title={t('check.title')} over={say(form.title)} failed={refused !== null}>
        {checked ? <Hindrances checked={checked} /> : null}
        {ratings}
        <CheckAnswers
          form={asked}
          draft={draft}
          before={before}
          sending={sending}
          error={refused}
          back={at({})}
          submitText={submitText}
          onChange={(one) => toField(one.id)}
          onSubmit={() => void submit()}
        />
      </Page>
    );
  }
  // What was found at the last attempt stays until the next one: a summary that changes under the typing hand confuses.
  const problems: Problem[] = refused ? [{ field: null, text: tKey(refused.key, refused.args) }, ...found] : found;
  const inputs = (fields: readonly Field[]) =>
    fields.map((one) => <FieldInput key={one.id} field={one} draft={draft} problems={problems} onChange={setDraft} />);

  if (topic) {
    const here = (p: Problem) => p.field !== null && topicOf(p.field) === topic.id;
    const number = form.topics.indexOf(topic) + 1;
    const next = nextTopic(form, topic.id);
    return (
      <Page key={topic.id} title={say(topic.title)} over={t('topics.place', say(form.title), String(number), String(form.topics.length))} failed={problems.some(here)}>
        <ErrorSummary problems={problems.filter(here)} attempt={attempt} />
        <form
          noValidate
          onSubmit={(e) => {
            e.preventDefault();
            void check(here, () => at(next ? { topic: next.id } : {}));
          }}
        >
          {inputs(fieldsOf(asked, topic.id))}
          {number === 1 ? ratings : null}
          {keeping}
          <p className="acts">
            <button type="submit" className="main" disabled={sending}>
              {next ? t('topics.next', say(next.title)) : t('topics.last')}
            </button>
            <Link href={at({})} className="quiet-link">
              {t('topics.back')}
            </Link>
          </p>
        </form>
      </Page>
    );
  }
  const paged = form.topics.length > 0;
  return (
    <Page key="fill" title={say(form.title)} over={over} failed={problems.length > 0}>
      <ErrorSummary problems={problems} attempt={attempt} onFollow={paged ? toField : undefined} />
      {intro}
      {form.sheet && application ? (
        <KeptPicker
          form={form.id}
          application={application}
          onCopy={(answers, name) => {
            setDraft(overwritten(draft, answers, form));
            setReused({ number: name, answers });
          }}
        />
      ) : null}
      <PreviousPicker items={previous} onCopy={(one) => setDraft(copyInto(draft, one, form))} />
      <form
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          void check(() => true, () => at({ step: 'check' }));
        }}
      >
        {beside?.(problems.find((p) => p.field === 'beside')?.text)}
        {paged ? (
          <TopicList form={asked} draft={draft} problems={checked ? allOf(checked) : plain()} hrefOf={(one) => at({ topic: one })} />
        ) : (
          inputs(asked.fields)
        )}
        {ratings}
        {keeping}
        <p className="acts">
          <button type="submit" className="main" disabled={sending}>
            {t('apply.next')}
          </button>
          <Link href={back} className="quiet-link">
            {t('draft.leave')}
          </Link>
        </p>
      </form>
    </Page>
  );
}
