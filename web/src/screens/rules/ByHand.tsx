// ByHand.tsx - a draft changed by an edited sheet, or file by file by whoever knows how the rules are spelt.
import { useState } from 'react';
import type { Failure } from '../../api/client.ts';
import { putFile, putSheet, type Draft } from '../../api/rules.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { ReasonInput } from '../../parts/ReasonInput.tsx';
import { useWords } from '../../words/words.tsx';
import { loadSheet } from '../sheets/load.ts';
import { SHEETS } from '../sheets/SheetsScreen.tsx';
import { Mistakes } from './Mistakes.tsx';

type Part = { draft: Draft; saved: () => Promise<void> };
const NO_REASON: Failure = { kind: 'input', key: 'common.reason.missing', args: [] };

export function SheetIn({ draft, saved }: Part) {
  const { t } = useWords();
  const [name, setName] = useState<(typeof SHEETS)[number]>('forms');
  const [file, setFile] = useState<File | null>(null);
  const [reason, setReason] = useState('');
  const [error, setError] = useState<Failure | null>(null);
  const [mistakes, setMistakes] = useState<Draft['mistakes']>([]);
  const [sending, setSending] = useState(false);
  const send = async (chosen: File) => {
    setMistakes([]);
    if (!reason.trim()) return setError(NO_REASON);
    setSending(true);
    const grid = await loadSheet(chosen, name);
    const reply = grid.ok ? await putSheet(draft.id, draft.rev, name, grid.value, reason.trim()) : grid;
    setSending(false);
    setError(reply.ok ? null : reply.error);
    if (reply.ok && reply.value.mistakes) return setMistakes(reply.value.mistakes);
    if (reply.ok) await saved();
  };
  return (
    <details>
      <summary>{t('rules.sheet')}</summary>
      <p>{t('rules.sheet.help')}</p>
      <Labelled field="sheet-name" label={t('sheets.which')} required={null}>
        {(control) => (
          <select {...control} value={name} onChange={(e) => setName(e.target.value as (typeof SHEETS)[number])}>
            {SHEETS.map((s) => (
              <option key={s} value={s}>
                {t(`sheets.kind.${s}`)}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <Labelled field="sheet-file" label={t('sheets.in.file')} required>
        {(control) => <input {...control} type="file" accept=".xlsx,.csv,.tsv,.txt" onChange={(e) => setFile(e.target.files?.[0] ?? null)} />}
      </Labelled>
      <ReasonInput field="sheet-reason" label={t('rules.why')} required phrases={[]} value={reason} onChange={setReason} />
      {error ? <FailureNotice error={error} /> : null}
      <Mistakes mistakes={mistakes} title={t('rules.mistakes.title')} />
      <p className="acts">
        <button type="button" className="plain" disabled={!file || sending} onClick={() => file && void send(file)}>
          {t('rules.sheet.put')}
        </button>
      </p>
    </details>
  );
}

export function Files({ draft, saved }: Part) {
  const { t } = useWords();
  const names = Object.keys(draft.files).sort();
  return (
    <details>
      <summary>{t('rules.files')}</summary>
      <p>{t('rules.files.help')}</p>
      {names.map((name) => (
        <OneFile key={`${name} ${draft.rev}`} draft={draft} saved={saved} name={name} />
      ))}
      <NewFile draft={draft} saved={saved} />
    </details>
  );
}

function OneFile({ draft, saved, name }: Part & { name: string }) {
  const { t } = useWords();
  const [text, setText] = useState(draft.files[name] ?? '');
  const [reason, setReason] = useState('');
  const [error, setError] = useState<Failure | null>(null);
  const field = `file-${name.replace(/[^a-z0-9]/g, '-')}`;
  const save = async () => {
    if (!reason.trim()) return setError(NO_REASON);
    const reply = await putFile(draft.id, draft.rev, name, text, reason.trim());
    setError(reply.ok ? null : reply.error);
    if (reply.ok) await saved();
  };
  return (
    <details>
      <summary className="code">{name}</summary>
      <Labelled field={field} label={name} required={null} hints={{ help: t('rules.file.help') }}>
        {(control) => <textarea {...control} className="code" rows={Math.min(24, text.split('\n').length + 2)} spellCheck={false} value={text} onChange={(e) => setText(e.target.value)} />}
      </Labelled>
      <ReasonInput field={`${field}-reason`} label={t('rules.why')} required phrases={[]} value={reason} onChange={setReason} />
      {error ? <FailureNotice error={error} /> : null}
      <p className="acts">
        <button type="button" className="plain" onClick={() => void save()}>
          {t('rules.file.save')}
        </button>
      </p>
    </details>
  );
}

function NewFile({ draft, saved }: Part) {
  const { t } = useWords();
  const [name, setName] = useState('');
  const [open, setOpen] = useState('');
  if (open) return <OneFile draft={{ ...draft, files: { ...draft.files, [open]: 'sekisho-pack: 1\n\n' } }} saved={saved} name={open} />;
  return (
    <>
      <Labelled field="file-new" label={t('rules.file.new')} required={null} hints={{ sample: 'procedures/service-use.yaml' }}>
        {(control) => <input {...control} type="text" value={name} onChange={(e) => setName(e.target.value)} />}
      </Labelled>
      <p className="acts">
        <button type="button" className="plain" disabled={!name.endsWith('.yaml')} onClick={() => setOpen(name)}>
          {t('rules.file.add')}
        </button>
      </p>
    </>
  );
}
