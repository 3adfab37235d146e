/**
 * input[data-suggest]: names for the word under the caret, from the address given, as a list box below the field (arrows, Enter or
 * Tab take one, Escape closes it).
 */
export function bindSuggestions(root) {
  for (const field of root.querySelectorAll("input[data-suggest]:not([data-bound])")) {
    field.dataset.bound = "1";
    new Suggestions(field).start();
  }
}

let count = 0;

class Suggestions {
  constructor(field) {
    this.field = field;
    this.list = document.createElement("ul");
    this.list.className = "suggest";
    this.list.id = `suggest-${++count}`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Names");
    this.list.hidden = true;
    this.asked = 0;
    this.at = -1;
  }

  start() {
    const { field, list } = this;
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);
    field.setAttribute("aria-expanded", "false");
    field.after(list);
    field.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), 120);
    });
    field.addEventListener("keydown", (event) => this.press(event));
    field.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    list.addEventListener("mousedown", (event) => {
      const option = event.target.closest("li");
      if (!option) return;
      event.preventDefault();
      this.take(option);
    });
  }

  /** The word before the caret, when it is where a name can stand: not within a quoted value, not behind a comparison. */
  word() {
    const before = this.field.value.slice(0, this.field.selectionStart ?? 0);
    const part = before.split(/\s+and\s+/i).pop();
    if (/[=<>!]|\blike\b|\bin\b/i.test(part)) return null;
    const word = /[^\s]*$/.exec(part)[0];
    return word.length < 2 ? null : { text: word, from: before.length - word.length, to: before.length };
  }

  async ask() {
    const word = this.word();
    const number = ++this.asked;
    if (!word) return this.close();
    const address = new URL(this.field.dataset.suggest, location.href);
    address.searchParams.set("search", word.text.replaceAll(/[`"]/g, ""));
    try {
      const answer = await fetch(address, { credentials: "same-origin" });
      if (!answer.ok || number !== this.asked) return;
      this.show(await answer.json());
    } catch {
      this.close();
    }
  }

  show(names) {
    this.at = -1;
    this.list.replaceChildren(...names.map((name, index) => {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = name;
      return option;
    }));
    this.list.hidden = names.length === 0;
    this.field.setAttribute("aria-expanded", String(names.length > 0));
    this.field.removeAttribute("aria-activedescendant");
  }

  press(event) {
    if (this.list.hidden) return;
    const options = [...this.list.children];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = this.at + (event.key === "ArrowDown" ? 1 : -1);
      this.at = (next + options.length) % options.length;
      options.forEach((option, index) => option.setAttribute("aria-selected", String(index === this.at)));
      options[this.at].scrollIntoView({ block: "nearest" });
      this.field.setAttribute("aria-activedescendant", options[this.at].id);
    } else if ((event.key === "Enter" || event.key === "Tab") && this.at >= 0) {
      event.preventDefault();
      this.take(options[this.at]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  take(option) {
    const word = this.word();
    if (word) this.field.setRangeText(`${option.textContent} `, word.from, word.to, "end");
    this.close();
    this.field.focus();
  }

  close() {
    this.asked++;
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }
}
