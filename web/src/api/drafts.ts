// drafts.ts - what somebody has begun to write, and what was filed before with the same form.
import { get, id, post, type Reply } from './client.ts';
import type { components } from '../generated/api.ts';

type Schemas = components['schemas'];
export type DraftLine = Schemas['Draft'];
export type DraftDetail = Schemas['DraftDetail'];
export type DraftList = Schemas['DraftList'];
export type Saved = Schemas['DraftSaved'];
export type Previous = Schemas['PreviousList']['items'][number];
export type Typed = Schemas['Typed'];

/** What a draft belongs to: a form, and the application that is mended, corrected or filled in. */
export type Subject = { form: string; about?: string | undefined };

export const listDrafts = () => get<DraftList>('/drafts');
export const getDraft = (draft: string) => get<DraftDetail>(`/drafts/${id(draft)}`);
export const addDraft = ({ form, about }: Subject, answers: Typed, applicant: string) =>
  post<Saved>('/drafts', { form, answers, ...(about ? { about } : {}), ...(applicant ? { applicant } : {}) });
export const saveDraft = (draft: string, answers: Typed, applicant: string, rev: number) =>
  post<Saved>(`/drafts/${id(draft)}`, { answers, rev, ...(applicant ? { applicant } : {}) });
export const dropDraft = (draft: string): Promise<Reply<object>> => post<object>(`/drafts/${id(draft)}/drop`, {});
export const listPrevious = (form: string) => get<Schemas['PreviousList']>(`/forms/${id(form)}/previous`);
