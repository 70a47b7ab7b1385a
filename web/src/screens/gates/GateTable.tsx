// GateTable.tsx - each gate: is it there, and does it hold the newest table.
import type { Gate, GateList } from '../../api/client.ts';
import { Icon } from '../../parts/Icon.tsx';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';

export function GateTable({ list }: { list: GateList }) {
  const { t } = useWords();
  const columns = ['name', 'zone', 'lan', 'state', 'connected', 'applied'] as const;
  return (
    <table className="list" aria-label={t('gates.title')}>
      <thead>
        <tr>
          {columns.map((c) => (
            <th key={c} scope="col">
              {t(`gates.column.${c}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {list.items.map((gate) => (
          <tr key={gate.id}>
            <th scope="row">{gate.name}</th>
            <td data-label={t('gates.column.zone')}>{gate.zone}</td>
            <td data-label={t('gates.column.lan')}>
              <code>{gate.lan}</code>
            </td>
            <td className="short" data-label={t('gates.column.state')}>
              <State of="gate" is={gate.state} />
            </td>
            <td data-label={t('gates.column.connected')}>
              <Connected gate={gate} />
            </td>
            <td data-label={t('gates.column.applied')}>
              <Applied gate={gate} newest={list.table_seq} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Connected({ gate }: { gate: Gate }) {
  const { t } = useWords();
  if (gate.state !== 'enrolled') return '－';
  return (
    <span className={gate.connected ? 'state good' : 'state bad'}>
      <Icon name={gate.connected ? 'ok' : 'warn'} />
      {t(gate.connected ? 'gates.connected' : 'gates.not-connected')}
    </span>
  );
}

function Applied({ gate, newest }: { gate: Gate; newest: number }) {
  const { t } = useWords();
  if (gate.applied_seq === undefined) return '－';
  const behind = newest - gate.applied_seq;
  return (
    <>
      {behind > 0 ? t('gates.behind', String(gate.applied_seq), String(behind)) : t('gates.newest', String(gate.applied_seq))}
      {gate.applied_at ? (
        <span className="second">
          <When at={gate.applied_at} as="short" />
        </span>
      ) : null}
    </>
  );
}
