// Chain.tsx - 再委託: the provider and who works for it, at however many removes, each with its country.
import type { Service } from '../../api/client.ts';
import { usePack } from '../../api/useShared.ts';
import { useWords } from '../../words/words.tsx';

type Node = Service['tree'];

export function Chain({ service }: { service: Service }) {
  const { t } = useWords();
  return (
    <>
      <ul className="tree root">
        <Branch node={service.tree} />
      </ul>
      {service.tree.under.length === 0 ? <p className="empty">{t('services.chain.none')}</p> : null}
    </>
  );
}

function Branch({ node }: { node: Node }) {
  const { t, say } = useWords();
  const country = usePack().value?.countries.find((c) => c.id === node.country);
  return (
    <li>
      <span className={node.state === 'ended' ? 'quiet' : undefined}>
        <strong>{node.name}</strong>
        {node.state === 'ended' ? `（${t('services.chain.ended')}）` : null}
      </span>
      <span className="second">{[country ? say(country.name) : node.country, node.work].filter(Boolean).join('・')}</span>
      {node.under.length > 0 ? (
        <ul className="tree">
          {node.under.map((n) => (
            <Branch key={n.id} node={n} />
          ))}
        </ul>
      ) : null}
    </li>
  );
}
