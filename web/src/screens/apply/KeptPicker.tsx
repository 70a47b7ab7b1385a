// KeptPicker.tsx - 回答シートから写す: what the provider answered before, as the beginning of this sheet; what no longer fits is named.
import { useState } from 'react';
import { listSheets, reuseSheet, type Reuse, type SheetLine } from '../../api/asheets.ts';
import type { Failure } from '../../api/client.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { FailureNotice, Said } from '../../parts/Notice.tsx';
import { typedDate } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';
import { Source } from '../answersheets/Source.tsx';

type KeptPickerProps = { form: string; application: string; onCopy: (answers: Record<string, string>, name: string) => void };

/** For those who keep answer sheets, and only at a form that providers answer. */
export function KeptPicker({ form, application, onCopy }: KeptPickerProps) {
  const { t, say, lang } = useWords();
  const { value } = useLoad('answer sheets', () => listSheets(), 0);
  const [copied, setCopied] = useState<{ name: string; reuse: Reuse } | null>(null);
  const [error, setError] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  if (!value || !value.forms.some((f) => f.id === form)) return null;
  const items = value.items.filter((s) => s.form === form && s.state === 'current');
  const nameOf = (s: SheetLine) => `${s.provider.name} ${s.subject} ${typedDate(s.answered_on ?? '', lang)}`.trim();
  const copy = async (sheet: SheetLine) => {
    setBusy(true);
    setError(null);
    const reply = await reuseSheet(sheet.id, application);
    setBusy(false);
    if (!reply.ok) return setError(reply.error);
    setCopied({ name: nameOf(sheet), reuse: reply.value });
    return onCopy(reply.value.answers, nameOf(sheet));
  };
  return (
    <>
      <details className="previous">
        <summary>{t('asheet.copy.title', String(items.length))}</summary>
        <p>{t('asheet.copy.help')}</p>
        {items.length === 0 ? <p className="empty">{t('asheet.none-kept')}</p> : null}
        <ul className="drafts">
          {items.map((sheet) => (
            <li key={sheet.id}>
              <p>
                <strong>{sheet.subject}</strong>
              </p>
              <p className="quiet">
                {sheet.provider.name}　{t('asheet.answered', typedDate(sheet.answered_on ?? '', lang))}　<Source sheet={sheet} />
              </p>
              <p className="acts">
                <button type="button" className="small" disabled={busy} onClick={() => void copy(sheet)}>
                  {t('asheet.copy')}
                  <span className="unseen">：{nameOf(sheet)}</span>
                </button>
                <Link href={`/answer-sheets/${sheet.id}`} className="quiet-link">
                  {t('asheet.look')}
                </Link>
              </p>
            </li>
          ))}
        </ul>
        {value.may.keep ? (
          <p>
            <Link href={`/answer-sheets/new?${new URLSearchParams({ form })}`}>{t('asheet.new')}</Link>
          </p>
        ) : null}
      </details>
      {error ? <FailureNotice error={error} /> : null}
      <Said>{copied ? t('asheet.copied', copied.name, String(Object.keys(copied.reuse.answers).length)) : null}</Said>
      {copied && copied.reuse.dropped.length > 0 ? (
        <div className="notice wait">
          <p>{t('asheet.dropped', String(copied.reuse.dropped.length))}</p>
          <ul>
            {copied.reuse.dropped.map((d) => (
              <li key={d.field}>
                {d.label ? say(d.label) : d.field}
                {d.message ? `：${say(d.message)}` : ''}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </>
  );
}
