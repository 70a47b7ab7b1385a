// paths.ts - where a row is looked at: services, applications and incidents have screens of their own.
const OWN: Record<string, (id: string) => string> = {
  service: (id) => `/services/${id}`,
  application: (id) => `/applications/${id}`,
  incident: (id) => `/incidents/${id}`,
};

export const rowPath = (register: string, id: string) => OWN[register]?.(id) ?? `/rows/${register}/${id}`;
/** The plain page of a row, whatever it is: cells, history, files. */
export const plainPath = (register: string, id: string) => `/rows/${register}/${id}`;
