// Slips.tsx - what is wrong with a sheet that came back: the cell, the question, how to mend it. Nothing was kept.
import type { ReadSheet } from '../../api/asheets.ts';
import type { Form } from '../../api/client.ts';
import { useWords } from '../../words/words.tsx';

export function Slips({ read, form }: { read: ReadSheet; form: Form | null }) {
  const { t, say } = useWords();
  const question = (id: string) => {
    const field = form?.fields.find((f) => f.id === id);
    return field ? say(field.label) : '';
  };
  return (
    <div className="notice bad" role="alert">
      <p className="notice-title">{t('asheet.slips', String(read.mistakes_total))}</p>
      <p>{t('asheet.slips.help')}</p>
      <table className="list" data-slips>
        <thead>
          <tr>
            <th scope="col">{t('import.cell')}</th>
            <th scope="col">{t('asheet.question')}</th>
            <th scope="col">{t('import.mend')}</th>
          </tr>
        </thead>
        <tbody>
          {read.mistakes.map((slip) => (
            <tr key={`${slip.cell} ${slip.key}`}>
              <th scope="row">{slip.cell}</th>
              <td data-label={t('asheet.question')}>{question(slip.field) || '－'}</td>
              <td data-label={t('import.mend')}>{say(slip.message)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
