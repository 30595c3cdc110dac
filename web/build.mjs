// Builds the pages' assets from web/ into build/assets/: one style sheet without the rules that
// nothing names, one script, one sprite of icons, the favicon, the licences of what they are
// made of. Each name carries a hash of the content; beside each lies its gzip form. `manifest`
// says which is which, a line "app.css app.0123456789.css" each.
//
// usage: node web/build.mjs     (in the root of the repository)
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundle, transform } from 'lightningcss';
import { PurgeCSS } from 'purgecss';

const OUT = 'build/assets';
const require = createRequire(import.meta.url);

function filesBelow(folder, ending) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

const read = (path) => readFileSync(path, 'utf8');
const templates = filesBelow('web/templates', '.mustache').map(read);
const scripts = filesBelow('web/js', '.js').map(read);
const pagesInC = filesBelow('src', '.c').filter((path) => /^src\/html\/|_page\w*\.c$/.test(path));

// Rules stay whose classes, elements and attributes are named in a template, in our script, or in
// a literal of the C that makes pages.
async function style() {
  const whole = bundle({ filename: 'web/css/app.css', errorRecovery: false }).code.toString();
  const literals = pagesInC.flatMap((path) => read(path).match(/"(?:\\.|[^"\\\n])*"/g) ?? []);
  const named = [...templates, ...scripts, ...literals].join('\n');
  const [purged] = await new PurgeCSS().purge({
    content: [{ raw: named, extension: 'html' }],
    css: [{ raw: whole }],
    defaultExtractor: (text) => text.match(/[\w-]+/g) ?? [],
    // Classes that the view completes: state-{{key}}, alert-{{kind}}, outcome-{{outcome}}.
    safelist: { standard: [/^(state|outcome)-/, /^alert-(danger|info|success|warning)$/] },
    keyframes: true,
    variables: true,
  });
  const { code } = transform({ filename: 'app.css', code: Buffer.from(purged.css), minify: true });
  return code;
}

function script() {
  return [read(require.resolve('htmx.org/dist/htmx.min.js')), ...scripts].join('\n');
}

// web/icons has a line "name outline/file" for each icon. Those that a template names whole must
// be there; where the view completes the name ("#state-{{key}}"), all of that beginning are.
function sprite() {
  const root = dirname(require.resolve('@tabler/icons/package.json'));
  const icons = read('web/icons').trim().split('\n').map((line) => line.split(' '));
  const known = new Set(icons.map(([name]) => name));
  const named = [...templates, ...pagesInC.map(read)].join('\n');
  for (const [, name] of named.matchAll(/icons\}\}#([\w-]+)"/g)) {
    if (!known.has(name)) throw new Error(`icon ${name} is not in web/icons`);
  }
  const symbols = icons.map(([name, file]) => {
    const svg = read(join(root, 'icons', `${file}.svg`)).replace(/<!--[^]*?-->/, '');
    const paths = svg.replace(/^[^]*?<svg[^>]*>|<\/svg>\s*$/g, '').replace(/>\s+</g, '><').trim();
    const paint = file.startsWith('filled/') ? 'fill="currentColor"' : 'fill="none" ' +
      'stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
    return `<symbol id="${name}" viewBox="0 0 24 24" ${paint}>${paths}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`;
}

const assets = {
  'app.css': await style(),
  'app.js': script(),
  'favicon.svg': read('web/favicon.svg'),
  'icons.svg': sprite(),
  'licences.txt': read('web/licences.txt'),
};

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const manifest = Object.entries(assets).map(([name, content]) => {
  const bytes = Buffer.from(content);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10);
  const hashed = name.replace('.', `.${hash}.`);
  writeFileSync(join(OUT, hashed), bytes);
  writeFileSync(join(OUT, `${hashed}.gz`), gzipSync(bytes, { level: 9 }));
  return `${name} ${hashed}\n`;
});
writeFileSync(join(OUT, 'manifest'), manifest.join(''));
