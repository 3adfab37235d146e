/**
 * [data-comment="anchor"] reveals the form of <template data-comment-form> below the element that carries the anchor.
 * Without this script the link leads to ?comment=<anchor>, where the server draws the same form.
 */
export function bindComments(root) {
  root.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-comment]");
    if (button && !event.ctrlKey && !event.metaKey && openForm(button, button.dataset.comment)) event.preventDefault();
    const cancel = event.target.closest?.("[data-cancel]");
    if (cancel && close(cancel)) event.preventDefault();
  });
  root.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-draft]");
    if (form && event.target instanceof HTMLTextAreaElement) sessionStorage.setItem(form.dataset.draft, event.target.value);
  });
  root.addEventListener("submit", (event) => {
    if (event.target.dataset.draft) sessionStorage.removeItem(event.target.dataset.draft);
  });
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target instanceof HTMLTextAreaElement && !event.target.value) close(event.target);
  });
}

/** False when the page has no form to offer. Fields go into inputs of the same names. */
export function openForm(from, anchor, fields = {}) {
  const template = from.closest("[data-comment-scope]")?.querySelector("template[data-comment-form]")
    ?? document.querySelector("template[data-comment-form]");
  if (!template) return false;
  const host = hostOf(from);
  const existing = [...document.querySelectorAll("[data-open-comment]")].find((form) => form.dataset.openComment === anchor);
  if (existing && !fields.region) {
    existing.querySelector("textarea")?.focus();
    return true;
  }
  existing?.remove();
  const part = template.content.cloneNode(true);
  const form = part.querySelector("form");
  for (const [name, value] of Object.entries({ anchor, ...fields })) setField(form, name, value);
  const text = form.querySelector("textarea");
  form.dataset.draft = `draft ${location.pathname} ${anchor}`;
  if (text && !text.value) text.value = sessionStorage.getItem(form.dataset.draft) ?? "";
  place(host, part, anchor);
  text?.focus();
  return true;
}

function hostOf(from) {
  const host = from.closest("[data-anchor]") ?? from;
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

function place(host, part, anchor) {
  const isRow = host instanceof HTMLTableRowElement;
  const holder = document.createElement(isRow ? "tr" : "div");
  holder.dataset.openComment = anchor;
  if (isRow) {
    holder.className = "diff__after";
    const cell = document.createElement("td");
    cell.colSpan = [...host.cells].reduce((sum, one) => sum + one.colSpan, 0);
    cell.append(part);
    holder.append(cell);
  } else {
    holder.append(part);
  }
  host.after(holder);
}

function close(from) {
  const holder = from.closest("[data-open-comment]");
  holder?.remove();
  return Boolean(holder);
}
