import highlighter from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import clojure from "highlight.js/lib/languages/clojure";
import cpp from "highlight.js/lib/languages/cpp";
import csharp from "highlight.js/lib/languages/csharp";
import css from "highlight.js/lib/languages/css";
import dockerfile from "highlight.js/lib/languages/dockerfile";
import fsharp from "highlight.js/lib/languages/fsharp";
import go from "highlight.js/lib/languages/go";
import haskell from "highlight.js/lib/languages/haskell";
import ini from "highlight.js/lib/languages/ini";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import julia from "highlight.js/lib/languages/julia";
import kotlin from "highlight.js/lib/languages/kotlin";
import lua from "highlight.js/lib/languages/lua";
import makefile from "highlight.js/lib/languages/makefile";
import markdown from "highlight.js/lib/languages/markdown";
import matlab from "highlight.js/lib/languages/matlab";
import ocaml from "highlight.js/lib/languages/ocaml";
import powershell from "highlight.js/lib/languages/powershell";
import python from "highlight.js/lib/languages/python";
import r from "highlight.js/lib/languages/r";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import scala from "highlight.js/lib/languages/scala";
import scheme from "highlight.js/lib/languages/scheme";
import sql from "highlight.js/lib/languages/sql";
import stata from "highlight.js/lib/languages/stata";
import swift from "highlight.js/lib/languages/swift";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";

const languages = {
  bash, clojure, cpp, csharp, css, dockerfile, fsharp, go, haskell, ini, java, javascript, json, julia, kotlin, lua, makefile, markdown,
  matlab, ocaml, powershell, python, r, ruby, rust, scala, scheme, sql, stata, swift, typescript, xml, yaml,
};
for (const [name, language] of Object.entries(languages)) highlighter.registerLanguage(name, language);

const lengthMax = 400_000;

/** Snippets (code.language-x) and numbered files ([data-code-lines="x"]). */
export function bind(root) {
  bindSources(root);
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

// What kernels call their language, where the highlighter calls it otherwise.
const kernels = { python3: "python", ipython: "python", ipython3: "python", ir: "r", "c++": "cpp", "c++11": "cpp", "c++14": "cpp", "c++17": "cpp", "c#": "csharp", "f#": "fsharp", octave: "matlab", deno: "typescript", racket: "scheme", "calysto-scheme": "scheme", "ocaml-jupyter": "ocaml", sas: "sql", xonsh: "python", sh: "bash" };

/** [data-language] parts within a [data-language] document: lines of source, old and new ones mixed. They colour when they come near. */
function bindSources(root) {
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      watcher.unobserve(entry.target);
      paintSource(entry.target);
    }
  }, { rootMargin: "800px 0px" });
  for (const part of root.querySelectorAll("[data-language] [data-language]:not([data-bound])")) {
    part.dataset.bound = "1";
    watcher.observe(part);
  }
}

function paintSource(part) {
  const named = part.parentElement.closest("[data-language]").dataset.language;
  const language = part.dataset.language === "markdown" ? "markdown" : kernels[named] ?? named;
  const lines = [...part.querySelectorAll(".nb-line")];
  // Each side is coloured as a whole, so that a string that begins before a change goes on behind it.
  const sides = part.classList.contains("nb-split")
    ? [part.querySelectorAll(".nb-half:first-child > .nb-line"), part.querySelectorAll(".nb-half:last-child > .nb-line")].map((side) => [...side])
    : ["nb-del", "nb-add"].map((skip) => lines.filter((line) => !line.classList.contains(skip)));
  for (const side of sides) paintSide(side, language);
}

function paintSide(lines, language) {
  const codes = lines.map((line) => line.querySelector(":scope > code"));
  const html = highlight(codes.map((code) => code.textContent).join("\n"), language);
  const coloured = html === null ? [] : splitLines(html);
  if (coloured.length !== codes.length) return;
  codes.forEach((code, index) => {
    if (code.dataset.coloured) return;
    code.dataset.coloured = "1";
    const marks = marksOf(code);
    code.innerHTML = coloured[index];
    for (const mark of marks) wrap(code, mark);
  });
}

/** Where ins and del stand in the text, to be put back over the colours. */
function marksOf(code) {
  const marks = [];
  let at = 0;
  for (const node of code.childNodes) {
    const length = node.textContent.length;
    if (node.nodeName === "INS" || node.nodeName === "DEL") marks.push({ name: node.nodeName, from: at, to: at + length });
    at += length;
  }
  return marks;
}

function wrap(code, { name, from, to }) {
  const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
  const pieces = [];
  for (let at = 0; walker.nextNode(); at += walker.currentNode.data.length) {
    const start = Math.max(from - at, 0);
    const end = Math.min(to - at, walker.currentNode.data.length);
    if (start < end) pieces.push([walker.currentNode, start, end]);
  }
  for (const [text, start, end] of pieces) {
    const range = document.createRange();
    range.setStart(text, start);
    range.setEnd(text, end);
    range.surroundContents(document.createElement(name));
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
