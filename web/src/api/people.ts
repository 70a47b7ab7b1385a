// people.ts - 人と役職, deputies, and 受付: what waits for whom.
import { get, id, post, type Done } from './client.ts';
import type { components } from '../generated/api.ts';

type Schemas = components['schemas'];
export type Posts = Schemas['Posts'];
export type PostHolder = Schemas['PostHolder'];
export type PostsOf = Schemas['PostsOf'];
export type Deputy = Schemas['DeputyList']['items'][number];
export type Inbox = Schemas['Inbox'];
export type InboxLine = Schemas['InboxLine'];

export const listPosts = () => get<Posts>('/posts');
export const getPostsOf = (person: string) => get<PostsOf>(`/posts/${id(person)}`);
export const listDeputies = () => get<Schemas['DeputyList']>('/deputies');
export const nameDeputy = (what: Schemas['NewDeputy']) => post<Done>('/deputies', what);
export const endDeputy = (principal: string, deputy: string, reason: string, rev: number) =>
  post<Done>(`/deputies/${id(principal)}/end`, { deputy, reason, rev });
export type Appointment = Schemas['Appointment'];
export type HeldRole = Schemas['HeldRole'];
export const askAppointment = (what: Schemas['NewAppointment']) => post<Done>('/appointments', what);
export const confirmAppointment = (appointment: string, rev: number) => post<Done>(`/appointments/${id(appointment)}/confirm`, { rev });
export const refuseAppointment = (appointment: string, reason: string, rev: number) => post<Done>(`/appointments/${id(appointment)}/refuse`, { reason, rev });
export const endRole = (person: string, what: Schemas['RoleEnd']) => post<Done>(`/posts/${id(person)}/end`, what);
export const getInbox = () => get<Inbox>('/inbox');
