// rules.ts - the rules in force, drafts and proposals of the API (docs/formats/pack-drafts.md).
import { get, id, post, type Grid } from './client.ts';
import type { components } from '../generated/api.ts';

type Schemas = components['schemas'];
export type Rules = Schemas['Rules'];
export type Draft = Schemas['RuleDraft'];
export type RuleRecord = Schemas['RuleRecord'];
export type RuleKey = Schemas['RuleKey'];
export type RuleText = Schemas['RuleText'];
export type RuleNumber = Schemas['RuleNumber'];
export type Saved = Schemas['RuleSaved'];
export type People = Schemas['RulePeople'];
export type Edit = Schemas['RuleEdit'];

const draftPath = (draft: string) => `/pack/drafts/${id(draft)}`;

export const getRules = () => get<Rules>('/pack/rules');
export const startDraft = (title: string) => post<{ id: string; rev: number }>('/pack/drafts', { title });
export const getDraft = (draft: string) => get<Draft>(draftPath(draft));
export const getRecord = (draft: string, where: string) => get<RuleRecord>(`${draftPath(draft)}/record${where ? `?${new URLSearchParams({ where })}` : ''}`);
export const editRecord = (draft: string, edit: Edit) => post<Saved>(`${draftPath(draft)}/edit`, edit);
export const putSheet = (draft: string, rev: number, name: string, grid: Grid, reason: string) => post<Saved>(`${draftPath(draft)}/sheet`, { rev, name, grid, reason });
export const putFile = (draft: string, rev: number, name: string, text: string, reason: string) => post<Saved>(`${draftPath(draft)}/file`, { rev, name, text, reason });
export const checkPeople = (draft: string) => post<People>(`${draftPath(draft)}/people`, {});
export const propose = (draft: string, rev: number) => post<Saved>(`${draftPath(draft)}/propose`, { rev });
export const drop = (draft: string, rev: number) => post<Saved>(`${draftPath(draft)}/drop`, { rev });
export const adopt = (draft: string, rev: number, pack: string, reason: string) => post<Saved>(`/pack/proposals/${id(draft)}/adopt`, reason ? { rev, pack, reason } : { rev, pack });
export const giveBack = (draft: string, rev: number, reason: string) => post<Saved>(`/pack/proposals/${id(draft)}/return`, { rev, reason });
