// ApplyScreen.tsx - an application: a new one, one mended or corrected, or one of its sheets filled in by another hand.
import { useState, type ReactNode } from 'react';
import {
  correctApplication,
  fillSheet,
  getApplication,
  getForm,
  listForms,
  resubmitApplication,
  submitApplication,
  type Application,
  type Failure,
  type Form,
  type FormLine,
  type Submitted,
} from '../../api/client.ts';
import { useLoad } from '../../api/useLoad.ts';
import { go, usePlace } from '../../app/router.tsx';
import { Labelled } from '../../parts/Labelled.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { ReasonInput } from '../../parts/ReasonInput.tsx';
import { ReturnedBecause } from '../../parts/ReturnedBecause.tsx';
import { useWords } from '../../words/words.tsx';
import { Begin } from './Begin.tsx';
import { draftOf, EMPTY, type Draft } from './draft.ts';
import { Filling } from './Filling.tsx';
import { PickInput } from './PickInput.tsx';
import { Receipt } from './Receipt.tsx';
import type { Begun } from './useAutosave.ts';

function Wait({ error, reload }: { error: Failure | null; reload: () => Promise<void> }) {
  const { t } = useWords();
  if (!error) return <p className="loading">{t('page.loading')}</p>;
  return (
    <Page title={t('apply.title')} failed>
      <FailureNotice error={error} retry={() => void reload()} />
    </Page>
  );
}

const Intro = ({ form }: { form: Form }) => {
  const { say } = useWords();
  return <p className="intro">{say(form.intro)}</p>;
};

/** Answers that the address brings: 「使っていい？」 knows the service already. */
function startOf(form: Form, query: URLSearchParams): Draft {
  const said = form.fields.filter((f) => f.type !== 'moment' && query.has(f.id)).map((f) => [f.id, query.get(f.id) ?? ''] as const);
  return said.length > 0 ? { text: Object.fromEntries(said), moment: {} } : EMPTY;
}

export function ApplyScreen({ formId }: { formId: string }) {
  const { t } = useWords();
  const { value: form, error, reload } = useLoad(`form ${formId}`, () => getForm(formId), 0);
  const line = useLoad('forms', listForms, 0).value?.find((f) => f.id === formId);
  const [query] = useState(usePlace().searchParams);
  const [receipt, setReceipt] = useState<Submitted | null>(null);
  if (!form) return <Wait error={error} reload={reload} />;
  if (receipt) return <Receipt form={form} submitted={receipt} />;
  const start = startOf(form, query);
  return (
    <Begin subject={{ form: form.id }} over={t('apply.title')} anew={start !== EMPTY}>
      {(begun) => (
        <NewApplication
          form={form}
          line={line}
          start={start}
          begun={begun}
          sent={(submitted) => {
            setReceipt(submitted);
            go(`/apply/${form.id}`, 'replace');
          }}
        />
      )}
    </Begin>
  );
}

type NewApplicationProps = { form: Form; line: FormLine | undefined; start: Draft; begun: Begun; sent: (submitted: Submitted) => void };

function NewApplication({ form, line, start, begun, sent }: NewApplicationProps) {
  const { t } = useWords();
  const [applicant, setApplicant] = useState(begun.from?.applicant?.id ?? '');
  const missing = line?.draft && !line.file && !applicant;
  return (
    <Filling
      form={form}
      start={start}
      begun={begun}
      path={`/apply/${form.id}`}
      back="/"
      over={t('apply.title')}
      intro={<Intro form={form} />}
      submitText={t('check.submit')}
      applicant={applicant}
      {...(line?.draft
        ? {
            beside: (problem: string | undefined) => (
              <Labelled field="beside" label={t('apply.applicant')} required={!line.file} problem={problem} hints={{ help: t('apply.applicant.help') }}>
                {(control) => (
                  <PickInput
                    type="person"
                    control={control}
                    {...(line.file ? { none: t('apply.applicant.self') } : {})}
                    value={applicant}
                    onChange={setApplicant}
                  />
                )}
              </Labelled>
            ),
            besideMistake: () => (missing ? { field: 'beside', text: t('apply.missing.choice', t('apply.applicant')) } : null),
          }
        : {})}
      send={async (answers, draft) => {
        const reply = await submitApplication(form.id, answers, draft, applicant || undefined);
        if (!reply.ok) return reply.error;
        sent(reply.value);
        return null;
      }}
    />
  );
}

