// load.ts - a file that a person chose, as the grid that the office checks.
import { readSheet, type Failure, type Grid, type Reply } from '../../api/client.ts';
import { readBook, readXlsx } from './xlsx.ts';

const FILE_MAX = 1400 * 1024; // what fits, in base64, into a request

const refused = (key: string, args: string[] = []): Reply<Grid> => {
  const error: Failure = { kind: 'input', key, args };
  return { ok: false, error };
};

/** Each row as long as the header; what stands to the right of it keeps its place, under a header that is empty. */
function sheetOf(name: string, rows: string[][]): Grid['sheets'][number] {
  const width = Math.max(1, ...rows.map((r) => r.length));
  const full = rows.map((r) => [...r, ...Array<string>(width - r.length).fill('')]);
  const [header = Array<string>(width).fill(''), ...rest] = full;
  return { name, columns: header.map((id) => ({ id })), rows: rest };
}

const gridOf = (sheet: string, rows: string[][]): Grid => ({ 'sekisho-grid': 1, sheets: [sheetOf(sheet, rows)] });

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

export async function loadSheet(file: File, sheet: string): Promise<Reply<Grid>> {
  if (file.size > FILE_MAX) return refused('sheets.bad.big');
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (!/\.xlsx$/i.test(file.name)) return readSheet(sheet, base64(bytes));
  const cells = readXlsx(bytes, sheet);
  return cells.ok ? { ok: true, value: gridOf(sheet, cells.rows) } : refused(cells.error.key, cells.error.args);
}

/** Any Excel file, its first sheet, as people keep theirs: dates and numbers as the text they show. Anything else is read by the office. */
export async function loadAny(file: File, read: (file: Blob) => Promise<Reply<Grid>>): Promise<Reply<Grid>> {
  if (file.size > FILE_MAX) return refused('sheets.bad.big');
  if (!/\.xlsx$/i.test(file.name)) return read(file);
  const cells = readXlsx(new Uint8Array(await file.arrayBuffer()), null);
  return cells.ok ? { ok: true, value: gridOf('sheet', cells.rows) } : refused(cells.error.key, cells.error.args);
}

/** A form that somebody filled in outside: all its sheets by their names; a CSV is its first. */
export async function loadForm(file: File, form: string, read: (file: Blob) => Promise<Reply<Grid>>): Promise<Reply<Grid>> {
  if (file.size > FILE_MAX) return refused('sheets.bad.big');
  if (!/\.xlsx$/i.test(file.name)) {
    const reply = await read(file);
    return reply.ok ? { ok: true, value: { ...reply.value, sheets: reply.value.sheets.slice(0, 1).map((s) => ({ ...s, name: form })) } } : reply;
  }
  const book = readBook(new Uint8Array(await file.arrayBuffer()));
  if (!book.ok) return refused(book.error.key, book.error.args);
  return { ok: true, value: { 'sekisho-grid': 1, sheets: book.sheets.map((s) => sheetOf(s.name, s.rows)) } };
}
