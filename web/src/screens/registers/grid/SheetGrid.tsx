// SheetGrid.tsx - a pasted sheet that is mended where it stands (WAI-ARIA grid): arrows, Enter, Tab, Ctrl+V, Ctrl+Z; a page of lines at a time.
import { useEffect, useRef, useState, type ClipboardEvent, type KeyboardEvent, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { useWords } from '../../../words/words.tsx';
import { cellName, changed, laid, letters, readTsv, widthOf, type Lines, type Place } from './model.ts';

const PAGE_LINES = 100;

type SheetGridProps = {
  label: string;
  lines: Lines;
  /** What is wrong, by the name of the cell; a whole line by its number. */
  wrong: ReadonlyMap<string, string>;
  /** Cells that were changed since they were looked at. */
  touched: ReadonlySet<string>;
  /** The line of the headings, from 0; null: not known. */
  header: number | null;
  /** Stands over column i. */
  over: (column: number) => ReactNode;
  at: Place;
  onMove: (at: Place) => void;
  onChange: (lines: Lines, where: readonly string[]) => void;
  undo: () => void;
  redo: () => void;
};

export function SheetGrid({ label, lines, wrong, touched, header, over, at, onMove, onChange, undo, redo }: SheetGridProps) {
  const { t } = useWords();
  const [editing, setEditing] = useState<string | null>(null);
  const table = useRef<HTMLTableElement>(null);
  const wanted = useRef(false); // the focus follows the place, once somebody is in the grid
  const width = widthOf(lines);
  const page = Math.floor(at.line / PAGE_LINES);
  const pages = Math.max(1, Math.ceil(lines.length / PAGE_LINES));
  const first = page * PAGE_LINES;
  const shown = lines.slice(first, first + PAGE_LINES);
  const name = cellName(at);
  const problem = wrong.get(name) ?? wrong.get(String(at.line + 1));

  useEffect(() => {
    if (!wanted.current || editing !== null) return;
    table.current?.querySelector<HTMLElement>('[data-at]')?.focus();
    wanted.current = false;
  }, [at, editing, lines]);

  const move = (line: number, column: number) => {
    wanted.current = true;
    setEditing(null);
    onMove({ line: Math.min(Math.max(line, 0), lines.length - 1), column: Math.min(Math.max(column, 0), width - 1) });
  };
  const put = (value: string) => {
    const next = changed(lines, at, value);
    if (next !== lines) onChange(next, [name]);
  };
  const begin = (value: string) => {
    flushSync(() => setEditing(value)); // the key that began it is typed into the input
    const input = table.current?.querySelector('input');
    input?.focus();
    if (value) input?.select();
  };
  const finish = (keep: boolean, line: number, column: number) => {
    if (keep && editing !== null) put(editing);
    move(line, column);
  };
  const STEPS: Record<string, [number, number]> = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    PageUp: [-20, 0],
    PageDown: [20, 0],
    Home: [0, -width],
    End: [0, width],
  };
  const pressInside = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing) return;
    const next = { Enter: [at.line + 1, at.column], Tab: [at.line, at.column + (e.shiftKey ? -1 : 1)], Escape: [at.line, at.column] }[e.key];
    if (!next) return;
    e.preventDefault();
    finish(e.key !== 'Escape', next[0] ?? 0, next[1] ?? 0);
  };
  const press = (e: KeyboardEvent) => {
    if (editing !== null) return pressInside(e);
    const ctrl = e.ctrlKey || e.metaKey;
    const step = STEPS[e.key];
    if (ctrl && e.key.toLowerCase() === 'z') {
      e.preventDefault();
      wanted.current = true;
      if (e.shiftKey) redo();
      else undo();
    } else if (ctrl && e.key.toLowerCase() === 'y') {
      e.preventDefault();
      wanted.current = true;
      redo();
    } else if (step && !ctrl && !e.altKey) {
      e.preventDefault();
      move(at.line + step[0], at.column + step[1]);
    } else if (e.key === 'Enter' || e.key === 'F2') {
      e.preventDefault();
      begin(lines[at.line]?.[at.column] ?? '');
    } else if (e.key === 'Delete' || e.key === 'Backspace') {
      e.preventDefault();
      wanted.current = true;
      put('');
    } else if ((e.key.length === 1 || e.key === 'Process') && !ctrl && !e.altKey) begin('');
    return undefined;
  };
  const paste = (e: ClipboardEvent) => {
    if (editing !== null) return;
    const block = readTsv(e.clipboardData.getData('text/plain'));
    if (block.length === 0) return;
    e.preventDefault();
    wanted.current = true;
    const where = block.flatMap((cells, i) => cells.map((_, k) => cellName({ line: at.line + i, column: at.column + k })));
    onChange(laid(lines, at, block), where);
  };
  const copy = (e: ClipboardEvent) => {
    if (editing !== null) return;
    e.preventDefault();
    e.clipboardData.setData('text/plain', lines[at.line]?.[at.column] ?? '');
  };
  const cellClass = (line: number, cell: string) => (wrong.has(cell) ? 'wrong' : touched.has(cell) ? 'touched' : line === header ? 'head' : undefined);
  return (
    <div className="sheet-grid">
      <div className="sheet-box" tabIndex={-1}>
        <table
          ref={table}
          role="grid"
          aria-label={label}
          aria-rowcount={lines.length}
          aria-colcount={width}
          aria-describedby="grid-keys"
          onKeyDown={press}
          onPaste={paste}
          onCopy={copy}
        >
          <thead>
            <tr>
              <td />
              {Array.from({ length: width }, (_, i) => (
                <td key={i}>{over(i)}</td>
              ))}
            </tr>
            <tr>
              <td />
              {Array.from({ length: width }, (_, i) => (
                <th key={i} scope="col">
                  {letters(i)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((cells, i) => {
              const line = first + i;
              return (
                <tr key={line} aria-rowindex={line + 1}>
                  <th scope="row" className={wrong.has(String(line + 1)) ? 'wrong' : undefined}>
                    {line + 1}
                  </th>
                  {cells.map((cell, column) => {
                    const own = cellName({ line, column });
                    const here = line === at.line && column === at.column;
                    return (
                      <td
                        key={column}
                        role="gridcell"
                        aria-colindex={column + 1}
                        aria-invalid={wrong.has(own) || undefined}
                        aria-describedby={here && problem ? 'grid-said' : undefined}
                        aria-selected={here}
                        tabIndex={here ? 0 : -1}
                        data-at={here ? own : undefined}
                        data-cell={own}
                        className={cellClass(line, own)}
                        onClick={() => (here && editing === null ? begin(cell) : here ? undefined : finish(true, line, column))}
                      >
                        {here && editing !== null ? (
                          <input aria-label={own} value={editing} onChange={(e) => setEditing(e.target.value)} onBlur={() => (put(editing), setEditing(null))} />
                        ) : (
                          cell
                        )}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <p id="grid-said" className={problem ? 'grid-said problem' : 'grid-said quiet'} role="status">
        {name}
        {problem ? `：${problem}` : touched.has(name) ? `：${t('grid.touched')}` : ''}
      </p>
      {pages > 1 ? (
        <p className="acts">
          <button type="button" className="plain" disabled={page === 0} onClick={() => onMove({ line: (page - 1) * PAGE_LINES, column: at.column })}>
            {t('grid.before')}
          </button>
          <span>{t('grid.page', String(first + 1), String(Math.min(first + PAGE_LINES, lines.length)), String(lines.length))}</span>
          <button type="button" className="plain" disabled={page >= pages - 1} onClick={() => onMove({ line: (page + 1) * PAGE_LINES, column: at.column })}>
            {t('grid.after')}
          </button>
        </p>
      ) : null}
      <p id="grid-keys" className="hint">
        {t('grid.keys')}
      </p>
    </div>
  );
}
