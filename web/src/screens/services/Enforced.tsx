// Enforced.tsx - where something is really held, and since when: by a gate's own word. Everything else is a record.
import type { Service } from '../../api/client.ts';
import { Icon } from '../../parts/Icon.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';

export function Enforced({ service }: { service: Service }) {
  const { t } = useWords();
  if (service.enforced.length === 0) return null;
  return (
    <section aria-labelledby="enforced">
      <h3 id="enforced">{t('services.enforced', String(service.enforced.length))}</h3>
      <ul className="duties">
        {service.enforced.map((line) => (
          <li key={`${line.kind} ${line.what}`}>
            <span className="mac">{line.what}</span> <span className="quiet">{t(`services.enforced.${line.kind}`)}</span>
            {line.gates.length > 0 ? (
              line.gates.map((g) => (
                <span key={g.gate} className="sheet-state">
                  <span className="hold gate">
                    <Icon name="gate" /> {t('services.enforced.by', g.gate_name)}
                  </span>
                  <When at={g.at} />
                </span>
              ))
            ) : (
              <span className="sheet-state">
                <span className="hold">{t('services.enforced.none')}</span>
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
