import { send } from "./send.js";

/** [data-confirm] asks first; [data-submit-on-change] spares a button; a form is sent once, and without leaving the page. */
export function bindForms(root, bind) {
  // The page is as it was left when it is loaded again, but where its address names a part.
  addEventListener("load", () => { history.scrollRestoration = "auto"; });
  root.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
    if (question && !confirm(question)) {
      event.preventDefault();
      return;
    }
    if (event.target.method !== "post") return;
    event.preventDefault();
    if (event.target.dataset.sent) return;
    event.target.dataset.sent = "1";
    send(event.target, event.submitter, bind);
  });
  root.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit-on-change]")) event.target.form?.requestSubmit();
  });
  root.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target instanceof HTMLTextAreaElement)
      event.target.form?.requestSubmit();
  });
}

/** [data-back]: the browser's own way back keeps what was typed; the link alone would fetch an empty form. */
export function bindWaysBack(root) {
  for (const link of root.querySelectorAll("a[data-back]")) {
    link.addEventListener("click", (event) => {
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || history.length < 2) return;
      event.preventDefault();
      history.back();
    });
  }
}

/** As typing would: at the caret, on a line of its own. */
export function insertAtCaret(text, words) {
  const at = text.selectionStart ?? text.value.length;
  const before = text.value.slice(0, at);
  const gap = before && !before.endsWith("\n") ? "\n" : "";
  text.setRangeText(gap + words, at, text.selectionEnd ?? at, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
}
