// ApplyScreen.tsx - fill in, check, submit, receipt. The stages are entries of the browser's history, so that Back works.
import { useEffect, useState } from 'react';
import {
  getApplication,
  getForm,
  resubmitApplication,
  submitApplication,
  type Application,
  type Failure,
  type Field,
  type Form,
  type Submitted,
} from '../../api/client.ts';
import { useLoad } from '../../api/useLoad.ts';
import { go, Link, usePlace } from '../../app/router.tsx';
import { controlId, ErrorSummary, type Problem } from '../../parts/ErrorSummary.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { ReturnedBecause } from '../../parts/ReturnedBecause.tsx';
import { useWords } from '../../words/words.tsx';
import { CheckAnswers } from './CheckAnswers.tsx';
import { answersOf, draftOf, EMPTY, mistakesOf, type Draft, type Mistake } from './draft.ts';
import { FieldInput } from './FieldInput.tsx';
import { Receipt } from './Receipt.tsx';

export function ApplyScreen({ formId }: { formId: string }) {
  const { t } = useWords();
  const { value: form, error, reload } = useLoad(`form ${formId}`, () => getForm(formId), 0);
  if (error) {
    return (
      <Page title={t('apply.title')} failed>
        <FailureNotice error={error} retry={() => void reload()} />
      </Page>
    );
  }
  return form ? <Filling form={form} /> : <p className="loading">{t('page.loading')}</p>;
}

/** A returned application, to be mended and sent in again under its number. */
export function MendScreen({ id }: { id: string }) {
  const { t } = useWords();
  const app = useLoad(`application ${id}`, () => getApplication(id), 0);
  const form = useLoad(app.value ? `form ${app.value.form}` : null, () => getForm(app.value?.form ?? ''), 0);
  const error = app.error ?? form.error;
  if (error) {
    return (
      <Page title={t('apply.title')} failed>
        <FailureNotice error={error} retry={() => void app.reload()} />
      </Page>
    );
  }
  return app.value && form.value ? <Filling form={form.value} mend={app.value} /> : <p className="loading">{t('page.loading')}</p>;
}

/** The field of this form that a refusal is about. */
const fieldOf = (form: Form, error: Failure) => form.fields.find((f) => f.id === error.field);

function Filling({ form, mend }: { form: Form; mend?: Application }) {
  const { t, say, tKey } = useWords();
  const checking = usePlace().searchParams.get('step') === 'check';
  const path = mend ? `/applications/${mend.id}/mend` : `/apply/${form.id}`;
  const [draft, setDraft] = useState<Draft>(() => (mend ? draftOf(mend, form) : EMPTY));
  const [found, setFound] = useState<Mistake[]>([]);
  const [attempt, setAttempt] = useState(0);
  const [refused, setRefused] = useState<Failure | null>(null);
  const [sending, setSending] = useState(false);
  const [receipt, setReceipt] = useState<Submitted | null>(null);
  const [focus, setFocus] = useState<string | null>(null);

  // Back from the check page to one field: it takes the focus once it is there.
  useEffect(() => {
    if (!focus || checking) return;
    document.getElementById(controlId(focus))?.focus();
    setFocus(null);
  }, [focus, checking]);

  // What was found at the last attempt stays until the next one: a summary that changes under the typing hand confuses.
  const problems: Problem[] = found.map((m) => ({ field: m.field, text: t(m.key, ...m.args) }));
  const field = refused ? fieldOf(form, refused) : undefined;
  if (refused && field) problems.push({ field: field.id, text: t('apply.refused', say(field.label), tKey(refused.key, refused.args)) });

  const mistakes = () => mistakesOf(draft, form, (f) => say(f.label));
  const check = () => {
    const now = mistakes();
    setFound(now);
    setRefused(null);
    setAttempt(attempt + 1);
    if (now.length === 0) go(`${path}?step=check`);
  };
  const submit = async () => {
    setSending(true);
    const answers = answersOf(draft, form);
    const reply = mend ? await resubmitApplication(mend.id, answers, mend.rev) : await submitApplication(form.id, answers);
    setSending(false);
    if (reply.ok) {
      setReceipt('number' in reply.value ? reply.value : { id: mend?.id ?? '', number: mend?.number ?? '', receipt: reply.value.receipt });
      go(path, 'replace');
      return;
    }
    setRefused(reply.error);
    if (fieldOf(form, reply.error)) {
      setAttempt(attempt + 1);
      go(path);
    }
  };
  const editOne = (field: Field) => {
    setFocus(field.id);
    go(path);
  };

  if (receipt) return <Receipt form={form} submitted={receipt} />;
  if (checking && mistakes().length === 0) {
    return (
      <Page key="check" title={t('check.title')} over={say(form.title)} failed={refused !== null}>
        <CheckAnswers form={form} draft={draft} sending={sending} error={refused} onChange={editOne} onSubmit={() => void submit()} />
      </Page>
    );
  }
  return (
    <Page key="fill" title={say(form.title)} over={mend ? `${t('mend.title')} ${mend.number}` : t('apply.title')} failed={problems.length > 0}>
      <ErrorSummary problems={problems} attempt={attempt} />
      {mend ? <ReturnedBecause app={mend} /> : <p className="intro">{say(form.intro)}</p>}
      <form
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          check();
        }}
      >
        {form.fields.map((field) => (
          <FieldInput
            key={field.id}
            field={field}
            draft={draft}
            problem={problems.find((p) => p.field === field.id)?.text}
            onChange={setDraft}
          />
        ))}
        <p className="acts">
          <button type="submit" className="main">
            {t('apply.next')}
          </button>
          <Link href="/" className="quiet-link">
            {t('action.cancel')}
          </Link>
        </p>
      </form>
    </Page>
  );
}
