// EditScreen.tsx - a row added or changed. Only what was touched is sent; the office says what is wrong and at which column.
import { useState, type FormEvent } from 'react';
import type { Failure } from '../../api/client.ts';
import { addRow, changeRow, getRow, type Register, type RowDetail } from '../../api/registers.ts';
import { useLoad } from '../../api/useLoad.ts';
import { go, Link, usePlace } from '../../app/router.tsx';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Page } from '../../parts/Page.tsx';
import { ReasonInput } from '../../parts/ReasonInput.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { useWords } from '../../words/words.tsx';
import { CellInput } from './CellInput.tsx';
import { plainPath } from './paths.ts';
import { useRegister } from './useRegister.ts';

export function AddScreen({ register: id }: { register: string }) {
  const { t } = useWords();
  const { register, loaded } = useRegister(id);
  return register ? <Edit register={register} row={null} /> : <Waiting title={t('registers.title')} error={loaded.error} retry={loaded.reload} />;
}

export function ChangeScreen({ register: registerId, id }: { register: string; id: string }) {
  const { t } = useWords();
  const { register, loaded } = useRegister(registerId);
  const { value: row, error, reload } = useLoad(`row ${registerId} ${id}`, () => getRow(registerId, id), 0);
  if (register && row) return <Edit register={register} row={row} />;
  return <Waiting title={t('registers.title')} error={error ?? loaded.error} retry={error ? reload : loaded.reload} />;
}

function Edit({ register, row }: { register: Register; row: RowDetail | null }) {
  const words = useWords();
  const { t, say } = words;
  const of = usePlace().searchParams.get('of') ?? undefined;
  const columns = register.columns.filter((c) => !c.flags.fixed && !(c.id === 'state'));
  const asked = row !== null && register.id === 'service'; // why a service changes stays in the journal
  const [cells, setCells] = useState<Record<string, string>>({});
  const [reason, setReason] = useState('');
  const [error, setError] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [sending, setSending] = useState(false);
  const shown = (column: string, type: string) =>
    cells[column] ?? (type === 'word' || type === 'list' || type === 'country' || type === 'yes-no' ? row?.cells[column]?.value : row?.cells[column]?.text) ?? '';

  const save = async (e: FormEvent) => {
    e.preventDefault();
    setSending(true);
    const reply = row ? await changeRow(register.id, row.id, cells, row.rev, reason.trim()) : await addRow(register.id, cells, of);
    setSending(false);
    if (!reply.ok) {
      setError(reply.error);
      setAttempt((n) => n + 1);
      return;
    }
    go(plainPath(register.id, row ? row.id : (reply.value as { id?: string }).id ?? ''));
  };
  const problem = error ? problemOf(error, [...columns.map((c) => c.id), ...(asked ? ['reason'] : [])], words) : null;
  const at = problem ? columns.find((c) => c.id === problem.field) : undefined;
  return (
    <Page title={t(row ? 'registers.change.title' : 'registers.add.title', say(register.caption))} over={<Link href={`/registers/${register.id}`}>{say(register.caption)}</Link>}>
      <ErrorSummary problems={problem ? [{ ...problem, text: at ? t('registers.problem', say(at.label), problem.text) : problem.text }] : []} attempt={attempt} />
      <form noValidate onSubmit={(e) => void save(e)}>
        {columns.map((c) => (
          <CellInput
            key={c.id}
            column={c}
            text={row?.cells[c.id]?.text ?? ''}
            value={shown(c.id, c.type)}
            problem={problem && problem.field === c.id ? problem.text : undefined}
            onChange={(value) => setCells((was) => ({ ...was, [c.id]: value }))}
          />
        ))}
        {asked ? (
          <ReasonInput
            field="reason"
            label={t('registers.change.reason')}
            required
            phrases={[]}
            problem={problem?.field === 'reason' ? problem.text : undefined}
            value={reason}
            onChange={setReason}
          />
        ) : null}
        <p className="acts">
          <button type="submit" className="main" disabled={sending}>
            {t('registers.save')}
          </button>
          <Link href={row ? plainPath(register.id, row.id) : `/registers/${register.id}`}>{t('registers.cancel')}</Link>
        </p>
      </form>
    </Page>
  );
}
