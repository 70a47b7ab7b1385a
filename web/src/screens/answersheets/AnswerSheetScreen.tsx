// AnswerSheetScreen.tsx - one sheet: who answered what, what differs from the one before; sent again, exported for another municipality.
import { useState } from 'react';
import { exportSheet, getSheet, listSheets, type SheetDetail, type SheetLine } from '../../api/asheets.ts';
import { getForm, type Failure, type Form } from '../../api/client.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { AnswerText } from '../../parts/AnswerText.tsx';
import { FailureNotice, Said } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { State } from '../../parts/State.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { When } from '../../parts/When.tsx';
import { typedDate } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';
import { AnswersByTopic } from './AnswersByTopic.tsx';
import { FormFiles } from './FormFiles.tsx';
import { Source } from './Source.tsx';

export function AnswerSheetScreen({ id }: { id: string }) {
  const { t } = useWords();
  const { value: sheet, error, reload } = useLoad(`answer sheet ${id}`, () => getSheet(id), 0);
  return sheet ? <One sheet={sheet} /> : <Waiting title={t('asheet.title')} error={error} retry={reload} />;
}

function One({ sheet }: { sheet: SheetDetail }) {
  const { t, say, lang } = useWords();
  const form = useLoad(`form ${sheet.form}`, () => getForm(sheet.form), 0).value;
  const siblings = useLoad(`answer sheets of ${sheet.provider.id}`, () => listSheets({ provider: sheet.provider.id }), 0).value;
  const before = siblings?.items.find((s) => s.form === sheet.form && s.subject === sheet.subject && s.id !== sheet.id && s.added_at < sheet.added_at);
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    [t('asheet.provider'), sheet.provider.name],
    [t('asheet.form'), say(sheet.title)],
    [t('asheet.answered-on'), typedDate(sheet.answered_on ?? '', lang) || '－'],
    [t('asheet.source'), <Source key="source" sheet={sheet} />],
    [
      t('asheet.kept-by'),
      <span key="by">
        {sheet.by.name}　<When at={sheet.added_at} />
      </span>,
    ],
  ];
  const again = new URLSearchParams({ provider: sheet.provider.id, subject: sheet.subject, form: sheet.form });
  return (
    <Page
      title={sheet.subject}
      over={
        <>
          <Link href="/answer-sheets">{t('asheet.title')}</Link>
          <State of="asheet" is={sheet.state} />
        </>
      }
    >
      <dl className="facts panel">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {before ? <Differs sheet={sheet} before={before} form={form} /> : <p className="quiet">{t('asheet.first')}</p>}
      <section className="panel" aria-labelledby="asheet-use">
        <h2 id="asheet-use">{t('asheet.use')}</h2>
        <p>{t('asheet.use.help')}</p>
        {form ? <FormFiles form={sheet.form} csv={false} last={sheet} /> : null}
        {siblings?.may.keep ? (
          <p>
            <Link href={`/answer-sheets/new?${again}`}>{t('asheet.again')}</Link>
          </p>
        ) : null}
      </section>
      {siblings?.may.exchange ? <Export sheet={sheet} /> : null}
      <section aria-labelledby="asheet-answers">
        <h2 id="asheet-answers">{t('asheet.answers', String(sheet.answers.length))}</h2>
        <AnswersByTopic answers={sheet.answers} form={form} />
      </section>
    </Page>
  );
}

/** What the provider answers otherwise than last time. */
function Differs({ sheet, before, form }: { sheet: SheetDetail; before: SheetLine; form: Form | null }) {
  const { t, say, lang } = useWords();
  const last = useLoad(`answer sheet ${before.id}`, () => getSheet(before.id), 0).value;
  if (!last) return null;
  const was = new Map(last.answers.map((a) => [a.field, a]));
  const now = new Map(sheet.answers.map((a) => [a.field, a]));
  const fields = [...new Set([...now.keys(), ...was.keys()])].filter((f) => (now.get(f)?.value ?? '') !== (was.get(f)?.value ?? ''));
  const labelOf = (f: string) => {
    const label = now.get(f)?.label ?? was.get(f)?.label;
    return label ? say(label) : f;
  };
  const field = (f: string) => form?.fields.find((one) => one.id === f);
  return (
    <section aria-labelledby="asheet-differs" data-differs>
      <h2 id="asheet-differs">{t('asheet.differs', String(fields.length))}</h2>
      <p className="quiet">
        <Link href={`/answer-sheets/${before.id}`}>{t('asheet.before', typedDate(before.answered_on ?? '', lang))}</Link>
      </p>
      {fields.length > 0 ? (
        <table className="list">
          <thead>
            <tr>
              <th scope="col">{t('asheet.question')}</th>
              <th scope="col">{t('asheet.was')}</th>
              <th scope="col">{t('asheet.is')}</th>
            </tr>
          </thead>
          <tbody>
            {fields.map((f) => (
              <tr key={f}>
                <th scope="row">{labelOf(f)}</th>
                <td data-label={t('asheet.was')}>
                  <AnswerText field={field(f)} value={was.get(f)?.value ?? ''} />
                </td>
                <td data-label={t('asheet.is')}>
                  <AnswerText field={field(f)} value={now.get(f)?.value ?? ''} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <p className="empty">{t('asheet.differs.none')}</p>
      )}
    </section>
  );
}

/** The file for another municipality: the journal says that it left, so it is made once, by a press. */
function Export({ sheet }: { sheet: SheetDetail }) {
  const { t } = useWords();
  const [file, setFile] = useState<string | null>(null);
  const [error, setError] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const make = async () => {
    setBusy(true);
    setError(null);
    const reply = await exportSheet(sheet.id);
    setBusy(false);
    if (reply.ok) setFile(URL.createObjectURL(reply.value));
    else setError(reply.error);
  };
  return (
    <section className="panel" aria-labelledby="asheet-export">
      <h2 id="asheet-export">{t('asheet.export')}</h2>
      <p>{t('asheet.export.help')}</p>
      {error ? <FailureNotice error={error} /> : null}
      <p className="acts">
        {file ? (
          <a href={file} download={`answers-${sheet.id.slice(0, 8)}.sekisho`} className="button main">
            {t('asheet.export.save')}
          </a>
        ) : (
          <button type="button" className="plain" disabled={busy} onClick={() => void make()}>
            {t('asheet.export.act')}
          </button>
        )}
        {busy ? <progress aria-label={t('asheet.busy.export')} /> : null}
      </p>
      <Said>{busy ? t('asheet.busy.export') : file ? t('asheet.export.ready') : null}</Said>
      <p>
        <Link href="/answer-sheets/peers">{t('asheet.peers')}</Link>
      </p>
    </section>
  );
}
