// PeersScreen.tsx - the municipalities whose answer sheets are taken: their fingerprint is typed once, from their paper; ours goes on ours.
import { useState, type FormEvent } from 'react';
import { addPeer, endPeer, listPeers, type Peer } from '../../api/asheets.ts';
import type { Failure } from '../../api/client.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { FailureNotice, Said } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { State } from '../../parts/State.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';

export function PeersScreen() {
  const { t } = useWords();
  const { value, error, reload } = useLoad('peers', listPeers, 0);
  if (!value) return <Waiting title={t('asheet.peers')} error={error} retry={reload} />;
  return (
    <Page title={t('asheet.peers')} over={<Link href="/answer-sheets">{t('asheet.title')}</Link>}>
      <p>{t('asheet.peers.intro')}</p>
      <section className="panel" aria-labelledby="peer-own">
        <h2 id="peer-own">{t('asheet.own')}</h2>
        <p className="mac">{value.own}</p>
        <p className="quiet">{t('asheet.own.help')}</p>
      </section>
      <p className="count" role="status">
        {t('list.count', String(value.items.length))}
      </p>
      {value.items.length > 0 ? <Peers items={value.items} acted={reload} /> : <p className="empty">{t('asheet.peers.empty')}</p>}
      <Add acted={reload} />
    </Page>
  );
}

function Peers({ items, acted }: { items: readonly Peer[]; acted: () => Promise<void> }) {
  const { t } = useWords();
  return (
    <table className="list" aria-label={t('asheet.peers')}>
      <thead>
        <tr>
          <th scope="col">{t('asheet.peer.name')}</th>
          <th scope="col">{t('asheet.peer.fingerprint')}</th>
          <th scope="col">{t('asheet.peer.since')}</th>
          <th scope="col">{t('asheet.state')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((peer) => (
          <tr key={peer.id}>
            <th scope="row">{peer.name}</th>
            <td data-label={t('asheet.peer.fingerprint')}>
              <span className="mac">{peer.fingerprint}</span>
            </td>
            <td data-label={t('asheet.peer.since')}>
              <div>
                <When at={peer.added_at} as="short" />
                <span className="second">{peer.by.name}</span>
              </div>
            </td>
            <td data-label={t('asheet.state')}>
              <div>
                <State of="peer" is={peer.state} />
                {peer.state === 'trusted' ? <End peer={peer} acted={acted} /> : null}
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Two presses: what is ended is not taken up again. */
function End({ peer, acted }: { peer: Peer; acted: () => Promise<void> }) {
  const { t } = useWords();
  const [error, setError] = useState<Failure | null>(null);
  const [sending, setSending] = useState(false);
  const end = async () => {
    setSending(true);
    const reply = await endPeer(peer.id, peer.rev);
    setSending(false);
    if (!reply.ok) return setError(reply.error);
    return acted();
  };
  return (
    <details>
      <summary>
        {t('asheet.peer.end')}
        <span className="unseen">：{peer.name}</span>
      </summary>
      <p>{t('asheet.peer.end.help')}</p>
      {error ? <FailureNotice error={error} /> : null}
      <p className="acts">
        <button type="button" className="danger" disabled={sending} onClick={() => void end()}>
          {t('asheet.peer.end.act', peer.name)}
        </button>
      </p>
    </details>
  );
}

function Add({ acted }: { acted: () => Promise<void> }) {
  const words = useWords();
  const { t } = words;
  const [name, setName] = useState('');
  const [key, setKey] = useState('');
  const [error, setError] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [sending, setSending] = useState(false);
  const [said, setSaid] = useState('');
  const add = async (e: FormEvent) => {
    e.preventDefault();
    setSending(true);
    setError(null);
    const reply = await addPeer(name.trim(), key.trim());
    setSending(false);
    if (!reply.ok) {
      setError(reply.error);
      setAttempt((n) => n + 1);
      return;
    }
    setSaid(t('asheet.peer.added', name.trim()));
    setName('');
    setKey('');
    await acted();
  };
  const problem = error ? problemOf(error, ['name', 'key'], words) : null;
  const at = (field: string) => (problem?.field === field ? problem.text : undefined);
  return (
    <section className="panel" aria-labelledby="peer-add">
      <h2 id="peer-add">{t('asheet.peers.add')}</h2>
      <ErrorSummary problems={problem ? [problem] : []} attempt={attempt} />
      <form noValidate onSubmit={(e) => void add(e)}>
        <Labelled field="name" label={t('asheet.peer.name')} required problem={at('name')}>
          {(control) => <input {...control} type="text" value={name} onChange={(e) => setName(e.target.value)} />}
        </Labelled>
        <Labelled field="key" label={t('asheet.peer.fingerprint')} required problem={at('key')} hints={{ help: t('asheet.peer.key.help') }}>
          {(control) => <input {...control} type="text" autoComplete="off" spellCheck={false} value={key} onChange={(e) => setKey(e.target.value)} />}
        </Labelled>
        <p className="acts">
          <button type="submit" className="main" disabled={sending}>
            {t('asheet.peer.add.act')}
          </button>
        </p>
      </form>
      <Said>{said || null}</Said>
    </section>
  );
}
