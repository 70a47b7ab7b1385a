// xlsx.ts - the cells of one sheet of an Excel file as text, read in the tab of the person whose file it is. Nothing leaves it but cells.
//
// Trusts nothing: the archive is inflated piece by piece and left as soon as it grows past the limit; XML with a document type is refused.
// A sheet of the rules: formulas, errors and dates are refused at their cell, since what they show is not what they are.
// A sheet that people keep (no name is wanted: its first; readBook: all of a form's): a date is written 2026-04-01, a formula is what it last came to, and an
// error (#N/A) stays as it is shown, for the office to refuse at its cell.
import { Unzip, UnzipInflate } from 'fflate';

export type Refusal = { key: string; args: string[] };
type Failed = { ok: false; error: Refusal };
export type Cells = { ok: true; rows: string[][] } | Failed;
export type Book = { ok: true; sheets: { name: string; rows: string[][] }[] } | Failed;

const INFLATED_MAX = 16 * 1024 * 1024;
const PIECE = 8 * 1024; // inflates to at most about 8 MiB at once
const ROWS_MAX = 20001;
const COLUMNS_MAX = 100;
const SHEETS_MAX = 50;
const WANTED = /^xl\/(workbook\.xml|_rels\/workbook\.xml\.rels|sharedStrings\.xml|styles\.xml|worksheets\/[^/]+\.xml)$/;
const PLAIN_FORMATS = new Set(['0', '1', '49']); // general, a whole number, text

class Refused extends Error {
  refusal: Refusal;
  constructor(key: string, ...args: string[]) {
    super(key);
    this.refusal = { key, args };
  }
}

function unpack(bytes: Uint8Array): Map<string, string> {
  const parts = new Map<string, Uint8Array[]>();
  let total = 0;
  const zip = new Unzip((file) => {
    if (!WANTED.test(file.name)) return;
    const pieces: Uint8Array[] = [];
    parts.set(file.name, pieces);
    file.ondata = (error, piece) => {
      if (error) throw error instanceof Refused ? error : new Refused('sheets.bad.broken'); // it hands our own refusal back to us
      total += piece.length;
      if (total > INFLATED_MAX) throw new Refused('sheets.bad.big');
      pieces.push(piece);
    };
    file.start();
  });
  zip.register(UnzipInflate);
  for (let at = 0; at < bytes.length; at += PIECE) zip.push(bytes.subarray(at, at + PIECE), at + PIECE >= bytes.length);

  const texts = new Map<string, string>();
  for (const [name, pieces] of parts) {
    const whole = new Uint8Array(pieces.reduce((n, p) => n + p.length, 0));
    let at = 0;
    for (const p of pieces) {
      whole.set(p, at);
      at += p.length;
    }
    texts.set(name, new TextDecoder('utf-8', { fatal: true }).decode(whole));
  }
  return texts;
}

function xmlOf(parts: Map<string, string>, name: string): Document | null {
  const text = parts.get(name);
  if (text === undefined) return null;
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) throw new Refused('sheets.bad.broken');
  const doc = new DOMParser().parseFromString(text, 'text/xml');
  if (doc.getElementsByTagName('parsererror').length > 0) throw new Refused('sheets.bad.broken');
  return doc;
}

const all = (in_: Document | Element, name: string) => Array.from(in_.getElementsByTagNameNS('*', name));
const child = (in_: Element, name: string) => Array.from(in_.children).find((c) => c.localName === name) ?? null;

/** Excel writes a character that XML cannot hold as _x000D_. */
const unescaped = (text: string) => text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

/** The text of a string; readings (ふりがな) stand in rPh and are not part of it. */
function textIn(string: Element): string {
  const runs = all(string, 't').filter((t) => t.parentElement?.localName !== 'rPh');
  return unescaped(runs.map((t) => t.textContent ?? '').join(''));
}

function sheetsOf(parts: Map<string, string>): Element[] {
  const book = xmlOf(parts, 'xl/workbook.xml');
  if (!book) throw new Refused('sheets.bad.not-xlsx');
  return all(book, 'sheet');
}

