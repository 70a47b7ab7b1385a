// model.ts - a sheet as people paste it: lines of cells, named as Excel names them. Pure; every change makes a new sheet.
export type Lines = readonly (readonly string[])[];
export type Place = { line: number; column: number }; // both from 0

/** The clipboard of a spreadsheet: tabs and line ends; a cell with either stands in quotes. */
export function readTsv(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const c = text.charAt(at);
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text.charAt(at + 1) === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (c === '"' && cell === '') quoted = true;
    else if (c === '\t') {
      line.push(cell);
      cell = '';
    } else if (c === '\n') {
      lines.push([...line, cell]);
      line = [];
      cell = '';
    } else if (c !== '\r') cell += c;
  }
  if (cell !== '' || line.length > 0) lines.push([...line, cell]);
  return lines;
}

export const widthOf = (lines: Lines) => Math.max(1, ...lines.map((l) => l.length));

/** Every line as long as the longest. */
export function evened(lines: Lines): string[][] {
  const width = widthOf(lines);
  return lines.map((l) => [...l, ...Array<string>(width - l.length).fill('')]);
}

/** A, B, … Z, AA */
export function letters(column: number): string {
  let text = '';
  for (let n = column + 1; n > 0; n = Math.floor((n - 1) / 26)) text = String.fromCharCode(65 + ((n - 1) % 26)) + text;
  return text;
}

export const cellName = (at: Place) => `${letters(at.column)}${at.line + 1}`;

/** E5; a whole line is named by its number alone, and its first cell stands for it. */
export function placeOf(cell: string): Place {
  const found = /^([A-Z]*)(\d+)$/.exec(cell);
  let column = 0;
  for (const c of found?.[1] ?? '') column = column * 26 + c.charCodeAt(0) - 64;
  return { line: Number(found?.[2] ?? 1) - 1, column: Math.max(0, column - 1) };
}

/** The block laid over the sheet from `at` on; what reaches over the edge makes the sheet larger. */
export function laid(lines: Lines, at: Place, block: Lines): string[][] {
  const out = evened(lines);
  const width = Math.max(widthOf(out), at.column + widthOf(block));
  const height = Math.max(out.length, at.line + block.length);
  while (out.length < height) out.push([]);
  const even = out.map((l) => [...l, ...Array<string>(width - l.length).fill('')]);
  block.forEach((cells, i) => {
    const line = even[at.line + i];
    if (line) cells.forEach((cell, k) => (line[at.column + k] = cell));
  });
  return even;
}

/** One cell changed; all other lines stay the very same, so that they need not be drawn anew. */
export function changed(lines: Lines, at: Place, value: string): Lines {
  const line = lines[at.line];
  if (!line || line[at.column] === value) return lines;
  const out = lines.slice();
  out[at.line] = line.map((cell, i) => (i === at.column ? value : cell));
  return out;
}
