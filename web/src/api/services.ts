// services.ts - the register of external services: a page of it as it is filtered, and one service with what hangs on it.
import { get, id, type Service, type ServicePage } from './client.ts';
import { query, type Filter } from './registers.ts';

export const listServices = (filter: Filter = {}, after?: string) => get<ServicePage>(`/services${query(filter, { after })}`);
export const getService = (service: string) => get<Service>(`/services/${id(service)}`);