/** An application and its form, once both are there; then the draft of it, if there is one. */
function WithForm({ id, formOf, children }: { id: string; formOf: (app: Application) => string; children: (app: Application, form: Form, begun: Begun) => ReactNode }) {
  const { say } = useWords();
  const app = useLoad(`application ${id}`, () => getApplication(id), 0);
  const formId = app.value ? formOf(app.value) : null;
  const form = useLoad(formId ? `form ${formId}` : null, () => getForm(formId ?? ''), 0);
  if (!app.value || !form.value) return <Wait error={app.error ?? form.error} reload={app.error ? app.reload : form.reload} />;
  const [one, its] = [app.value, form.value];
  return (
    <Begin subject={{ form: its.id, about: id }} over={`${say(its.title)} ${one.number}`}>
      {(begun) => children(one, its, begun)}
    </Begin>
  );
}

const beforeOf = (app: Application) => ({ number: app.number, answers: Object.fromEntries(app.answers.filter((a) => !a.erased).map((a) => [a.field, a.value])) });

/** A returned application, to be mended and sent in again under its number. */
export function MendScreen({ id }: { id: string }) {
  const { t } = useWords();
  const [receipt, setReceipt] = useState<{ form: Form; submitted: Submitted } | null>(null);
  if (receipt) return <Receipt form={receipt.form} submitted={receipt.submitted} />;
  return (
    <WithForm id={id} formOf={(app) => app.form}>
      {(app, form, begun) => (
        <Filling
          form={form}
          start={draftOf(app.answers, form)}
          begun={begun}
          before={beforeOf(app)}
          application={id}
          path={`/applications/${id}/mend`}
          back={`/applications/${id}`}
          over={`${t('mend.title')} ${app.number}`}
          intro={<ReturnedBecause app={app} />}
          submitText={t('check.submit')}
          send={async (answers, draft) => {
            const reply = await resubmitApplication(id, answers, app.rev, draft);
            if (!reply.ok) return reply.error;
            setReceipt({ form, submitted: { id, number: app.number, receipt: reply.value.receipt } });
            return null;
          }}
        />
      )}
    </WithForm>
  );
}

/** An application that is under way, corrected with a reason; all steps look at it anew. */
export function CorrectScreen({ id }: { id: string }) {
  const { t } = useWords();
  const [reason, setReason] = useState('');
  return (
    <WithForm id={id} formOf={(app) => app.form}>
      {(app, form, begun) => (
        <Filling
          form={form}
          start={draftOf(app.answers, form)}
          begun={begun}
          before={beforeOf(app)}
          application={id}
          path={`/applications/${id}/correct`}
          back={`/applications/${id}`}
          over={`${t('correct.title')} ${app.number}`}
          intro={<p className="notice wait">{t('correct.help')}</p>}
          submitText={t('correct.submit')}
          beside={(problem) => (
            <ReasonInput
              field="beside"
              label={t('correct.reason')}
              required
              phrases={[t('correct.phrase.mistake'), t('correct.phrase.changed')]}
              problem={problem}
              value={reason}
              onChange={setReason}
            />
          )}
          besideMistake={() => (reason.trim() ? null : { field: 'beside', text: t('common.reason.missing') })}
          send={async (answers, draft) => {
            const reply = await correctApplication(id, answers, reason.trim(), app.rev, draft);
            if (!reply.ok) return reply.error;
            go(`/applications/${id}`, 'replace');
            return null;
          }}
        />
      )}
    </WithForm>
  );
}

/** One of its sheets: the provider's answers, or what the secretariat adds. */
export function SheetScreen({ id, sheetId }: { id: string; sheetId: string }) {
  const { t } = useWords();
  return (
    <WithForm id={id} formOf={() => sheetId}>
      {(app, form, begun) => {
        const sheet = app.sheets.find((s) => s.id === sheetId);
        return (
          <Filling
            form={form}
            start={draftOf(sheet?.answers ?? [], form)}
            begun={begun}
            application={id}
            path={`/applications/${id}/sheets/${sheetId}`}
            back={`/applications/${id}`}
            over={`${sheet ? t(`sheet.hand.${sheet.hand}`) : ''} ${app.number}`}
            intro={<Intro form={form} />}
            submitText={t('sheet.save')}
            send={async (answers, draft) => {
              const reply = await fillSheet(id, sheetId, answers, app.rev, draft);
              if (!reply.ok) return reply.error;
              go(`/applications/${id}`, 'replace');
              return null;
            }}
          />
        );
      }}
    </WithForm>
  );
}
