// A page that waits for a place: it asks whether one is free, and opens the app when there is.
const PAUSE = 4000;

async function look() {
  try {
    const answer = await fetch(`${window.location.pathname}/place`, { cache: "no-store" });
    if (answer.status === 204) {
      window.location.reload();
      return;
    }
  } catch {
    // the server or the network is away for the moment: ask again
  }
  window.setTimeout(look, PAUSE);
}

window.setTimeout(look, PAUSE);
