// Watch the line to the page's kernel, and say so when it is gone: without this a page just falls silent.
(() => {
  "use strict";
  const Plain = window.WebSocket;
  const GRACE = 4000; // a line that drops and comes back within this is nobody's trouble
  const LOOK = 10000; // a kernel that was put away for idleness says nothing: the page has to ask
  let open = 0;
  let clock = 0;
  let lost = false; // the kernel itself is gone: no line will bring its memory back

  const banner = () => document.getElementById("gone");
  const show = () => { const b = banner(); if (b) b.hidden = false; };
  const hide = () => { const b = banner(); if (b && !lost) b.hidden = true; };

  async function look() {
    try {
      const answer = await fetch(document.body.dataset.kernel, { cache: "no-store" });
      if (answer.status === 404) { lost = true; show(); }
      else if (open > 0) hide();
    } catch { show(); }
  }
  function dropped() {
    window.clearTimeout(clock);
    clock = window.setTimeout(() => { if (open <= 0) { show(); look(); } }, GRACE);
  }
  window.WebSocket = class extends Plain {
    constructor(address, protocols) {
      super(address, protocols);
      if (!String(address).includes("/api/kernels/")) return;
      this.addEventListener("open", () => { open += 1; look(); });
      this.addEventListener("close", () => { open = Math.max(0, open - 1); dropped(); });
      this.addEventListener("message", ({ data }) => {
        const text = typeof data === "string" ? data : data.byteLength < 4096 ? new TextDecoder().decode(data) : "";
        if (/"execution_state":\s*"(dead|restarting|autorestarting)"/.test(text)) { lost = true; show(); }
      });
    }
  };
  window.addEventListener("offline", show);
  window.addEventListener("online", look);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  window.setInterval(() => { if (!document.hidden) look(); }, LOOK);
})();
