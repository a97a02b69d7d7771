/* Saves a form while it is being filled in.

   form[data-autosave-url]     where the fields (without files) are sent, as an ordinary form, one second after the
                               last key. The answer is JSON: {"saved_at": "10:42", "version": "…"}.
   input[name=version]         the version of the draft the form was made from; set from every answer. A form made
                               from an older version is answered with 409: saving stops, what was typed stays.
                               An answer may hold "contradictions" and "deadline", ready-made for [data-contradictions]
                               and [data-deadline] of the page, and "follows", which follows.js fills in;
                               "is_late" is put into the control of that name.
   The form gets the events "autosave:saved" and "autosave:follows".
   form[data-leave-prompt]     asks before the page is left while something could not be saved.
   A form that htmx or in_place.js brings in is saved like any other; one that was taken away is saved no more.
   data-autosave-owner         who is signed in; a copy kept for one account is never shown to another.
   form[data-unsaved]          there while something that was typed is not saved
   [data-autosave-status]      inside the form: the line that says what happened. Its wording is in its own
                               data-saving, data-saved, data-conflict, data-expired, data-offline, data-restored.
                               It does not change while a button is being pressed (html[data-pressing], page.js).

   When the sign-in has ended (401, 403 or a redirect) the fields are kept in sessionStorage, put back the next
   time this page opens in this window for the same account, and removed as soon as they are saved. A form that
   is sent leaves a copy as well: page.js keeps it when what opens next asks to sign in, and drops it otherwise.
*/
(() => {
  "use strict";

  const WAIT_MS = 1000;
  const RETRY_MS = 15000;
  // After this time a submission has left the page, or was cancelled.
  const SENT_MS = 10000;
  const LOOK_AGAIN_MS = 100;
  const NEVER_KEPT = new Set(["csrfmiddlewaretoken", "version"]);

  class Autosave {
    constructor(form) {
      this.form = form;
      this.status = form.querySelector("[data-autosave-status]");
      this.key = `draft:${form.dataset.autosaveOwner || ""}:${form.dataset.autosaveUrl}`;
      this.timer = 0;
      this.running = false;
      this.dirty = false;
      this.stopped = false;
      this.told = {};
      this.failed = false;
      this.restore();
      form.addEventListener("input", () => this.touch());
      form.addEventListener("change", () => this.touch());
      form.addEventListener("submit", () => {
        this.pause();
        sessionStorage.removeItem(this.key);
        this.keep(`sent:${this.key}`);
      });
      window.addEventListener("pageshow", () => this.resume());
      window.addEventListener("beforeunload", (event) => {
        const isLost = this.failed || (this.stopped && this.dirty);
        if ("leavePrompt" in form.dataset && form.isConnected && isLost && !this.paused) event.preventDefault();
      });
      document.addEventListener("page:leaving", (event) => {
        if (form.isConnected) event.detail.push(this.finish());
      });
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "hidden" && this.dirty) this.save({ keepalive: true });
      });
    }

    say(name, { bad = false, detail = "" } = {}) {
      if (!this.status) return;
      clearTimeout(this.telling);
      if ("pressing" in document.documentElement.dataset) {
        this.telling = setTimeout(() => this.say(name, { bad, detail }), LOOK_AGAIN_MS);
        return;
      }
      this.status.textContent = [this.status.dataset[name], detail].filter(Boolean).join(" ");
      this.status.classList.toggle("save-state__word--bad", bad);
    }

    touch() {
      this.dirty = true;
      this.form.dataset.unsaved = "";
      if (this.stopped) {
        if (this.expired) this.keep();
        return;
      }
      this.later(WAIT_MS);
    }

    later(milliseconds) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), milliseconds);
    }

    stop() {
      this.stopped = true;
      clearTimeout(this.timer);
    }

    pause() {
      this.paused = true;
      clearTimeout(this.timer);
      this.pausing = setTimeout(() => this.resume(), SENT_MS);
    }

    resume() {
      clearTimeout(this.pausing);
      this.paused = false;
      if (this.dirty && !this.stopped) this.later(WAIT_MS);
    }

    fields() {
      const data = new FormData(this.form);
      for (const [name, value] of [...data]) {
        if (value instanceof File) data.delete(name);
      }
      return data;
    }

    async save({ keepalive = false } = {}) {
      if (this.stopped || this.paused || this.running || !this.form.isConnected) return;
      this.running = true;
      this.dirty = false;
      this.say("saving");
      try {
        const answer = await fetch(this.form.dataset.autosaveUrl, {
          method: "POST",
          body: new URLSearchParams(this.fields()),
          headers: { Accept: "application/json", "X-Requested-With": "fetch" },
          credentials: "same-origin",
          redirect: "manual",
          keepalive,
        });
        await this.heed(answer);
      } catch {
        this.dirty = true;
        this.failed = true;
        this.say("offline", { bad: true });
        this.later(RETRY_MS);
      } finally {
        this.running = false;
        if (this.dirty && !this.stopped) this.later(this.timer ? RETRY_MS : WAIT_MS);
      }
    }

    // Saves what was typed last, after a save that is under way.
    async finish() {
      clearTimeout(this.timer);
      while (this.running) await new Promise((done) => { setTimeout(done, LOOK_AGAIN_MS); });
      if (this.dirty) await this.save();
    }

    async heed(answer) {
      if (answer.ok) {
        const facts = await answer.json();
        const version = this.form.elements.namedItem("version");
        if (version && facts.version !== undefined) version.value = facts.version;
        sessionStorage.removeItem(this.key);
        for (const name of ["contradictions", "deadline"]) {
          const place = document.querySelector(`[data-${name}]`);
          // Only when it says something else: a status that is written again is read out again.
          if (place && facts[name] !== undefined && facts[name] !== this.told[name]) place.innerHTML = facts[name];
          this.told[name] = facts[name];
        }
        this.failed = false;
        const late = this.form.elements.namedItem("is_late");
        if (late && facts.is_late) late.value = facts.is_late;
        this.form.dispatchEvent(new CustomEvent("autosave:saved", { bubbles: true }));
        if (facts.follows) {
          this.form.dispatchEvent(new CustomEvent("autosave:follows", { bubbles: true, detail: facts.follows }));
        }
        if (!this.dirty) delete this.form.dataset.unsaved;
        // A form that was emptied is kept no more.
        if (facts.saved_at === "") this.say("");
        else this.say("saved", { detail: facts.saved_at });
        this.timer = 0;
      } else if (answer.status === 409) {
        this.stop();
        this.say("conflict", { bad: true });
      } else if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
        this.stop();
        this.expired = true;
        this.keep();
        this.say("expired", { bad: true });
      } else {
        throw new Error(String(answer.status));
      }
    }

    keep(key = this.key) {
      const kept = [...this.fields()].filter(([name]) => !NEVER_KEPT.has(name));
      sessionStorage.setItem(key, JSON.stringify(kept));
    }

    // Adds the rows that the kept form had; static/js/repeat_rows.js is loaded before.
    restoreRows(values) {
      for (const group of this.form.querySelectorAll("[data-repeat]")) {
        const total = group.querySelector('input[name$="-TOTAL_FORMS"]');
        const add = group.querySelector("[data-repeat-add]");
        const missing = Number((values.get(total.name) || ["0"])[0]) - Number(total.value);
        for (let row = 0; add && row < missing; row += 1) {
          // The choice that the group hangs on is restored after its rows: until then its button is disabled.
          add.disabled = false;
          add.click();
        }
      }
    }

    restore() {
      const text = sessionStorage.getItem(this.key);
      if (!text) return;
      const values = new Map();
      for (const [name, value] of JSON.parse(text)) values.set(name, [...(values.get(name) || []), value]);
      this.restoreRows(values);
      for (const control of this.form.elements) {
        if (!control.name || NEVER_KEPT.has(control.name) || control.type === "file") continue;
        const given = values.get(control.name) || [];
        if (control.type === "checkbox" || control.type === "radio") {
          control.checked = given.includes(control.value);
        } else if (control.multiple && control.options) {
          for (const option of control.options) option.selected = given.includes(option.value);
        } else if (given.length && control.type !== "hidden") {
          const value = given.shift();
          // The options of linked lists arrive later; until then the list gets this one option.
          const unknown = control.options && ![...control.options].some((option) => option.value === value);
          if (unknown) control.append(new Option(value, value));
          control.value = value;
        }
      }
      for (const box of this.form.querySelectorAll('input[name$="-DELETE"]:checked')) {
        box.closest("[data-repeat-row]").hidden = true;
      }
      this.say("restored");
      this.form.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  const watched = new WeakSet();
  const watch = (root) => {
    for (const form of root.querySelectorAll("form[data-autosave-url]")) {
      if (!watched.has(form)) new Autosave(form);
      watched.add(form);
    }
  };
  watch(document);
  document.addEventListener("htmx:load", (event) => watch(event.detail.elt.parentElement || document));
  document.addEventListener("page:replaced", (event) => watch(event.detail));
})();
