// Bundles the styles of every module into one app.css and the scripts into small ES modules (wwwroot/build).
import { build } from "esbuild";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = dirname(here);
const out = join(here, "wwwroot", "build");
const generated = join(here, "node_modules", ".squero");

const stylesOf = (module) => {
  const folder = join(modules, module, "wwwroot", "css");
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith(".css")).sort().map((name) => join(folder, name));
};

// The design system's own entry comes first: it declares the order of the layers.
const siblings = readdirSync(modules).filter((name) => name !== "Ui").sort().flatMap(stylesOf);
const styles = [join(here, "wwwroot", "css", "app.css"), ...siblings];
mkdirSync(generated, { recursive: true });
const entry = join(generated, "app.css");
writeFileSync(entry, styles.map((path) => `@import ${JSON.stringify(relative(generated, path).replaceAll("\\", "/"))};\n`).join(""));

const common = {
  bundle: true,
  minify: true,
  legalComments: "none",
  outdir: out,
  target: ["chrome123", "firefox121", "safari17.5"],
  logLevel: "warning",
};

rmSync(out, { recursive: true, force: true });
await build({ ...common, entryPoints: { app: entry } });
await build({
  ...common,
  absWorkingDir: here,
  entryPoints: {
    app: "wwwroot/js/app.js",
    charts: "wwwroot/js/charts.js",
    tables: "wwwroot/js/tables.js",
    math: "wwwroot/js/math.js",
    code: "wwwroot/js/code.js",
  },
  format: "esm",
  // Every browser of the target list reads woff2; the older formats would triple the fonts.
  plugins: [{
    name: "woff2-only",
    setup(on) {
      on.onResolve({ filter: /\.(woff|ttf)$/ }, () => ({ path: "older-format", external: true }));
    },
  }],
  loader: { ".woff2": "file" },
  assetNames: "fonts/[name]",
});

// Charts that strangers describe are drawn in frames without an origin: classic scripts, because modules ask for one. Loaded there only.
await build({
  ...common,
  absWorkingDir: here,
  entryPoints: { "frame-plotly": "wwwroot/js/frames/plotly.js", "frame-vega": "wwwroot/js/frames/vega.js" },
  format: "iife",
  legalComments: "eof",
});
