// ReceiveScreen.tsx - another municipality's file: taken only when it proves itself and its sender's fingerprint was typed from paper.
import { useState } from 'react';
import { listSheets, receiveSheet } from '../../api/asheets.ts';
import type { Failure } from '../../api/client.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { Labelled } from '../../parts/Labelled.tsx';
import { FailureNotice, Said } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { useWords } from '../../words/words.tsx';

type Taken = { id: string; form_known: boolean };

export function ReceiveScreen() {
  const { t } = useWords();
  const may = useLoad('answer sheets', () => listSheets(), 0);
  const [taken, setTaken] = useState<Taken | null>(null);
  const [error, setError] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const choose = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    setError(null);
    setTaken(null);
    const reply = await receiveSheet(file);
    setBusy(false);
    if (reply.ok) setTaken(reply.value);
    else setError(reply.error);
  };
  return (
    <Page title={t('asheet.receive')} over={<Link href="/answer-sheets">{t('asheet.title')}</Link>} failed={error !== null}>
      <p>{t('asheet.receive.intro')}</p>
      {may.error && !may.value ? <FailureNotice error={may.error} retry={() => void may.reload()} /> : null}
      <Labelled field="asheet-file" label={t('asheet.receive.file')} required={null} hints={{ help: t('asheet.receive.help') }}>
        {(control) => (
          <input
            {...control}
            type="file"
            accept=".sekisho"
            disabled={busy}
            onClick={(e) => {
              e.currentTarget.value = '';
            }}
            onChange={(e) => void choose(e.target.files?.[0])}
          />
        )}
      </Labelled>
      {busy ? <progress aria-label={t('asheet.busy.receive')} /> : null}
      <Said>{busy ? t('asheet.busy.receive') : null}</Said>
      {error ? <FailureNotice error={error} /> : null}
      {error?.key === 'answer-file.unknown' ? (
        <p>{may.value?.may.exchange ? <Link href="/answer-sheets/peers">{t('asheet.peers.add')}</Link> : t('asheet.peers.ask')}</p>
      ) : null}
      {taken ? (
        <div className="notice good" role="status">
          <p className="notice-title">{t('asheet.received')}</p>
          <p>{t(taken.form_known ? 'asheet.received.known' : 'asheet.received.unknown')}</p>
          <p>
            <Link href={`/answer-sheets/${taken.id}`}>{t('asheet.received.open')}</Link>
          </p>
        </div>
      ) : null}
    </Page>
  );
}
