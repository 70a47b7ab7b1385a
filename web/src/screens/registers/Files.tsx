// Files.tsx - evidence that hangs on something: brought in, taken out, withdrawn with a reason.
import { useState, type FormEvent } from 'react';
import type { Failure } from '../../api/client.ts';
import { addFile, filePath, listFiles, removeFile, type Attachment } from '../../api/registers.ts';
import { useLoad } from '../../api/useLoad.ts';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { Said } from '../../parts/Notice.tsx';
import { ReasonInput } from '../../parts/ReasonInput.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';
import { noReason, useAct } from '../application/useAct.ts';

const FILE_MAX = 20 * 1024 * 1024;
const KB = 1024;

export function Files({ about }: { about: string }) {
  const { t } = useWords();
  const { value, reload } = useLoad(`files ${about}`, () => listFiles(about), 0);
  if (!value || (value.items.length === 0 && !value.may.add)) return null;
  return (
    <section aria-labelledby="files">
      <h2 id="files">{t('files.title')}</h2>
      {value.items.length > 0 ? (
        <ul className="duties">
          {value.items.map((f) => (
            <OneFile key={f.id} file={f} may={value.may.add} acted={reload} />
          ))}
        </ul>
      ) : (
        <p className="empty">{t('files.empty')}</p>
      )}
      {value.may.add ? <Add about={about} acted={reload} /> : null}
    </section>
  );
}

function OneFile({ file, may, acted }: { file: Attachment; may: boolean; acted: () => Promise<void> }) {
  const words = useWords();
  const { t } = words;
  const [reason, setReason] = useState('');
  const act = useAct(acted);
  const field = `file-reason-${file.id}`;
  const problems = act.error ? [{ ...problemOf(act.error, ['reason'], words), field }] : [];
  const send = () => {
    if (reason.trim()) void act.send(() => removeFile(file.id, reason.trim(), file.rev));
    else act.refuse(noReason('reason'));
  };
  const kept = file.state === 'kept';
  return (
    <li>
      {kept ? (
        <a href={filePath(file.id)} download>
          {file.name}
        </a>
      ) : (
        <del>{file.name}</del>
      )}
      <span className="second">
        {t('files.size', String(Math.max(1, Math.round(file.size / KB))))}・<When at={file.added_at} as="short" />
        ・{file.by.name}
        {file.dated_on ? `・${t('files.dated', file.dated_on)}` : ''}
      </span>
      {file.note ? <span className="lines">{file.note}</span> : null}
      {may && kept ? (
        <details>
          <summary>{t('files.remove')}</summary>
          <ErrorSummary problems={problems} attempt={act.attempt} />
          <ReasonInput field={field} label={t('files.remove.reason')} required phrases={[]} problem={problems[0]?.text} value={reason} onChange={setReason} />
          <p className="acts">
            <button type="button" className="plain" disabled={act.sending} onClick={send}>
              {t('files.remove')}
            </button>
          </p>
        </details>
      ) : null}
    </li>
  );
}

function Add({ about, acted }: { about: string; acted: () => Promise<void> }) {
  const words = useWords();
  const { t } = words;
  const [file, setFile] = useState<File | null>(null);
  const [note, setNote] = useState('');
  const [datedOn, setDatedOn] = useState('');
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);
  const refuse = (why: Failure) => {
    setError(why);
    setAttempt((n) => n + 1);
  };
  const add = async (e: FormEvent) => {
    e.preventDefault();
    if (!file) return refuse({ kind: 'input', key: 'files.none', field: 'file', args: [] });
    if (file.size > FILE_MAX) return refuse({ kind: 'input', key: 'files.big', field: 'file', args: ['20'] });
    setSending(true);
    setError(null);
    const reply = await addFile(about, file, note.trim(), datedOn);
    setSending(false);
    if (!reply.ok) return refuse(reply.error);
    setNote('');
    setDatedOn('');
    await acted();
  };
  const problem = error ? problemOf(error, ['file', 'note', 'dated_on'], words) : null;
  const of = (field: string) => (problem?.field === field ? problem.text : undefined);
  return (
    <details className="panel">
      <summary>{t('files.add')}</summary>
      <ErrorSummary problems={problem ? [problem] : []} attempt={attempt} />
      <form noValidate onSubmit={(e) => void add(e)}>
        <Labelled field="file" label={t('files.file')} required problem={of('file')} hints={{ help: t('files.file.help') }}>
          {(control) => <input {...control} type="file" onChange={(e) => setFile(e.target.files?.[0] ?? null)} />}
        </Labelled>
        <Labelled field="note" label={t('files.note')} required={false} problem={of('note')}>
          {(control) => <input {...control} type="text" value={note} onChange={(e) => setNote(e.target.value)} />}
        </Labelled>
        <Labelled field="dated_on" label={t('files.dated-on')} required={false} problem={of('dated_on')}>
          {(control) => <input {...control} type="date" max="9999-12-31" value={datedOn} onChange={(e) => setDatedOn(e.target.value)} />}
        </Labelled>
        <p className="acts">
          <button type="submit" className="main" disabled={sending}>
            {t('files.add.act')}
          </button>
        </p>
      </form>
      <Said>{sending ? t('files.sending') : null}</Said>
    </details>
  );
}