function sheetPath(parts: Map<string, string>, wanted: string | null): string {
  const links = xmlOf(parts, 'xl/_rels/workbook.xml.rels');
  if (!links) throw new Refused('sheets.bad.not-xlsx');
  const sheet = sheetsOf(parts).find((s) => wanted === null || s.getAttribute('name') === wanted);
  if (!sheet) throw new Refused('grid.sheet.missing', wanted ?? '');
  const id = Array.from(sheet.attributes).find((a) => a.localName === 'id' && a.name !== 'sheetId')?.value;
  const target = all(links, 'Relationship').find((r) => r.getAttribute('Id') === id)?.getAttribute('Target') ?? '';
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`;
}

/** "AB12" → [27, 12] */
function placeOf(ref: string): [number, number] {
  const found = /^([A-Z]{1,3})(\d{1,7})$/.exec(ref);
  if (!found) throw new Refused('sheets.bad.broken');
  const column = [...(found[1] ?? '')].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0) - 1;
  return [column, Number(found[2])];
}

type Reader = { strings: string[]; formats: string[]; dates: Set<string>; codes: Map<string, string>; from1904: boolean; lenient: boolean };

const DAY_MS = 86_400_000;
const DATES = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58].map(String));

/** Whether a format of the file's own shows a day: y, d, e or g outside of quotes, brackets and escapes. */
const showsDay = (code: string) => /[ydeg]/i.test(code.replace(/"[^"]*"|\\.|\[[^\]]*\]|General/gi, ''));

/** Days since 1899-12-30, or 1904-01-01. Excel believes in 1900-02-29. */
function dayOf(serial: number, from1904: boolean): string {
  const days = from1904 ? serial + 1462 : serial < 60 ? serial + 1 : serial;
  return new Date(Math.round((Math.floor(days) - 25569) * DAY_MS)).toISOString().slice(0, 10);
}

/** As people would read it: 0001234 keeps its zeros when the format says how many digits; no exponent. */
function numberText(value: string, format: string): string {
  const n = Number(value);
  if (/^0+$/.test(format) && Number.isInteger(n)) return String(n).padStart(format.length, '0');
  return Number.isInteger(n) && Math.abs(n) < 1e15 ? BigInt(n).toString() : String(n);
}

function cellText(cell: Element, where: string, book: Reader): string {
  const value = child(cell, 'v')?.textContent ?? '';
  if (child(cell, 'f') && !book.lenient) throw new Refused('sheets.bad.formula', where);
  switch (cell.getAttribute('t') ?? 'n') {
    case 's':
      return book.strings[Number(value)] ?? '';
    case 'inlineStr': {
      const string = child(cell, 'is');
      return string ? textIn(string) : '';
    }
    case 'str':
      return unescaped(value);
    case 'b':
      return value === '1' ? 'TRUE' : 'FALSE';
    case 'n': {
      const format = book.formats[Number(cell.getAttribute('s') ?? '0')] ?? '0';
      if (book.lenient) return value === '' ? '' : book.dates.has(format) && Number(value) >= 1 ? dayOf(Number(value), book.from1904) : numberText(value, book.codes.get(format) ?? '');
      if (value !== '' && (!/^\d+$/.test(value) || !PLAIN_FORMATS.has(format))) throw new Refused('sheets.bad.number', where);
      return value;
    }
    case 'd':
      if (book.lenient) return value.slice(0, 10);
      throw new Refused('sheets.bad.formula', where);
    default:
      if (book.lenient) return value;
      throw new Refused('sheets.bad.formula', where);
  }
}

function cellsOf(parts: Map<string, string>, name: string | null, lenient: boolean): string[][] {
  const sheet = xmlOf(parts, sheetPath(parts, name));
  if (!sheet) throw new Refused('sheets.bad.broken');
  const strings = xmlOf(parts, 'xl/sharedStrings.xml');
  const styles = xmlOf(parts, 'xl/styles.xml');
  const formats = styles ? all(styles, 'cellXfs').flatMap((x) => Array.from(x.children)) : [];
  const codes = new Map((styles ? all(styles, 'numFmt') : []).map((f) => [f.getAttribute('numFmtId') ?? '', f.getAttribute('formatCode') ?? '']));
  const workbook = xmlOf(parts, 'xl/workbook.xml');
  const book: Reader = {
    strings: strings ? all(strings, 'si').map(textIn) : [],
    formats: formats.map((x) => x.getAttribute('numFmtId') ?? '0'),
    codes,
    dates: new Set([...DATES, ...[...codes].filter(([, code]) => showsDay(code)).map(([id]) => id)]),
    from1904: (workbook ? all(workbook, 'workbookPr') : []).some((w) => /^(1|true)$/.test(w.getAttribute('date1904') ?? '')),
    lenient,
  };
  const rows: string[][] = [];
  for (const cell of all(sheet, 'c')) {
    const ref = cell.getAttribute('r') ?? '';
    const text = cellText(cell, name === null ? ref : `${name}!${ref}`, book);
    if (text === '') continue;
    const [column, row] = placeOf(ref);
    if (row > ROWS_MAX || column >= COLUMNS_MAX) throw new Refused('grid.big', name ?? '', '20000', '100');
    while (rows.length < row) rows.push([]);
    const cells = rows[row - 1] ?? [];
    while (cells.length <= column) cells.push('');
    cells[column] = text;
  }
  return rows;
}

function reading<T>(bytes: Uint8Array, read: (parts: Map<string, string>) => T): T | Failed {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return { ok: false, error: { key: 'sheets.bad.not-xlsx', args: [] } };
  try {
    return read(unpack(bytes));
  } catch (e) {
    return { ok: false, error: e instanceof Refused ? e.refusal : { key: 'sheets.bad.broken', args: [] } };
  }
}

/** The first row is the header. */
export const readXlsx = (bytes: Uint8Array, sheet: string | null): Cells =>
  reading(bytes, (parts) => ({ ok: true, rows: cellsOf(parts, sheet, sheet === null) }));

/** Every sheet with its name, as people fill them in. */
export const readBook = (bytes: Uint8Array): Book =>
  reading(bytes, (parts) => {
    const names = sheetsOf(parts).map((s) => s.getAttribute('name') ?? '');
    if (names.length > SHEETS_MAX) throw new Refused('sheets.bad.big');
    return { ok: true, sheets: names.map((name) => ({ name, rows: cellsOf(parts, name, true) })) };
  });
