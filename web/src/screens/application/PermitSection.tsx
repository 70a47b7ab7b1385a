// PermitSection.tsx - from the decision to the gate: what was approved when, and when which gate's kernel held the rule.
import type { Application, Permit } from '../../api/client.ts';
import { Icon } from '../../parts/Icon.tsx';
import { Said } from '../../parts/Notice.tsx';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import { between } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';

export function PermitSection({ app }: { app: Application }) {
  const { t } = useWords();
  const approval = app.steps.findLast((s) => s.state === 'approved' && s.decided_at);
  const permit = app.permit;
  return (
    <section className="panel permit" aria-labelledby="permit">
      <h2 id="permit">
        {t('permit.title')} {permit ? <State of="permit" is={permit.state} /> : null}
      </h2>
      <ol className="flow">
        {approval?.decided_at ? (
          <li className="done">
            <span className="flow-what">
              <Icon name="ok" />
              {t('permit.approved')}
            </span>
            <span className="flow-when">
              <When at={approval.decided_at} as="second" />
            </span>
            <span className="flow-who">{approval.decider}</span>
          </li>
        ) : null}
        {permit?.enforcement.map((e) => (
          <li key={`${e.gate}-${e.seq}`} className="done">
            <span className="flow-what">
              <Icon name="gate" />
              {t('permit.enforced')}
            </span>
            <span className="flow-when">
              <When at={e.at} as="second" />
            </span>
            <span className="flow-who">
              {t('permit.on-gate', e.gate_name)}
              {approval?.decided_at ? <After from={approval.decided_at} to={e.at} /> : null}
            </span>
          </li>
        ))}
      </ol>
      <Said>{permit ? <Standing permit={permit} /> : t('permit.opening')}</Said>
      {permit ? <Facts permit={permit} /> : null}
    </section>
  );
}

/** How long the way from decision to gate took, when that is worth a remark. */
function After({ from, to }: { from: string; to: string }) {
  const { t } = useWords();
  const ms = between(from, to);
  if (Number.isNaN(ms) || ms < 0 || ms > 60_000) return null;
  return <span className="second">{t('permit.after', (ms / 1000).toFixed(1))}</span>;
}

function Standing({ permit }: { permit: Permit }) {
  const { t } = useWords();
  if (permit.state === 'waiting') return t('permit.standing.waiting');
  if (permit.state !== 'active') return t(`permit.standing.${permit.state}`);
  return permit.enforcement.length > 0 ? t('permit.standing.enforced') : t('permit.standing.not-yet');
}

function Facts({ permit }: { permit: Permit }) {
  const { t, say } = useWords();
  return (
    <dl className="facts">
      {permit.key ? (
        <div>
          <dt>{t('permit.key')}</dt>
          <dd className="mac">{permit.key}</dd>
        </div>
      ) : null}
      <div>
        <dt>{t('permit.zone')}</dt>
        <dd>{permit.zone_name ? say(permit.zone_name) : permit.zone}</dd>
      </div>
      <div>
        <dt>{t('permit.from')}</dt>
        <dd>
          <When at={permit.from} />
        </dd>
      </div>
      <div>
        <dt>{t('permit.until')}</dt>
        <dd>
          <When at={permit.until} as="until" />
        </dd>
      </div>
      {permit.reason ? (
        <div>
          <dt>{t('permit.reason')}</dt>
          <dd>{permit.reason}</dd>
        </div>
      ) : null}
    </dl>
  );
}
