import { insertAtCaret } from "./form.js";
import { readSelection } from "./selection.js";

let bindArrived = () => {};

/**
 * [data-comment="anchor"] reveals a form below the element that carries the anchor: what [data-comment-source] answers for the
 * anchor, or else <template data-comment-form>. Without this script the link leads to the same form drawn by the server.
 */
export function bindComments(root, bind = () => {}) {
  bindArrived = bind;
  let selected = null;
  // The press that follows a link takes the selection away.
  root.addEventListener("pointerdown", (event) => {
    const button = event.target.closest?.("[data-comment]");
    if (button) selected = readSelection(hostOf(button));
  });
  root.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-comment]");
    if (button && !event.ctrlKey && !event.metaKey && openForm(button, button.dataset.comment, selected ?? {})) event.preventDefault();
    if (button) selected = null;
    const cancel = event.target.closest?.("[data-cancel]");
    if (cancel && close(cancel)) event.preventDefault();
    const fill = event.target.closest?.("[data-fill]");
    if (fill && fillText(fill)) event.preventDefault();
  });
  root.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-draft]");
    if (form && event.target instanceof HTMLTextAreaElement) sessionStorage.setItem(form.dataset.draft, event.target.value);
  });
  root.addEventListener("squero:sent", (event) => {
    if (event.target.dataset.draft) sessionStorage.removeItem(event.target.dataset.draft);
  });
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target instanceof HTMLTextAreaElement && !event.target.value) close(event.target);
  });
}

/** False when the page has no form to offer. Fields go to the source as a query, or into inputs of the same names. */
export function openForm(from, anchor, fields = {}) {
  const source = from.closest("[data-comment-source]")?.dataset.commentSource;
  const template = from.closest("[data-comment-scope]")?.querySelector("template[data-comment-form]")
    ?? document.querySelector("template[data-comment-form]");
  if (!source && !template) return false;
  const existing = [...document.querySelectorAll("[data-open-comment]")].find((form) => form.dataset.openComment === anchor);
  if (existing && !Object.keys(fields).length) {
    existing.querySelector("textarea")?.focus();
    return true;
  }
  existing?.remove();
  const inside = place(hostOf(from), anchor);
  if (source) fetchForm(inside, from, source, anchor, fields);
  else fillTemplate(inside, template, anchor, fields);
  return true;
}

async function fetchForm(inside, from, source, anchor, fields) {
  inside.setAttribute("aria-busy", "true");
  const query = new URLSearchParams({ comment: anchor, ...fields });
  try {
    const answer = await fetch(`${source}&${query}`, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    inside.innerHTML = await answer.text();
  } catch {
    // The page that the link leads to says what is wrong.
    if (from.href) location.assign(from.href);
    else close(inside);
    return;
  }
  inside.removeAttribute("aria-busy");
  ready(inside.querySelector("form"), anchor);
  bindArrived(inside);
}

function fillTemplate(inside, template, anchor, fields) {
  inside.append(template.content.cloneNode(true));
  const form = inside.querySelector("form");
  for (const [name, value] of Object.entries({ anchor, ...fields })) setField(form, name, value);
  ready(form, anchor);
}

function ready(form, anchor) {
  const text = form.querySelector("textarea");
  form.dataset.draft = `draft ${location.pathname} ${anchor}`;
  if (text && !text.value.trim()) text.value = sessionStorage.getItem(form.dataset.draft) ?? "";
  text?.focus();
}

/** [data-fill="address"]: the text of the form at that address, for the lines that are chosen now, goes into this one. */
function fillText(link) {
  const form = link.closest("form");
  const text = form?.querySelector("textarea");
  if (!text) return false;
  const address = new URL(link.dataset.fill, location.href);
  for (const name of ["line", "end_line"]) {
    const field = form.elements.namedItem(name);
    if (field) address.searchParams.set(name, field.value);
  }
  fetch(address).then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status))).then((html) => {
    const filled = new DOMParser().parseFromString(html, "text/html").querySelector("textarea")?.value ?? "";
    insertAtCaret(text, filled);
    text.rows = Math.max(text.rows, Math.min(16, text.value.split("\n").length + 1));
    const meant = form.elements.namedItem("meant");
    if (meant && !meant.value) meant.value = "suggestion";
  }).catch(() => location.assign(link.href));
  return true;
}

function hostOf(from) {
  const host = from.closest("[data-anchor]") ?? from.closest("header") ?? from;
  return host.closest("tr") ?? host;
}

function setField(form, name, value) {
  let input = form.elements.namedItem(name);
  if (!input) {
    input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    form.append(input);
  }
  input.value = value;
}

/** Where the form goes, below its host: the element to fill. */
function place(host, anchor) {
  const isRow = host instanceof HTMLTableRowElement;
  const holder = document.createElement(isRow ? "tr" : "div");
  holder.dataset.openComment = anchor;
  host.after(holder);
  if (!isRow) return holder;
  holder.className = "diff__after";
  const cell = document.createElement("td");
  cell.colSpan = [...host.cells].reduce((sum, one) => sum + one.colSpan, 0);
  holder.append(cell);
  return cell;
}

function close(from) {
  const holder = from.closest("[data-open-comment]");
  holder?.remove();
  // The reader goes on where the form was asked for.
  if (holder) document.querySelector(".is-at")?.focus({ preventScroll: true });
  return Boolean(holder);
}
