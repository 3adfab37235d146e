/**
 * [data-live] is an event stream that says when a page has news. Then the parts of the page that are marked [data-live-part] (each
 * with an id) are taken from the page anew, and charts hear "squero:live". A hidden tab listens to nothing; when it is looked at
 * again it catches up. The last word ("end") renews everything once more and closes the stream.
 */
export function bindLive(root) {
  for (const place of root.querySelectorAll("[data-live]:not([data-bound])")) {
    place.dataset.bound = "1";
    new LivePage(place).start();
  }
}

const pause = 2500;

class LivePage {
  constructor(place) {
    this.place = place;
    this.last = Date.now();
    this.over = false;
  }

  start() {
    this.place.hidden = false;
    this.listen();
    document.addEventListener("visibilitychange", () => {
      if (this.over) return;
      if (document.hidden) this.close();
      else {
        this.listen();
        this.renew();
      }
    });
    addEventListener("pagehide", () => this.close());
  }

  listen() {
    if (this.events || document.hidden || this.over) return;
    this.events = new EventSource(this.place.dataset.live);
    this.events.addEventListener("more", () => this.plan());
    this.events.addEventListener("end", () => this.end());
    this.events.addEventListener("error", () => {
      // Answered with something that is no stream: it has ended, or may not be seen any more.
      if (this.events?.readyState === EventSource.CLOSED) this.end();
    });
  }

  close() {
    this.events?.close();
    this.events = null;
    clearTimeout(this.timer);
    this.timer = null;
  }

  end() {
    this.over = true;
    this.close();
    this.place.remove();
    this.renew();
  }

  /** However often news come, a page is renewed every few seconds at most. */
  plan() {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.renew();
    }, Math.max(0, this.last + pause - Date.now()));
  }

  async renew() {
    this.last = Date.now();
    document.dispatchEvent(new CustomEvent("squero:live"));
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of document.querySelectorAll("[data-live-part][id]")) {
        const fresh = page.getElementById(part.id);
        if (!fresh || fresh.innerHTML === part.innerHTML || part.contains(document.activeElement)) continue;
        part.replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
        part.dispatchEvent(new CustomEvent("squero:bind", { bubbles: true }));
      }
    } catch {
      // The next news try again.
    }
  }
}
