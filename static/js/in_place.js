/* The next page of a form takes the place of this one, without a load.

   form[data-in-place]   sent by its button to go on (next_step=forward), it is sent as ever, but by fetch. Where the page
                         that follows has such a form too, its <main>, breadcrumbs and title take the place of those here,
                         the address goes into the history, and the heading gets the focus. Any other page is opened.
   After the replacement the document gets the event "page:replaced", whose detail is <main>: the scripts set up what is
   new in it. Back and forward in the history ask the server for the page again, so that it shows what is saved; before
   that the document gets the event "page:leaving", whose detail takes the promises of what is still to be saved.

   Without scripts, and where anything fails, the form is sent as an ordinary one.
*/
(() => {
  "use strict";

  let isBusy = false;

  const parts = [".breadcrumbs", "main"];

  const read = async (answer) => {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector("main form[data-in-place]") ? page : null;
  };

  const show = (page) => {
    for (const name of parts) {
      const old = document.querySelector(name);
      const fresh = page.querySelector(name);
      if (old && fresh) old.replaceWith(document.adoptNode(fresh));
    }
    document.title = page.title;
    // What was sent has arrived: no copy of it is kept (page.js does the same when a page is loaded).
    for (const key of Object.keys(sessionStorage).filter((each) => each.startsWith("sent:"))) sessionStorage.removeItem(key);
    const main = document.querySelector("main");
    document.dispatchEvent(new CustomEvent("page:replaced", { detail: main }));
    const summary = main.querySelector("[data-error-summary]");
    const heading = main.querySelector("h1");
    if (!summary && heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
    if (!summary) scrollTo(0, 0);
  };

  const send = async (form, data) => {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(data),
      headers: { Accept: "text/html" },
      credentials: "same-origin",
    });
    const page = await read(answer);
    if (page && answer.ok) {
      if (answer.url !== location.href) history.pushState(null, "", answer.url);
      show(page);
    } else if (answer.ok && answer.redirected) {
      location.assign(answer.url);
    } else {
      HTMLFormElement.prototype.submit.call(form);
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (event.defaultPrevented || !form.matches("form[data-in-place]") || !button || button.value !== "forward") return;
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    const data = new FormData(form);
    data.append(button.name, button.value);
    // An ordinary submission, should it come to that, says the same.
    const again = document.createElement("input");
    Object.assign(again, { type: "hidden", name: button.name, value: button.value });
    form.append(again);
    send(form, data)
      .catch(() => HTMLFormElement.prototype.submit.call(form))
      .finally(() => { isBusy = false; again.remove(); });
  });

  window.addEventListener("popstate", () => {
    if (!document.querySelector("main form[data-in-place]")) return;
    const saves = [];
    document.dispatchEvent(new CustomEvent("page:leaving", { detail: saves }));
    Promise.allSettled(saves)
      .then(() => fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" }))
      .then(async (answer) => {
        const page = answer.ok && !answer.redirected ? await read(answer) : null;
        if (page) show(page);
        else location.reload();
      })
      .catch(() => location.reload());
  });
})();
