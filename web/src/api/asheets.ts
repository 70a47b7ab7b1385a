// asheets.ts - 事業者回答シート: kept, read from a file, used again, exchanged with other municipalities.
import { get, id, post, postForFile, send, type Done, type Grid } from './client.ts';
import { query } from './registers.ts';
import type { components } from '../generated/api.ts';

type Schemas = components['schemas'];
export type SheetLine = Schemas['AnswerSheet'];
export type SheetList = Schemas['AnswerSheetList'];
export type SheetDetail = Schemas['AnswerSheetDetail'];
export type Reuse = Schemas['AnswersToReuse'];
export type Peer = Schemas['Peer'];
export type Slip = Schemas['SheetSlip'];
export type ReadSheet = { form: string; answers: Record<string, string>; mistakes: Slip[]; mistakes_total: number; unasked: Slip[]; ok: boolean };

const PATH = '/answer-sheets';
export const listSheets = (filter: { q?: string; provider?: string } = {}) => get<SheetList>(`${PATH}${query({}, filter)}`);
export const getSheet = (sheet: string) => get<SheetDetail>(`${PATH}/${id(sheet)}`);
export const keepSheet = (sheet: Schemas['NewAnswerSheet']) => post<Schemas['Made']>(PATH, sheet);
export const reuseSheet = (sheet: string, application?: string) => get<Reuse>(`${PATH}/${id(sheet)}/answers${query({}, { application })}`);
export const exportSheet = (sheet: string) => postForFile(`${PATH}/${id(sheet)}/exchange`, {});
export const receiveSheet = (file: File) => send<Schemas['AnswerSheetReceived']>(`${PATH}/receive`, file);

/** The form for whoever answers; with the answers of a sheet that is kept, when one is named. */
export const formPath = (form: string, ending: 'xlsx' | 'csv', sheet?: string) => `/api/v1/forms/${id(form)}/sheet${query({}, { format: ending, answer_sheet: sheet })}`;
export const readFormSheet = (form: string, grid: Grid) => post<ReadSheet>(`/forms/${id(form)}/sheet`, { grid });

export const listPeers = () => get<Schemas['PeerList']>('/peers');
export const addPeer = (name: string, key: string) => post<Schemas['Made']>('/peers', { name, key });
export const endPeer = (peer: string, rev: number) => post<Done>(`/peers/${id(peer)}/end`, { rev });
