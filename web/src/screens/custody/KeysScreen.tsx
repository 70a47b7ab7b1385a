// KeysScreen.tsx - 鍵: which keys sign now, which follow, and their change by two people.
import { useState, type FormEvent } from 'react';
import { askRotation, confirmRotation, endRotation, listKeys, type Key, type KeyList, type Rotation } from '../../api/custody.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { Said } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { ReasonInput } from '../../parts/ReasonInput.tsx';
import { State } from '../../parts/State.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';
import { useSend } from './useSend.ts';

const USES: readonly Rotation['use'][] = ['table', 'order', 'ca', 'log'];

export function KeysScreen() {
  const { t } = useWords();
  const { value, error, reload } = useLoad('keys', listKeys, 0);
  if (!value) return <Waiting title={t('keys.title')} error={error} retry={reload} />;
  return <Keys list={value} reload={reload} />;
}

function Keys({ list, reload }: { list: KeyList; reload: () => Promise<void> }) {
  const words = useWords();
  const { t } = words;
  const act = useSend(reload);
  return (
    <Page title={t('keys.title')} over={<Link href="/installation">{t('installation.title')}</Link>}>
      <p className="lead">{t('keys.lead')}</p>
      <ul className="criteria">
        {list.items.map((key) => (
          <OneKey key={key.use} one={key} />
        ))}
      </ul>
      <ErrorSummary problems={act.error && act.error.field !== 'reason' ? [problemOf(act.error, [], words)] : []} attempt={act.attempt} />
      <Said>{act.said || null}</Said>
      <section aria-labelledby="rotations">
        <h2 id="rotations">{t('keys.rotations', String(list.rotations.filter((r) => r.may_end).length))}</h2>
        {list.rotations.length === 0 ? <p className="empty">{t('keys.rotations.none')}</p> : null}
        <ul className="duties">
          {list.rotations.map((rotation) => (
            <OneRotation key={rotation.id} one={rotation} act={act} />
          ))}
        </ul>
      </section>
      <Ask act={act} />
    </Page>
  );
}

function OneKey({ one }: { one: Key }) {
  const { t, tOf } = useWords();
  return (
    <li data-key={one.use}>
      <p className="criterion-head">
        <strong>{tOf('keys.use', one.use)}</strong>
        <span className="quiet">{t('keys.generation', String(one.generation))}</span>
      </p>
      <p className="quiet">{tOf('keys.about', one.use)}</p>
      <p className="mac">{one.key}</p>
      {one.until ? (
        <p>
          {t('keys.until')} <When at={one.until} />
        </p>
      ) : null}
      {one.next ? <p className="quiet">{t('keys.next')}</p> : null}
      {one.prepared ? <p className="quiet">{t('keys.prepared')}</p> : null}
    </li>
  );
}

type Act = ReturnType<typeof useSend>;

function OneRotation({ one, act }: { one: Rotation; act: Act }) {
  const { t, tOf } = useWords();
  return (
    <li data-rotation={one.id}>
      <strong>{tOf('keys.use', one.use)}</strong>
      <span className="sheet-state">
        <State of="rotation" is={one.state} />
        <span>{t('reset.asked-by', one.asked_by.name)}</span>
        <When at={one.asked_at} as="short" />
        {one.done_by && one.done_at ? (
          <>
            <span>{t('reset.done-by', one.done_by.name)}</span>
            <When at={one.done_at} as="short" />
          </>
        ) : null}
      </span>
      <span className="second lines">{one.reason}</span>
      {one.may_end ? (
        <div className="acts">
          {one.may_confirm ? (
            <button type="button" className="main" disabled={act.sending} onClick={() => void act.send(() => confirmRotation(one.id), () => t('keys.confirmed', tOf('keys.use', one.use)))}>
              {t('keys.confirm')}
            </button>
          ) : (
            <span>{t('reset.other')}</span>
          )}
          <button type="button" className="plain" disabled={act.sending} onClick={() => void act.send(() => endRotation(one.id), () => t('keys.ended'))}>
            {t('reset.end')}
          </button>
        </div>
      ) : null}
    </li>
  );
}

function Ask({ act }: { act: Act }) {
  const words = useWords();
  const { t, tOf } = words;
  const [use, setUse] = useState<Rotation['use']>('table');
  const [reason, setReason] = useState('');
  const send = async (e: FormEvent) => {
    e.preventDefault();
    if (!reason.trim()) return void act.refuse({ kind: 'input', key: 'common.reason.missing', field: 'reason', args: [] });
    if (await act.send(() => askRotation(use, reason.trim()), () => t('reset.asked'))) setReason('');
  };
  const problem = act.error?.field === 'reason' ? problemOf(act.error, ['reason'], words) : null;
  return (
    <section className="panel" aria-labelledby="keys-ask">
      <h2 id="keys-ask">{t('keys.ask')}</h2>
      <p>{t('keys.ask.help')}</p>
      <ErrorSummary problems={problem ? [problem] : []} attempt={act.attempt} />
      <form noValidate onSubmit={(e) => void send(e)}>
        <Labelled field="use" label={t('keys.which')} required>
          {(control) => (
            <select {...control} value={use} onChange={(e) => setUse(USES.find((u) => u === e.target.value) ?? 'table')}>
              {USES.map((u) => (
                <option key={u} value={u}>
                  {tOf('keys.use', u)}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        <ReasonInput field="reason" label={t('keys.reason')} required phrases={[t('keys.reason.yearly'), t('keys.reason.leaver')]} problem={problem?.text} value={reason} onChange={setReason} />
        <p className="acts">
          <button type="submit" className="main" disabled={act.sending}>
            {t('reset.ask.send')}
          </button>
        </p>
      </form>
    </section>
  );
}
