// WitnessesScreen.tsx - 証人: who else remembers our log. What they are given, what they sent back, and the monthly sheet.
import { useState, type FormEvent } from 'react';
import { addWitness, CHECKPOINT_PATH, endWitness, keepCosigned, listWitnesses, SHEET_PATH, type Witness, type WitnessList } from '../../api/custody.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { Said } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { State } from '../../parts/State.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';
import { useSend } from './useSend.ts';

type Act = ReturnType<typeof useSend>;
const FIELDS = ['key', 'fingerprint', 'note'];

export function WitnessesScreen() {
  const { t } = useWords();
  const { value, error, reload } = useLoad('witnesses', listWitnesses, 0);
  if (!value) return <Waiting title={t('witnesses.title')} error={error} retry={reload} />;
  return <Loaded list={value} reload={reload} />;
}

function Loaded({ list, reload }: { list: WitnessList; reload: () => Promise<void> }) {
  const words = useWords();
  const { t } = words;
  const act = useSend(reload);
  const problem = act.error ? problemOf(act.error, FIELDS, words) : null;
  const at = (field: string) => (problem?.field === field ? problem.text : undefined);
  return (
    <Page title={t('witnesses.title')} over={<Link href="/installation">{t('installation.title')}</Link>}>
      <p className="lead">{t('witnesses.lead')}</p>
      <ErrorSummary problems={problem ? [problem] : []} attempt={act.attempt} />
      <Said>{act.said || null}</Said>
      <section className="panel" aria-labelledby="witness-own">
        <h2 id="witness-own">{t('witnesses.own')}</h2>
        <p className="mac">{list.log_fingerprint}</p>
        <p className="acts">
          <a href={SHEET_PATH}>{t('witnesses.sheet')}</a>
          <a href={CHECKPOINT_PATH} download="checkpoint">
            {t('witnesses.checkpoint')}
          </a>
        </p>
        <p className="quiet">{t('witnesses.own.help')}</p>
      </section>
      {list.items.length > 0 ? <Table items={list.items} act={act} /> : <p className="empty">{t('witnesses.none')}</p>}
      <Back act={act} problem={at('note')} />
      <Add act={act} at={at} />
    </Page>
  );
}

function Table({ items, act }: { items: readonly Witness[]; act: Act }) {
  const { t } = useWords();
  return (
    <table className="list" aria-label={t('witnesses.title')}>
      <thead>
        <tr>
          <th scope="col">{t('paper.witnesses.name')}</th>
          <th scope="col">{t('paper.witnesses.key')}</th>
          <th scope="col">{t('witnesses.last')}</th>
          <th scope="col">{t('asheet.state')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={one.id} data-witness={one.id}>
            <th scope="row">{one.name}</th>
            <td data-label={t('paper.witnesses.key')}>
              <span className="mac">{one.fingerprint}</span>
            </td>
            <td data-label={t('witnesses.last')}>
              {one.last ? (
                <div>
                  {t('witnesses.size', String(one.last.size))}
                  <span className="second">
                    <When at={one.last.at} />
                  </span>
                </div>
              ) : (
                t('witnesses.never')
              )}
            </td>
            <td data-label={t('asheet.state')}>
              <div>
                <State of="witness" is={one.state} />
                {one.state === 'active' ? (
                  <details>
                    <summary>
                      {t('witnesses.end')}
                      <span className="unseen">：{one.name}</span>
                    </summary>
                    <p>{t('witnesses.end.help')}</p>
                    <p className="acts">
                      <button type="button" className="danger" disabled={act.sending} onClick={() => void act.send(() => endWitness(one.id, one.rev), () => t('witnesses.ended', one.name))}>
                        {t('witnesses.end.act', one.name)}
                      </button>
                    </p>
                  </details>
                ) : null}
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What the witness sent back: a text file of a few lines. */
function Back({ act, problem }: { act: Act; problem: string | undefined }) {
  const { t } = useWords();
  const [note, setNote] = useState('');
  const send = async (e: FormEvent) => {
    e.preventDefault();
    if (await act.send(() => keepCosigned(note), (kept) => t('witnesses.kept', String(kept.size), String(kept.witnesses)))) setNote('');
  };
  return (
    <section className="panel" aria-labelledby="witness-back">
      <h2 id="witness-back">{t('witnesses.back')}</h2>
      <form noValidate onSubmit={(e) => void send(e)}>
        <Labelled field="note" label={t('witnesses.file')} required problem={problem} hints={{ help: t('witnesses.file.help') }}>
          {(control) => <input {...control} type="file" onChange={(e) => void e.target.files?.[0]?.text().then(setNote)} />}
        </Labelled>
        <p className="acts">
          <button type="submit" className="main" disabled={act.sending || !note}>
            {t('witnesses.keep')}
          </button>
        </p>
      </form>
    </section>
  );
}

function Add({ act, at }: { act: Act; at: (field: string) => string | undefined }) {
  const { t } = useWords();
  const [key, setKey] = useState('');
  const [fingerprint, setFingerprint] = useState('');
  const send = async (e: FormEvent) => {
    e.preventDefault();
    if (await act.send(() => addWitness(key.trim(), fingerprint.trim()), () => t('witnesses.added'))) {
      setKey('');
      setFingerprint('');
    }
  };
  return (
    <section className="panel" aria-labelledby="witness-add">
      <h2 id="witness-add">{t('witnesses.add')}</h2>
      <form noValidate onSubmit={(e) => void send(e)}>
        <Labelled field="key" label={t('witnesses.key')} required problem={at('key')} hints={{ help: t('witnesses.key.help') }}>
          {(control) => <input {...control} type="text" autoComplete="off" spellCheck={false} value={key} onChange={(e) => setKey(e.target.value)} />}
        </Labelled>
        <Labelled field="fingerprint" label={t('witnesses.fingerprint')} required problem={at('fingerprint')} hints={{ help: t('witnesses.fingerprint.help') }}>
          {(control) => <input {...control} type="text" autoComplete="off" spellCheck={false} value={fingerprint} onChange={(e) => setFingerprint(e.target.value)} />}
        </Labelled>
        <p className="acts">
          <button type="submit" className="main" disabled={act.sending}>
            {t('witnesses.add.act')}
          </button>
        </p>
      </form>
    </section>
  );
}
