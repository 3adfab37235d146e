/** [data-choices] holds radio buttons that people count from one; [data-choices-form] says how many of its parts are decided. */
export function bindChoices(root) {
  for (const form of root.querySelectorAll("[data-choices-form]:not([data-bound])")) {
    form.dataset.bound = "1";
    form.addEventListener("change", () => count(form));
    // A browser that goes back, or reloads, puts the choices in again.
    addEventListener("pageshow", () => count(form));
    count(form);
  }
}

/** The digit picks in the part that is stepped to, or has the focus. */
export function pick(digit, target) {
  const part = target.closest?.("[data-choices]") ?? document.querySelector("[data-choices].is-at");
  const choice = part?.querySelectorAll("input[type=radio]")[digit - 1];
  if (!choice) return false;
  choice.checked = true;
  choice.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

function count(form) {
  const parts = [...form.querySelectorAll("[data-choices]")];
  const decided = parts.filter((part) => part.querySelector("input:checked")).length;
  const bar = form.querySelector("[data-choices-bar]");
  const words = form.querySelector("[data-choices-count]");
  if (bar) bar.value = decided;
  if (words) words.textContent = `${decided} of ${parts.length} decided`;
}
