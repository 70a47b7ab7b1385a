// EvidenceScreen.tsx - 証跡一式: choose a clause and a period, see what is missing before it is made, make it, take it away.
import { useState, type FormEvent } from 'react';
import type { Failure } from '../../api/client.ts';
import { listEvidence, orderEvidence, packPath, previewEvidence, type EvidencePack, type Order, type Preview } from '../../api/evidence.ts';
import { getCoverage, type Coverage } from '../../api/oversight.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link, usePlace } from '../../app/router.tsx';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { FailureNotice, Said } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { State } from '../../parts/State.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { When } from '../../parts/When.tsx';
import { clockOf } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';

const KINDS: readonly Order['kind'][] = ['clause', 'procedure', 'body'];
const FIELDS = ['kind', 'id', 'body', 'from', 'to', 'names', 'withhold'];
const POLL_MS = 2000;

/** The fiscal year that has begun: what an audit mostly asks for. */
function yearOf(now: Date): { from: string; to: string } {
  const year = now.getMonth() < 3 ? now.getFullYear() - 1 : now.getFullYear();
  const today = `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`;
  return { from: `${year}-04-01`, to: today };
}

export function EvidenceScreen() {
  const { t } = useWords();
  const coverage = useLoad('coverage', getCoverage, 0);
  const packs = useLoad('evidence', listEvidence, POLL_MS);
  if (!coverage.value) return <Waiting title={t('dossier.title')} error={coverage.error} retry={coverage.reload} />;
  return (
    <Page title={t('dossier.title')} over={<Link href="/audit">{t('audit.title')}</Link>}>
      <p className="lead">{t('dossier.lead')}</p>
      <Choose coverage={coverage.value} ordered={() => void packs.reload()} />
      {packs.error ? <FailureNotice error={packs.error} retry={() => void packs.reload()} /> : null}
      {packs.value ? <Packs items={packs.value.items} /> : null}
    </Page>
  );
}

