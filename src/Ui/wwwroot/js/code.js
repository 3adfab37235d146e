import highlighter from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import cpp from "highlight.js/lib/languages/cpp";
import csharp from "highlight.js/lib/languages/csharp";
import css from "highlight.js/lib/languages/css";
import dockerfile from "highlight.js/lib/languages/dockerfile";
import go from "highlight.js/lib/languages/go";
import ini from "highlight.js/lib/languages/ini";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import julia from "highlight.js/lib/languages/julia";
import makefile from "highlight.js/lib/languages/makefile";
import markdown from "highlight.js/lib/languages/markdown";
import python from "highlight.js/lib/languages/python";
import r from "highlight.js/lib/languages/r";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";

const languages = { bash, cpp, csharp, css, dockerfile, go, ini, java, javascript, json, julia, makefile, markdown, python, r, rust, sql, xml, yaml };
for (const [name, language] of Object.entries(languages)) highlighter.registerLanguage(name, language);

const lengthMax = 400_000;

/** Snippets (code.language-x) and numbered files ([data-code-lines="x"]). */
export function bind(root) {
  for (const code of root.querySelectorAll("pre code[class^='language-']:not([data-bound])")) {
    code.dataset.bound = "1";
    const language = code.className.slice("language-".length).split(" ")[0];
    const html = highlight(code.textContent, language);
    if (html !== null) code.innerHTML = html;
  }
  for (const table of root.querySelectorAll("[data-code-lines]:not([data-bound])")) {
    table.dataset.bound = "1";
    const cells = [...table.querySelectorAll(".code__text")];
    const html = highlight(cells.map((cell) => cell.textContent).join("\n"), table.dataset.codeLines);
    if (html === null) continue;
    const lines = splitLines(html);
    if (lines.length === cells.length) cells.forEach((cell, index) => { cell.innerHTML = lines[index]; });
  }
}

/** Null when the text is too long or the language unknown. What comes back is encoded by the highlighter. */
function highlight(text, language) {
  if (text.length > lengthMax || !highlighter.getLanguage(language)) return null;
  return highlighter.highlight(text, { language, ignoreIllegals: true }).value;
}

/** A span that runs over several lines is closed at each end and opened again. */
function splitLines(html) {
  const open = [];
  return html.split("\n").map((line) => {
    const before = open.join("");
    for (const tag of line.match(/<span[^>]*>|<\/span>/g) ?? []) {
      if (tag === "</span>") open.pop();
      else open.push(tag);
    }
    return before + line + "</span>".repeat(open.length);
  });
}
