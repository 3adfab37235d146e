/**
 * form[data-columns] chooses columns: while one types in its search, what the server finds appears below as boxes; a box that is
 * ticked moves up to those shown.
 */
export function bindColumns(root) {
  for (const form of root.querySelectorAll("form[data-columns]:not([data-bound])")) {
    form.dataset.bound = "1";
    new ColumnChooser(form).start();
  }
}

class ColumnChooser {
  constructor(form) {
    this.form = form;
    this.shown = form.querySelector("[data-columns-shown]");
    this.found = form.querySelector("[data-columns-found]");
    this.field = form.querySelector("[data-columns-find]");
    this.asked = 0;
  }

  start() {
    this.field.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.search(), 150);
    });
    this.field.addEventListener("focus", () => { if (!this.found.children.length) this.search(); });
    // Enter searches at once: the names are below, and the table stays as it is.
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.search();
    });
    this.found.addEventListener("change", (event) => {
      const label = event.target.closest("label");
      if (!label || !event.target.checked) return;
      this.shown.append(label);
      event.target.focus();
    });
    // What was searched for is not part of the table's address.
    this.form.querySelector("[data-columns-done]").addEventListener("click", () => { this.field.disabled = true; });
    this.form.querySelector("[formaction]")?.remove();
  }

  async search() {
    const number = ++this.asked;
    const address = new URL(this.form.dataset.columns, location.href);
    address.searchParams.set("search", this.field.value);
    for (const box of this.shown.querySelectorAll("input:checked")) address.searchParams.append("column", box.value);
    try {
      const answer = await fetch(address, { headers: { accept: "text/html" }, credentials: "same-origin" });
      if (!answer.ok) throw new Error(`The names could not be loaded (${answer.status}).`);
      const html = await answer.text();
      if (number !== this.asked) return;
      const part = document.createElement("template");
      part.innerHTML = html;
      this.found.replaceChildren(part.content);
    } catch (failure) {
      if (number === this.asked) this.found.textContent = failure.message;
    }
  }
}
