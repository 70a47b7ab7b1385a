// What vite.config.mjs puts together for the page.
declare module 'virtual:verifier-words' {
  const catalogue: Record<'ja' | 'en', Record<string, string>>;
  export default catalogue;
}
declare module 'virtual:verifier-worker' {
  const source: string;
  export default source;
}
