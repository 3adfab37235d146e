const least = 60;
const most = 1600;

/** [data-frame]: a sandboxed frame may say how tall its content is, and nothing else. */
export function bindFrames(root) {
  addEventListener("message", (event) => {
    const height = Number(event.data?.frameHeight);
    if (!Number.isFinite(height)) return;
    const frame = [...root.querySelectorAll("iframe[data-frame]")].find((one) => one.contentWindow === event.source);
    if (frame) frame.style.blockSize = `${Math.min(most, Math.max(least, Math.ceil(height)))}px`;
  });
}