function Choose({ coverage, ordered }: { coverage: Coverage; ordered: () => void }) {
  const words = useWords();
  const { t, tOf, say } = words;
  const first = usePlace().searchParams.get('clause') ?? '';
  const [order, setOrder] = useState<Order>({ kind: 'clause', id: first, ...yearOf(new Date()), names: 'person', withhold: false });
  const [preview, setPreview] = useState<Preview | null>(null);
  const [error, setError] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [sending, setSending] = useState(false);
  const [said, setSaid] = useState('');
  const change = (part: Partial<Order>) => {
    setOrder({ ...order, ...part });
    setPreview(null);
    setSaid('');
  };
  const refuse = (failure: Failure) => {
    setError(failure);
    setAttempt((n) => n + 1);
  };
  const look = async (e: FormEvent) => {
    e.preventDefault();
    setError(null);
    setSaid('');
    if (order.kind !== 'body' && !order.id.trim()) return refuse({ kind: 'input', key: 'dossier.id.missing', field: 'id', args: [] });
    setSending(true);
    const reply = await previewEvidence(order);
    setSending(false);
    if (!reply.ok) return refuse(reply.error);
    setPreview(reply.value);
  };
  const make = async () => {
    setSending(true);
    setError(null);
    const reply = await orderEvidence(order);
    setSending(false);
    if (!reply.ok) return refuse(reply.error);
    setPreview(null);
    setSaid(t('dossier.ordered'));
    ordered();
  };
  const problem = error ? problemOf(error, FIELDS, words) : null;
  const at = (field: string) => (problem?.field === field ? problem.text : undefined);
  return (
    <section className="panel" aria-labelledby="evidence-choose">
      <h2 id="evidence-choose">{t('dossier.choose')}</h2>
      <ErrorSummary problems={problem ? [problem] : []} attempt={attempt} />
      <form noValidate onSubmit={(e) => void look(e)}>
        <Labelled field="kind" label={t('dossier.kind')} required>
          {(control) => (
            <select {...control} value={order.kind} onChange={(e) => change({ kind: KINDS.find((k) => k === e.target.value) ?? 'clause', id: '' })}>
              {KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {tOf('dossier.kind', kind)}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        {order.kind === 'clause' ? (
          <Labelled field="id" label={t('dossier.clause')} required problem={at('id')}>
            {(control) => (
              <select {...control} value={order.id} onChange={(e) => change({ id: e.target.value })}>
                <option value="">{t('reset.choose')}</option>
                {coverage.sections.flatMap((section) =>
                  section.clauses.map((clause) => (
                    <option key={clause.id} value={clause.id}>
                      {clause.id}　{clause.text ? say(clause.text).slice(0, 60) : ''}
                    </option>
                  )),
                )}
              </select>
            )}
          </Labelled>
        ) : null}
        {order.kind === 'procedure' ? (
          <Labelled field="id" label={t('dossier.procedure')} required problem={at('id')} hints={{ help: t('dossier.procedure.help') }}>
            {(control) => <input {...control} type="text" autoComplete="off" spellCheck={false} value={order.id} onChange={(e) => change({ id: e.target.value.trim() })} />}
          </Labelled>
        ) : null}
        <Labelled field="from" label={t('audit.from')} required problem={at('from')}>
          {(control) => <input {...control} type="date" max="9999-12-31" value={order.from} onChange={(e) => change({ from: e.target.value })} />}
        </Labelled>
        <Labelled field="to" label={t('audit.to')} required problem={at('to')}>
          {(control) => <input {...control} type="date" max="9999-12-31" value={order.to} onChange={(e) => change({ to: e.target.value })} />}
        </Labelled>
        <Labelled field="names" label={t('dossier.names')} required problem={at('names')} hints={{ help: t('dossier.names.help') }}>
          {(control) => (
            <select {...control} value={order.names} onChange={(e) => change({ names: e.target.value === 'post' ? 'post' : 'person' })}>
              <option value="person">{t('dossier.names.person')}</option>
              <option value="post">{t('dossier.names.post')}</option>
            </select>
          )}
        </Labelled>
        <p>
          <label className="check">
            <input type="checkbox" checked={order.withhold ?? false} onChange={(e) => change({ withhold: e.target.checked })} /> {t('dossier.withhold')}
          </label>
        </p>
        <p className="acts">
          <button type="submit" className={preview ? 'plain' : 'main'} disabled={sending}>
            {t('dossier.look')}
          </button>
        </p>
      </form>
      {preview ? <Before preview={preview} sending={sending} make={() => void make()} /> : null}
      <Said>{said || null}</Said>
    </section>
  );
}

/** What it would hold, and what is missing: known before anybody carries it away. */
function Before({ preview, sending, make }: { preview: Preview; sending: boolean; make: () => void }) {
  const { t, say } = useWords();
  const { entries, cases, duties, attachments, texts } = preview.counts;
  return (
    <section aria-labelledby="evidence-before">
      <h3 id="evidence-before">{t('dossier.before')}</h3>
      <p>{t('dossier.counts', String(entries), String(cases), String(duties), String(attachments))}</p>
      <p className="quiet">{t('dossier.texts', String(texts), clockOf(preview.checked_at))}</p>
      {preview.gaps.length > 0 ? (
        <div className="notice wait">
          <p className="notice-title">{t('dossier.gaps', String(preview.gaps.length))}</p>
          <ul>
            {preview.gaps.map((gap) => (
              <li key={gap.kind + gap.about}>{say(gap.what)}</li>
            ))}
          </ul>
        </div>
      ) : (
        <p className="notice good">{t('dossier.gaps.none')}</p>
      )}
      <p className="acts">
        <button type="button" className="main" disabled={sending} onClick={make}>
          {t('dossier.make')}
        </button>
      </p>
    </section>
  );
}

function Packs({ items }: { items: readonly EvidencePack[] }) {
  const { t } = useWords();
  return (
    <section aria-labelledby="evidence-packs">
      <h2 id="evidence-packs">{t('dossier.packs')}</h2>
      {items.length === 0 ? <p className="empty">{t('dossier.packs.none')}</p> : null}
      <ul className="duties">
        {items.map((pack) => (
          <OnePack key={pack.id} pack={pack} />
        ))}
      </ul>
      <p className="quiet">{t('dossier.packs.help')}</p>
    </section>
  );
}

function OnePack({ pack }: { pack: EvidencePack }) {
  const { t, tOf, say } = useWords();
  const percent = pack.progress && pack.progress.total > 0 ? Math.floor((100 * pack.progress.done) / pack.progress.total) : 0;
  return (
    <li data-pack={pack.id}>
      <strong>
        {tOf('dossier.kind', pack.scope.kind)}　{pack.scope.id}
      </strong>
      <span className="sheet-state">
        <State of="pack" is={pack.state} />
        <span>{t('dossier.period', pack.scope.from, pack.scope.to)}</span>
        <When at={pack.asked_at} as="short" />
      </span>
      {pack.state === 'making' && pack.progress ? (
        <span className="second">
          <progress max={100} value={percent} aria-label={tOf('dossier.phase', pack.progress.phase)} /> {tOf('dossier.phase', pack.progress.phase)} {String(pack.progress.done)} / {String(pack.progress.total)}
        </span>
      ) : null}
      {pack.why ? <span className="second">{say(pack.why)}</span> : null}
      {pack.counts ? <span className="second">{t('dossier.counts', String(pack.counts.entries), String(pack.counts.cases), String(pack.counts.duties), String(pack.counts.attachments))}</span> : null}
      {pack.manifest ? (
        <span className="second">
          {t('dossier.manifest')} <span className="mac">{pack.manifest}</span>
        </span>
      ) : null}
      {pack.state === 'done' ? (
        <p className="acts">
          <a href={packPath(pack.id)} download={`evidence-${pack.scope.id || pack.scope.kind}-${pack.scope.from}-${pack.scope.to}.zip`}>
            {t('dossier.take')}
          </a>
        </p>
      ) : null}
    </li>
  );
}
