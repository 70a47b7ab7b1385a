// GatesScreen.tsx - the gates that enforce, and how a new one is brought in.
import { useState } from 'react';
import { addGate, getStatus, listGates, type Failure, type GateCode } from '../../api/client.ts';
import { useLoad } from '../../api/useLoad.ts';
import { ErrorSummary, type Problem } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { useWords } from '../../words/words.tsx';
import { GateTable } from './GateTable.tsx';
import { OneTimeCode } from './OneTimeCode.tsx';

const REFRESH_MS = 5000;

export function GatesScreen() {
  const { t } = useWords();
  const gates = useLoad('gates', listGates, REFRESH_MS);
  const status = useLoad('status', getStatus, REFRESH_MS).value;
  const [code, setCode] = useState<{ name: string; code: GateCode } | null>(null);

  return (
    <Page title={t('gates.title')} wide>
      {code ? <OneTimeCode name={code.name} code={code.code} onClose={() => setCode(null)} /> : null}
      {gates.error && !gates.value ? <FailureNotice error={gates.error} retry={() => void gates.reload()} /> : null}
      {!gates.value && !gates.error ? <p className="loading">{t('page.loading')}</p> : null}
      {gates.value ? (
        <>
          <p className="count">
            {t('gates.count', String(gates.value.items.length), String(gates.value.items.filter((g) => g.connected).length))}
          </p>
          {gates.value.items.length > 0 ? <GateTable list={gates.value} /> : <p className="empty">{t('gates.empty')}</p>}
        </>
      ) : null}
      {status ? (
        <p className="quiet">
          {t('gates.status', status.version, String(status.table_seq), String(status.journal_size), String(status.sealed_size))}
        </p>
      ) : null}
      {code ? null : (
        <AddGate
          onAdded={(name, added) => {
            setCode({ name, code: added });
            void gates.reload();
          }}
        />
      )}
    </Page>
  );
}

const FIELDS = ['name', 'zone', 'lan'] as const;
type GateField = (typeof FIELDS)[number];
const NOTHING: Record<GateField, string> = { name: '', zone: '', lan: '' };

function AddGate({ onAdded }: { onAdded: (name: string, code: GateCode) => void }) {
  const words = useWords();
  const { t } = words;
  const [entered, setEntered] = useState(NOTHING);
  const [problems, setProblems] = useState<Problem[]>([]);
  const [attempt, setAttempt] = useState(0);
  const [sending, setSending] = useState(false);

  const refuse = (why: Problem[]) => {
    setProblems(why);
    setAttempt(attempt + 1);
  };
  const send = async () => {
    const missing = FIELDS.filter((f) => !entered[f].trim());
    if (missing.length > 0) {
      refuse(missing.map((field) => ({ field, text: t('apply.missing.text', t(`gates.field.${field}`)) })));
      return;
    }
    setSending(true);
    const reply = await addGate(entered.name.trim(), entered.zone.trim(), entered.lan.trim());
    setSending(false);
    if (reply.ok) onAdded(entered.name.trim(), reply.value);
    else refuse([failed(reply.error)]);
  };
  const failed = (error: Failure) => problemOf(error, FIELDS, words);

  return (
    <section className="panel" aria-labelledby="add-gate">
      <h2 id="add-gate">{t('gates.add')}</h2>
      <p>{t('gates.add.help')}</p>
      <ErrorSummary problems={problems} attempt={attempt} />
      <form
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          void send();
        }}
      >
        {FIELDS.map((field) => (
          <Labelled
            key={field}
            field={field}
            label={t(`gates.field.${field}`)}
            required
            hints={{ help: t(`gates.field.${field}.help`), sample: t(`gates.field.${field}.sample`) }}
            problem={problems.find((p) => p.field === field)?.text}
          >
            {(control) => (
              <input
                {...control}
                type="text"
                autoComplete="off"
                spellCheck={false}
                value={entered[field]}
                onChange={(e) => setEntered({ ...entered, [field]: e.target.value })}
              />
            )}
          </Labelled>
        ))}
        <p className="acts">
          <button type="submit" className="main" disabled={sending}>
            {t('gates.add.button')}
          </button>
        </p>
      </form>
    </section>
  );
}
