import { appendAnsi, withoutAnsi } from "./ansi.js";

const stamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z \d\d[OE]([ +])/;
const section = /section_(start|end):(\d+):([\w.-]+)(\[[^\]]*\])?\r?(?:\u001b\[0K)?/g;
const linesPerBlock = 500;

/**
 * [data-log-src]: the log as a terminal. What is already here is never asked for again (Range); a live log goes on
 * until an answer carries X-Log-Final. [data-log-events] is an event stream that says when there is more.
 */
export function bindLogs(root) {
  for (const box of root.querySelectorAll("[data-log-src]:not([data-bound])")) {
    box.dataset.bound = "1";
    new LogFollower(box).start();
  }
}

class LogFollower {
  constructor(box) {
    this.box = box;
    this.lines = box.querySelector("[data-log-lines]");
    this.live = box.hasAttribute("data-log-live");
    this.offset = 0;
    this.number = 0;
    this.rest = "";
    this.classes = [];
    this.open = [];
    this.decoder = new TextDecoder();
    this.into = null;
  }

  async start() {
    this.bindBar();
    const events = this.box.dataset.logEvents && this.live ? new EventSource(this.box.dataset.logEvents) : null;
    for (let failures = 0; this.box.isConnected && failures < 10;) {
      try {
        const final = await this.fetchMore();
        failures = 0;
        if (final || !this.live) break;
      } catch {
        failures++;
      }
      await this.pause(events, 1500 * 2 ** Math.min(failures, 4));
    }
    events?.close();
    this.finish();
  }

  pause(events, ms) {
    return new Promise((resolve) => {
      setTimeout(resolve, events ? ms * 4 : ms);
      events?.addEventListener("message", resolve, { once: true });
    });
  }

  async fetchMore() {
    // From the last byte that is here: a range in which there is nothing is an error that browsers print.
    const headers = this.offset ? { range: `bytes=${this.offset - 1}-` } : {};
    const answer = await fetch(this.box.dataset.logSrc, { headers, credentials: "same-origin" });
    const final = answer.headers.get("x-log-final") === "true";
    if (answer.status === 416 || answer.status === 204) return final;
    if (!answer.ok) throw new Error(String(answer.status));
    let bytes = new Uint8Array(await answer.arrayBuffer());
    // A server that ignores Range answers everything again.
    if (this.offset) bytes = bytes.subarray(answer.status === 200 ? this.offset : 1);
    if (!this.offset) this.lines.replaceChildren();
    this.offset += bytes.length;
    this.append(this.decoder.decode(bytes, { stream: true }));
    return final;
  }

  append(text) {
    const near = this.lines.scrollHeight - this.lines.scrollTop - this.lines.clientHeight < 80;
    const parts = (this.rest + text).split("\n");
    this.rest = parts.pop();
    for (const line of parts) this.appendLine(line);
    if (this.live && (near || this.following)) this.lines.scrollTop = this.lines.scrollHeight;
    this.find();
  }

  finish() {
    if (this.rest) this.appendLine(this.rest);
    this.rest = "";
    if (location.hash.startsWith("#L")) {
      const target = document.getElementById(location.hash.slice(1));
      target?.closest("details")?.setAttribute("open", "");
      target?.scrollIntoView({ block: "center" });
    }
    this.box.removeAttribute("data-log-live");
  }

  appendLine(raw) {
    const time = stamp.exec(raw);
    let line = time ? raw.slice(time[0].length) : raw;
    let heading = null;
    line = line.replace(section, (_, kind, at, name, options) => {
      if (kind === "start") heading = { name, at: Number(at), folded: options?.includes("collapsed=true") };
      else this.closeSection(name, Number(at));
      return "";
    });
    // What a carriage return wrote over is gone on a terminal, and so here.
    line = line.replace(/\r+$/, "");
    line = line.slice(line.lastIndexOf("\r") + 1);
    if (heading) this.openSection(heading, line);
    else if (line || !raw.includes("section_end:")) this.addLine(line, time?.[1]);
  }

  openSection({ name, at, folded }, title) {
    const details = document.createElement("details");
    details.className = "log__section";
    details.open = !folded;
    const summary = document.createElement("summary");
    const text = document.createElement("span");
    appendAnsi(text, withoutAnsi(title) ? title : name.replaceAll("_", " "), []);
    const duration = document.createElement("span");
    duration.className = "log__duration";
    summary.append(text, duration);
    details.append(summary);
    (this.open.at(-1)?.details ?? this.lines).append(details);
    this.open.push({ name, at, details, duration });
    this.into = null;
  }

  closeSection(name, at) {
    const index = this.open.findLastIndex((one) => one.name === name);
    if (index < 0) return;
    this.open[index].duration.textContent = spent(at - this.open[index].at);
    this.open.length = index;
    this.into = null;
  }

  addLine(line, time) {
    const number = ++this.number;
    const row = document.createElement("div");
    row.className = "log__line";
    row.id = `L${number}`;
    const link = document.createElement("a");
    link.className = "log__no";
    link.href = `#L${number}`;
    link.textContent = String(number);
    const text = document.createElement("span");
    text.className = "log__text";
    this.classes = appendAnsi(text, line, this.classes);
    row.append(link);
    if (time) row.append(timeOf(time));
    row.append(text);
    this.block().append(row);
  }

  // Blocks let the browser skip the layout of what is out of sight.
  block() {
    const full = this.into?.childElementCount >= linesPerBlock;
    if (full) this.into.classList.add("log__block--full");
    if (!this.into || full) {
      this.into = document.createElement("div");
      this.into.className = "log__block";
      (this.open.at(-1)?.details ?? this.lines).append(this.into);
    }
    return this.into;
  }

  bindBar() {
    const bar = this.box.querySelector("[data-log-bar]");
    if (!bar) return;
    bar.hidden = false;
    this.input = bar.querySelector("[data-log-find]");
    this.count = bar.querySelector("[data-log-count]");
    const follow = bar.querySelector("[data-log-follow]");
    this.following = follow?.checked && this.live;
    follow?.addEventListener("change", () => { this.following = follow.checked; });
    bar.querySelector("[data-log-times]")?.addEventListener("change", (event) => this.box.toggleAttribute("data-times", event.target.checked));
    this.input?.addEventListener("input", () => this.find());
    this.input?.addEventListener("keydown", (event) => { if (event.key === "Enter") this.nextHit(event.shiftKey ? -1 : 1); });
  }

  find() {
    const wanted = this.input?.value.toLowerCase() ?? "";
    if (!wanted && !this.hits?.length) return;
    for (const hit of this.hits ?? []) hit.classList.remove("log__line--hit");
    this.hits = wanted ? [...this.lines.querySelectorAll(".log__line")].filter((row) => row.lastChild.textContent.toLowerCase().includes(wanted)) : [];
    for (const hit of this.hits) hit.classList.add("log__line--hit");
    this.at = -1;
    this.count.textContent = wanted ? `${this.hits.length} ${this.hits.length === 1 ? "line" : "lines"}` : "";
  }

  nextHit(by) {
    if (!this.hits?.length) return;
    this.at = (this.at + by + this.hits.length) % this.hits.length;
    this.hits[this.at].closest("details")?.setAttribute("open", "");
    this.hits[this.at].scrollIntoView({ block: "center" });
    this.count.textContent = `${this.at + 1} of ${this.hits.length}`;
  }
}

function timeOf(stampText) {
  const time = document.createElement("span");
  time.className = "log__time";
  time.textContent = stampText.slice(11);
  return time;
}

function spent(seconds) {
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
}
