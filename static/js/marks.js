/* A mark that could not be saved says so at its row, and is tried again.

   template#mark-failed          what is shown at the row; its words are in data-offline, data-broken, data-refused and
                                 data-signed-out, at [data-mark-failed-words]; [data-mark-again] tries again at once,
                                 [data-mark-sign-in] opens a window to sign in
   .particular, .section-rest, #notes   what a form is saved in: the notice stands there until the answer replaces it

   Without a connection, and when the portal failed, the same button is pressed again after a while. When the sign-in
   has ended it is pressed again as soon as this window is used again, with the token of the new sign-in. A page that is
   left while something is not saved asks first.
*/
(() => {
  "use strict";

  const PLACES = ".particular, .section-rest, #notes";
  const WAITS_MS = [3000, 10000, 30000];
  const template = document.getElementById("mark-failed");
  if (!template) return;
  const failed = new Map();

  const placeOf = (element) => element && element.closest && element.closest(PLACES);

  const press = (form, button) => {
    if (!form.isConnected) return;
    delete form.dataset.sent;
    // htmx sends the button that was clicked, not the one that a form is submitted with.
    if (button && button.isConnected) button.click();
    else if (window.htmx) window.htmx.trigger(form, "submit");
  };

  const clear = (place) => {
    const found = failed.get(place);
    if (!found) return;
    clearTimeout(found.timer);
    found.notice.remove();
    failed.delete(place);
  };

  const fail = (place, form, button, why) => {
    const before = failed.get(place);
    const tries = before ? before.tries + 1 : 0;
    if (before) {
      clearTimeout(before.timer);
      before.notice.remove();
    }
    const notice = template.content.firstElementChild.cloneNode(true);
    notice.querySelector("[data-mark-failed-words]").textContent = template.dataset[why];
    notice.querySelector("[data-mark-sign-in]").hidden = why !== "signedOut";
    const entry = { form, button, notice, tries, why, timer: 0 };
    notice.querySelector("[data-mark-again]").addEventListener("click", () => again(place));
    (place.querySelector("dd") || place).append(notice);
    failed.set(place, entry);
    if (why === "offline" || why === "broken") {
      entry.timer = setTimeout(() => again(place), WAITS_MS[Math.min(tries, WAITS_MS.length - 1)]);
    }
  };

  // The token of the page belongs to the sign-in it was made under. Gives whether somebody is signed in.
  const renewToken = async () => {
    const answer = await fetch(window.location.href, { credentials: "same-origin", redirect: "manual" });
    if (!answer.ok) return answer.type !== "opaqueredirect";
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("main form input[name=csrfmiddlewaretoken]");
    if (!token) return true;
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token.value;
    return true;
  };

  const again = async (place) => {
    const entry = failed.get(place);
    if (!entry) return;
    clearTimeout(entry.timer);
    if (entry.why === "signedOut" || entry.why === "refused") {
      const isSignedIn = await renewToken().catch(() => true);
      if (!isSignedIn) {
        fail(place, entry.form, entry.button, "signedOut");
        return;
      }
    }
    press(entry.form, entry.button);
  };

  // The button that was pressed says what the mark is.
  const buttonOf = (form, detail) => {
    const { triggeringEvent, parameters } = detail.requestConfig;
    if (triggeringEvent && triggeringEvent.submitter) return triggeringEvent.submitter;
    const verdict = parameters && parameters.verdict;
    return [...form.elements].find((each) => each.type === "submit" && each.value === verdict) || null;
  };

  const heed = (event, why) => {
    const element = event.detail.elt;
    const place = placeOf(element);
    const form = element.matches("form") ? element : element.closest("form");
    if (!place || !form) return;
    const before = failed.get(place);
    const button = buttonOf(form, event.detail) || (before && before.form === form ? before.button : null);
    fail(place, form, button, why);
  };

  const isElsewhere = (detail) => {
    const answered = detail.xhr.responseURL && new URL(detail.xhr.responseURL);
    return answered && answered.pathname !== new URL(detail.requestConfig.path, window.location.href).pathname;
  };

  // To a page that was asked for in place the portal names the page to sign in at: that would leave this one.
  // A link in a template has no address of its own yet, only what is written in it.
  const signIn = template.content.querySelector("[data-mark-sign-in]").getAttribute("href");
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { detail } = event;
    const leads = detail.xhr.getResponseHeader("HX-Redirect");
    if (!leads || !placeOf(detail.elt)) return;
    if (new URL(leads, window.location.href).pathname !== signIn) return;
    event.preventDefault();
    heed(event, "signedOut");
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event;
    if (!placeOf(detail.elt)) return;
    // A redirect was followed to a page that asks to sign in: that page is no row.
    if (detail.xhr.status === 200 && isElsewhere(detail)) {
      detail.shouldSwap = false;
      heed(event, "signedOut");
    } else if (detail.xhr.status < 300) {
      clear(placeOf(detail.elt));
    }
  });
  document.addEventListener("htmx:sendError", (event) => heed(event, "offline"));
  document.addEventListener("htmx:timeout", (event) => heed(event, "offline"));
  document.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    heed(event, status >= 500 ? "broken" : status === 401 ? "signedOut" : "refused");
    // A refusal may be that of a sign-in that has ended, or of an older token: then it is tried once by itself.
    const place = placeOf(event.detail.elt);
    if (status === 403 && place && failed.get(place).tries === 0) again(place);
  });

  const tryAll = (reasons) => {
    for (const [place, entry] of [...failed]) {
      if (!place.isConnected) clear(place);
      else if (reasons.includes(entry.why)) again(place);
    }
  };
  window.addEventListener("online", () => tryAll(["offline"]));
  window.addEventListener("focus", () => tryAll(["signedOut"]));
  window.addEventListener("beforeunload", (event) => {
    if ([...failed.keys()].some((place) => place.isConnected)) event.preventDefault();
  });
})();
