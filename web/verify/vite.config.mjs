// verify.html: one file that a browser opens from disk, without a network. Script, worker and styles stand in it; its CSP names their
// hashes, lets the worker be made of the page's own text, and nothing else: no connection, no picture, no form.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { build, defineConfig } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const WORDS = 'virtual:verifier-words';
const WORKER = 'virtual:verifier-worker';
const AREA = 'verifier.';

/** The catalogue's keys of this page, without the area. */
function words() {
  const of = (lang) => {
    const all = JSON.parse(readFileSync(here(`../src/generated/${lang}.json`), 'utf8'));
    return Object.fromEntries(Object.entries(all).filter(([key]) => key.startsWith(AREA)).map(([key, text]) => [key.slice(AREA.length), text]));
  };
  return `export default ${JSON.stringify({ ja: of('ja'), en: of('en') })}`;
}

/** The worker as one classic script. */
async function worker() {
  const made = await build({
    configFile: false, root: here('.'), logLevel: 'warn',
    build: { write: false, target: 'es2022', lib: { entry: here('worker.ts'), formats: ['iife'], name: 'worker' } },
  });
  const output = [made].flat().flatMap((m) => ('output' in m ? m.output : []));
  const code = output.length === 1 && output[0]?.type === 'chunk' ? output[0].code : null;
  if (code === null) throw new Error('the worker is not one script');
  return `export default ${JSON.stringify(code)}`;
}

const virtual = {
  name: 'verifier-virtual',
  resolveId: (id) => (id === WORDS || id === WORKER ? `\0${id}` : undefined),
  load: (id) => (id === `\0${WORDS}` ? words() : id === `\0${WORKER}` ? worker() : undefined),
};

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
/** In a script's strings and regular expressions, nothing that ends a script element or opens a comment of HTML. */
const quiet = (code) => code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--').trim();

/** Script and styles into the page, with the hashes that its policy names. */
const single = {
  name: 'verifier-single',
  enforce: 'post',
  generateBundle(_, bundle) {
    const parts = Object.values(bundle);
    const chunks = parts.filter((p) => p.type === 'chunk');
    const assets = parts.filter((p) => p.type === 'asset');
    const page = assets.find((a) => a.fileName === 'index.html');
    const sheets = assets.filter((a) => a.fileName.endsWith('.css'));
    if (!page || chunks.length !== 1 || sheets.length !== 1 || assets.length !== 2) throw new Error(`not one page, script and style sheet: ${parts.map((p) => p.fileName).join(' ')}`);
    const script = quiet(chunks[0]?.code ?? '');
    const style = String(sheets[0]?.source).trim();
    const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; worker-src blob:; base-uri 'none'; form-action 'none'`;
    const html = String(page.source).split('\n').filter((line) => !/<script|<link/.test(line)).join('\n');
    page.source = html
      .replace('<meta charset="utf-8">', () => `<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="${policy}">`)
      .replace('</head>', () => `<style>${style}</style>\n</head>`)
      .replace('</body>', () => `<script type="module">${script}</script>\n</body>`);
    page.fileName = 'verify.html';
    for (const part of [...chunks, ...sheets]) delete bundle[part.fileName];
  },
};

export default defineConfig({
  root: here('.'),
  plugins: [react(), virtual, single],
  build: { outDir: here('../dist'), emptyOutDir: false, target: 'es2022', modulePreload: { polyfill: false }, cssCodeSplit: false },
});
