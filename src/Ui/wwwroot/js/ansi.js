const colours = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
const escapes = /\u001b\[([0-9;?]{0,40})([A-Za-z])/g;

/** Text with ANSI colours as nodes; the classes stay in force over lines, so they are handed back. */
export function appendAnsi(to, line, classes) {
  let at = 0;
  for (const match of line.matchAll(escapes)) {
    append(to, line.slice(at, match.index), classes);
    at = match.index + match[0].length;
    if (match[2] === "m") classes = classesOf(match[1], classes);
  }
  append(to, line.slice(at), classes);
  return classes;
}

export function withoutAnsi(line) {
  return line.replace(escapes, "");
}

function append(to, text, classes) {
  if (!text) return;
  if (!classes.length) {
    to.append(text);
    return;
  }
  const span = document.createElement("span");
  span.className = classes.join(" ");
  span.textContent = text;
  to.append(span);
}

function classesOf(codes, before) {
  let classes = before;
  const list = codes.split(";");
  for (let index = 0; index < list.length; index++) {
    const code = Number(list[index]) || 0;
    if (code === 0) classes = [];
    else if (code === 38 || code === 48) index += list[index + 1] === "5" ? 2 : 4;
    else if (code === 39) classes = classes.filter((name) => !isColour(name));
    else if (code === 22) classes = classes.filter((name) => name !== "ansi-bold" && name !== "ansi-dim");
    else classes = withCode(classes, code);
  }
  return classes;
}

function withCode(classes, code) {
  const style = { 1: "ansi-bold", 2: "ansi-dim", 3: "ansi-italic", 4: "ansi-underline" }[code];
  if (style) return [...classes, style];
  const colour = code >= 30 && code <= 37 ? `ansi-${colours[code - 30]}`
    : code >= 90 && code <= 97 ? `ansi-bright-${colours[code - 90]}` : null;
  return colour ? [...classes.filter((name) => !isColour(name)), colour] : classes;
}

function isColour(name) {
  return colours.some((colour) => name.endsWith(`-${colour}`));
}
