// registers.ts - the registers' part of the API: which there are, their rows, sheets in and out, files, search.
import { get, id, post, send, type Done, type Failure, type Grid, type Reply } from './client.ts';
import type { components } from '../generated/api.ts';

type Schemas = components['schemas'];
export type Column = Schemas['RegisterColumn'];
export type Register = Schemas['Register'];
export type Row = Schemas['Row'];
export type RowPage = Schemas['RowPage'];
export type RowDetail = Schemas['RowDetail'];
export type Hit = Schemas['SearchHit'];
export type Attachment = Schemas['File'];

export type Filter = { q?: string; state?: string; section?: string; class?: string; of?: string; sort?: string };

export function query(filter: Filter, more: Record<string, string | undefined> = {}): string {
  const q = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filter, ...more })) if (value) q.set(name, value);
  const text = q.toString();
  return text ? `?${text}` : '';
}

export const listRegisters = () => get<{ items: Register[] }>('/registers');
export const listRows = (register: string, filter: Filter, after?: string) => get<RowPage>(`/registers/${id(register)}${query(filter, { after })}`);
export const getRow = (register: string, row: string) => get<RowDetail>(`/rows/${register}:${row}`);
export const getHistory = (register: string, row: string) => get<Schemas['RowHistory']>(`/rows/${register}:${row}/history`);
export const addRow = (register: string, cells: Record<string, string>, of?: string) =>
  post<Schemas['RowDone']>(`/registers/${id(register)}`, of ? { cells, of } : { cells });
export const changeRow = (register: string, row: string, cells: Record<string, string>, rev: number, reason = '') =>
  post<Done>(`/rows/${register}:${row}`, reason ? { cells, rev, reason } : { cells, rev });
export const endRow = (register: string, row: string, reason: string, rev: number) => post<Done>(`/rows/${register}:${row}/end`, { reason, rev });

/* ---- sheets ---- */

export const registerSheetPath = (register: string, ending: 'xlsx' | 'csv', filter: Filter) =>
  `/api/v1/registers/${id(register)}/sheet${query(filter, { format: ending })}`;

export type Mistake = { cell: string; column?: string; value: string; key: string; args: string[] };
export type Plan = {
  ok: boolean;
  token?: string;
  columns: { header: string; column?: string; at: number }[];
  /** The line of the headings, as a spreadsheet counts; 0: there is none. */
  header: number;
  counts: Record<string, number>;
  mistakes: Mistake[];
  mistakes_total: number;
  notes: { kind: 'unreadable' | 'section' | 'provider' | 'leaving' | 'moved' | 'roles' | 'same-name'; line: number; name: string; more: string }[];
  percent?: number;
  limit?: number;
  stopped?: boolean;
};
export type Options = { transitional_until?: string; effective_on?: string; whole_list?: boolean; reason?: string; of?: string };
export type Sheet = { grid: Grid } | { text: string };

export const checkImport = (register: string, sheet: Sheet, mapping: Record<string, string> | null, options: Options) =>
  post<Plan>(`/registers/${id(register)}/check`, { ...sheet, ...(mapping ? { mapping } : {}), options });
export const runImport = (register: string, sheet: Sheet, mapping: Record<string, string> | null, options: Options, token: string) =>
  post<{ counts: Record<string, number> }>(`/registers/${id(register)}/import`, { ...sheet, ...(mapping ? { mapping } : {}), options, token });
export const readCsv = (file: Blob) => send<Grid>('/import/csv', file);

/* ---- files ---- */

export const listFiles = (about: string) => get<Schemas['FileList']>(`/files?${new URLSearchParams({ about })}`);
export const addFile = (about: string, file: File, note: string, datedOn: string) => {
  const q = new URLSearchParams({ about, name: file.name });
  if (note) q.set('note', note);
  if (datedOn) q.set('dated_on', datedOn);
  return send<Schemas['FileAdded']>(`/files?${q}`, file);
};
export const removeFile = (file: string, reason: string, rev: number) => post<Done>(`/files/${id(file)}/remove`, { reason, rev });
export const filePath = (file: string) => `/api/v1/files/${id(file)}`;

/* ---- search ---- */

export const search = (q: string, after?: string) => get<Schemas['SearchPage']>(`/search?${new URLSearchParams(after ? { q, after } : { q })}`);

export const refusal = (key: string, args: string[] = []): Reply<never> => ({ ok: false, error: { kind: 'input', key, args } satisfies Failure });
