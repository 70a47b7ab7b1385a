// Slips.tsx - what is wrong with a sheet that came back: the cell, the question, what stands there, how to mend it. Nothing was kept.
import type { ReadSheet, Slip } from '../../api/asheets.ts';
import type { Field, Form, Grid } from '../../api/client.ts';
import { useWords } from '../../words/words.tsx';

const CHOICES_MAX = 12;

/** "service-provider!G8" → its sheet, and the place within it. */
function placeOf(cell: string): { sheet: string; at: string; column: number; row: number } {
  const cut = cell.lastIndexOf('!');
  const at = cell.slice(cut + 1);
  const [, letters = '', digits = ''] = /^([A-Z]*)(\d*)$/.exec(at) ?? [];
  return { sheet: cell.slice(0, Math.max(cut, 0)), at, column: [...letters].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0) - 1, row: Number(digits) };
}

/** The first row of a sheet is its header. */
function standsAt(grid: Grid, cell: string): string {
  const { sheet, column, row } = placeOf(cell);
  const rows = (grid.sheets.find((s) => s.name === sheet) ?? grid.sheets[0])?.rows ?? [];
  return rows[row - 2]?.[column] ?? '';
}

export function Slips({ read, grid, form }: { read: ReadSheet; grid: Grid; form: Form | null }) {
  const { t } = useWords();
  return (
    <div className="notice bad" role="alert">
      <p className="notice-title">{t('asheet.slips', String(read.mistakes_total))}</p>
      <p>{t('asheet.slips.help')}</p>
      <table className="list" data-slips>
        <thead>
          <tr>
            <th scope="col">{t('import.cell')}</th>
            <th scope="col">{t('asheet.question')}</th>
            <th scope="col">{t('asheet.stands')}</th>
            <th scope="col">{t('import.mend')}</th>
          </tr>
        </thead>
        <tbody>
          {read.mistakes.map((slip) => (
            <OneSlip key={`${slip.cell} ${slip.key}`} slip={slip} stands={standsAt(grid, slip.cell)} field={form?.fields.find((f) => f.id === slip.field)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function OneSlip({ slip, stands, field }: { slip: Slip; stands: string; field: Field | undefined }) {
  const { t, say } = useWords();
  const { sheet, at } = placeOf(slip.cell);
  const choices = field?.choices ?? [];
  return (
    <tr>
      <th scope="row">
        {at}
        <span className="second">{t('asheet.sheet', sheet)}</span>
      </th>
      <td data-label={t('asheet.question')}>{field ? say(field.label) : '－'}</td>
      <td data-label={t('asheet.stands')} className="lines">
        {stands || t('asheet.stands.nothing')}
      </td>
      <td data-label={t('import.mend')}>
        <div>
          {say(slip.message)}
          {choices.length > 0 && choices.length <= CHOICES_MAX ? <span className="second">{t('asheet.choices', choices.map((c) => say(c.label)).join('、'))}</span> : null}
          {field?.type === 'country' || field?.type === 'countries' ? <span className="second">{t('asheet.countries')}</span> : null}
        </div>
      </td>
    </tr>
  );
}
