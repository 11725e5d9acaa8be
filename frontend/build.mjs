// Builds the islands and the style sheet into the package, with fingerprinted names.
// In: src/*.ts, styles/*.css, node_modules as locked. Out: ../src/caseroom/web/static and its
// manifest.json. `--check` builds in memory and fails where the committed bytes differ.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(here, "../src/caseroom/web/static");

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

async function bundle() {
  const result = await esbuild.build({
    absWorkingDir: here,
    entryPoints: {
      app: "src/app.ts",
      editor: "src/sql-editor.ts",
      style: "styles/index.css",
    },
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["chrome120", "firefox121", "safari17"],
    minify: true,
    legalComments: "none",
    charset: "utf8",
    outdir: "static",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  const files = new Map();
  for (const file of result.outputFiles) {
    files.set(file.path.split(/[\\/]/).pop(), Buffer.from(file.contents));
  }
  return { files, metafile: result.metafile };
}

function addIcon(files) {
  const bytes = readFileSync(join(here, "src/icon.svg"));
  const name = `icon-${sha256(bytes).slice(0, 8).toUpperCase()}.svg`;
  files.set(name, bytes);
  return name;
}

/** Entry names as templates use them, such as app.js, to the fingerprinted file. */
function entries(metafile, icon) {
  const named = { "icon.svg": icon };
  for (const [path, output] of Object.entries(metafile.outputs)) {
    if (!output.entryPoint) continue;
    const file = path.split("/").pop();
    const [, stem, ending] = file.match(/^(.+)-[A-Z0-9]{8}\.(js|css)$/);
    if (output.entryPoint.startsWith("src/") && !["app", "editor"].includes(stem)) continue;
    named[`${stem}.${ending}`] = file;
  }
  return Object.fromEntries(Object.entries(named).sort());
}

/** Every npm package with code in an output file: name to the files that hold it. */
function packagesIn(metafile) {
  const found = new Map();
  for (const [path, output] of Object.entries(metafile.outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
      const match = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//);
      if (!match || bytesInOutput === 0) continue;
      const files = found.get(match[1]) ?? new Set();
      found.set(match[1], files.add(path.split("/").pop()));
    }
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function packageRecord(name, files) {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return { name, version, license, files: [...files].sort() };
}

function licenseText({ name, version, license }) {
  const folder = join(here, "node_modules", name);
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : `License: ${license}`;
  const title = `${name} ${version} (${license})`;
  return `${title}\n${"=".repeat(title.length)}\n\n${text.replace(/\r\n/g, "\n")}\n`;
}

async function build() {
  const { files, metafile } = await bundle();
  const icon = addIcon(files);
  const packages = [...packagesIn(metafile)].map(([name, inFiles]) => packageRecord(name, inFiles));
  files.set("LICENSES.txt", Buffer.from(packages.map(licenseText).join("\n\n")));
  const manifest = {
    entries: entries(metafile, icon),
    files: [...files.keys()].sort().map((name) => ({
      name,
      bytes: files.get(name).length,
      sha256: sha256(files.get(name)),
    })),
    packages,
  };
  files.set("manifest.json", Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
  return files;
}

function differences(files) {
  const there = existsSync(out) ? new Set(readdirSync(out)) : new Set();
  const wrong = [...there].filter((name) => !files.has(name)).map((name) => `not built: ${name}`);
  for (const [name, bytes] of files) {
    if (!there.has(name)) wrong.push(`missing: ${name}`);
    else if (!readFileSync(join(out, name)).equals(bytes)) wrong.push(`differs: ${name}`);
  }
  return wrong;
}

function write(files) {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  for (const [name, bytes] of files) writeFileSync(join(out, name), bytes);
  for (const [name, bytes] of files) console.log(String(bytes.length).padStart(9), name);
}

const files = await build();
if (process.argv.includes("--check")) {
  const wrong = differences(files);
  if (wrong.length) {
    console.error(wrong.join("\n"));
    process.exit(1);
  }
  console.log(`${files.size} files are what the sources give`);
} else {
  write(files);
}
