import { pick } from "./choices.js";
import { openForm } from "./comment.js";

const steps = {
  j: ["[data-choices], [data-cell], [data-row]", 1],
  k: ["[data-choices], [data-cell], [data-row]", -1],
  n: ["[data-thread]", 1],
  p: ["[data-thread]", -1],
  "]": ["[data-file]", 1],
  "[": ["[data-file]", -1],
};

/** One key each, never while typing. */
export function bindKeyboard(root) {
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]") && event.key !== "?") return;
    if (act(event.key, event.target)) event.preventDefault();
  });
}

function isTyping(element) {
  return element.matches?.("input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]");
}

function act(key, target) {
  if (key in steps) return step(...steps[key]);
  if (key === "/") return focusOn(document.querySelector("[data-search]"));
  if (key === "c") return comment();
  if (key === "?") return help();
  if (key >= "1" && key <= "9") return pick(Number(key), target);
  if (key === "Enter" && (target === document.body || target.matches?.(".is-at"))) return open();
  return false;
}

function step(selector, by) {
  // Rows inside cells belong to the cell, cells to what is to be decided: one steps by the largest.
  const wanted = selector.split(", ").find((part) => document.querySelector(part)) ?? selector;
  const items = [...document.querySelectorAll(wanted)].filter((item) => item.checkVisibility());
  if (!items.length) return false;
  const at = items.findIndex((item) => item.classList.contains("is-at"));
  const next = at < 0 ? firstInView(items, by) : Math.min(items.length - 1, Math.max(0, at + by));
  go(items[next]);
  return true;
}

function firstInView(items, by) {
  if (by < 0) return items.length - 1;
  const seen = items.findIndex((item) => item.getBoundingClientRect().bottom > 80);
  return Math.max(0, seen);
}

function go(item) {
  document.querySelectorAll(".is-at").forEach((old) => old.classList.remove("is-at"));
  item.classList.add("is-at");
  if (!item.hasAttribute("tabindex")) item.tabIndex = -1;
  item.focus({ preventScroll: true });
  const box = item.getBoundingClientRect();
  const fits = box.height < innerHeight * 0.8;
  if (box.top < 60 || box.bottom > innerHeight - 20) item.scrollIntoView({ block: fits ? "center" : "start" });
}

function focusOn(element) {
  element?.focus();
  element?.select?.();
  return Boolean(element);
}

function comment() {
  const here = document.querySelector(".is-at") ?? document.querySelector("[data-anchor]:hover");
  if (!here) return false;
  const button = here.matches("[data-comment]") ? here : here.querySelector("[data-comment]");
  if (button) return openForm(button, button.dataset.comment);
  const reply = here.querySelector("textarea");
  return focusOn(reply);
}

function open() {
  const link = document.querySelector(".is-at a[href]");
  link?.click();
  return Boolean(link);
}

function help() {
  const dialog = document.querySelector("[data-keyboard-help]");
  if (dialog?.open) dialog.close();
  else dialog?.showModal();
  return Boolean(dialog);
}
