// SheetsScreen.tsx - parts of the rules as a sheet: take one out, change it in Excel, see what it would change. Nothing is put into force here.
import { useState } from 'react';
import { checkSheet, sheetPath, type Failure, type SheetAnswer } from '../../api/client.ts';
import { FailureNotice, Said } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { useWords } from '../../words/words.tsx';
import { Answer } from './Answer.tsx';
import { loadSheet } from './load.ts';

export const SHEETS = ['forms', 'criteria', 'texts'] as const;
type Sheet = (typeof SHEETS)[number];
type Told = { answer: SheetAnswer } | { error: Failure } | null;

export function SheetsScreen() {
  const { t } = useWords();
  const [sheet, setSheet] = useState<Sheet>('forms');
  const [file, setFile] = useState<File | null>(null);
  const [checking, setChecking] = useState(false);
  const [told, setTold] = useState<Told>(null);

  const check = async (chosen: File) => {
    setChecking(true);
    setTold(null);
    const grid = await loadSheet(chosen, sheet);
    const reply = grid.ok ? await checkSheet(sheet, grid.value) : grid;
    setTold(reply.ok ? { answer: reply.value } : { error: reply.error });
    setChecking(false);
  };

  return (
    <Page title={t('sheets.title')} wide>
      <p>{t('sheets.intro')}</p>
      <fieldset className="panel">
        <legend>{t('sheets.which')}</legend>
        {SHEETS.map((name) => (
          <div key={name} className="choice">
            <input
              id={`sheet-${name}`}
              type="radio"
              name="sheet"
              value={name}
              checked={sheet === name}
              onChange={() => {
                setSheet(name);
                setTold(null);
              }}
            />
            <label htmlFor={`sheet-${name}`}>{t(`sheets.kind.${name}`)}</label>
          </div>
        ))}
      </fieldset>
      <section className="panel" aria-labelledby="sheet-out">
        <h2 id="sheet-out">{t('sheets.out')}</h2>
        <p>{t('sheets.out.help')}</p>
        <p className="acts">
          <a href={sheetPath(sheet, 'xlsx')} download>
            {t('sheets.out.xlsx')}
          </a>{' '}
          <a href={sheetPath(sheet, 'csv')} download>
            {t('sheets.out.csv')}
          </a>
        </p>
      </section>
      <section className="panel" aria-labelledby="sheet-in">
        <h2 id="sheet-in">{t('sheets.in')}</h2>
        <p>{t('sheets.in.help')}</p>
        <form
          noValidate
          onSubmit={(e) => {
            e.preventDefault();
            if (file) void check(file);
          }}
        >
          <p>
            <label htmlFor="sheet-file">{t('sheets.in.file')}</label>{' '}
            <input
              id="sheet-file"
              type="file"
              accept=".xlsx,.csv,.tsv,.txt"
              onChange={(e) => {
                setFile(e.target.files?.[0] ?? null);
                setTold(null);
              }}
            />
          </p>
          <p className="acts">
            <button type="submit" className="main" disabled={!file || checking}>
              {t('sheets.in.check')}
            </button>
          </p>
        </form>
      </section>
      <Said>{checking ? t('sheets.checking') : null}</Said>
      {told && 'error' in told ? <FailureNotice error={told.error} /> : null}
      {told && 'answer' in told ? <Answer answer={told.answer} /> : null}
    </Page>
  );
}
