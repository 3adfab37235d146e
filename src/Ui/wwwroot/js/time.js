/** time[data-relative]: kept true while the page stays open; the same words as the server's. */
export function bindTimes(root) {
  refresh(root);
}

setInterval(() => refresh(document), 30_000);

function refresh(root) {
  for (const time of root.querySelectorAll("time[data-relative]")) {
    const text = relative(new Date(time.dateTime), new Date());
    if (text !== null && time.textContent !== text) time.textContent = text;
  }
}

/** Null where the server's date already says it. */
export function relative(at, now) {
  const seconds = (now - at) / 1000;
  const size = Math.abs(seconds);
  if (size < 45) return "just now";
  const text =
    size < 59.5 * 60 ? count(size / 60, "minute") :
    size < 23.5 * 3600 ? count(size / 3600, "hour") :
    size < 13.5 * 86400 ? count(size / 86400, "day") : null;
  if (text === null) return null;
  if (text === "1 day") return seconds > 0 ? "yesterday" : "tomorrow";
  return seconds > 0 ? `${text} ago` : `in ${text}`;
}

function count(number, unit) {
  const whole = Math.max(1, Math.round(number));
  return `${whole} ${unit}${whole === 1 ? "" : "s"}`;
}
