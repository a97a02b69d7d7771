/* Fills in what follows from other answers, where nobody has answered.

   form[data-autosave-url]   gets the event "autosave:follows" whose detail is a list of {"control": name, "value": text,
                             "note": why}: what autosave.js was told that follows from what it has just saved. Where
                             "value" is null nothing is filled in: the note says what the typed text is understood as.
   input[data-fills-NAME]    a tick: while it is set, the empty control called NAME gets the text of the attribute

   A control that somebody has touched keeps what it holds, empty or not. One that was filled in follows further
   until then. A place is chosen in its linked lists ("linked:choose"). The server fills in the same without scripts.
*/
(() => {
  "use strict";

  const controlsOf = (form, name) => [...form.elements].filter((control) => control.name === name && control.type !== "hidden");

  const isChoice = (control) => control.type === "radio" || control.type === "checkbox";

  const isFree = (controls) => {
    if (controls.some((control) => control.dataset.touched)) return false;
    if (isChoice(controls[0])) {
      const chosen = controls.find((control) => control.checked);
      return !chosen || Boolean(chosen.dataset.followed);
    }
    return controls[0].value === "" || controls[0].value === controls[0].dataset.followed;
  };

  const put = (controls, value) => {
    if (isChoice(controls[0])) {
      const wanted = controls.find((control) => control.value === value);
      if (!wanted || wanted.checked) return false;
      for (const control of controls) delete control.dataset.followed;
      wanted.checked = true;
      wanted.dataset.followed = value;
    } else {
      if (controls[0].value === value) return false;
      controls[0].value = value;
      controls[0].dataset.followed = value;
    }
    return true;
  };

  const say = (control, note) => {
    const field = control.closest(".field");
    if (!field || !note) return;
    const said = field.querySelector(".field__note") || document.createElement("p");
    said.className = "field__note";
    if (said.textContent !== note) said.textContent = note;
    if (!said.isConnected) (field.querySelector(".field__help") || field.querySelector(".field__label") || field.firstElementChild).after(said);
  };

  // What a typed text is understood as: gone as soon as it is complete.
  const tell = (control, note) => {
    if (note) say(control, note);
    const field = control.closest(".field");
    const said = field && field.querySelector(".field__note");
    if (!said) return;
    if (note) said.dataset.understood = "yes";
    else if (said.dataset.understood || control.dataset.touched) said.remove();
  };

  const fill = (form, follows) => {
    let isChanged = false;
    for (const { control: name, value, note } of follows) {
      const lists = form.querySelector(`[data-linked-lists] input[data-linked-value][name="${name}"]`);
      if (lists) {
        lists.dispatchEvent(new CustomEvent("linked:choose", { detail: value }));
        continue;
      }
      const controls = controlsOf(form, name);
      if (controls.length && value === null) {
        tell(controls[0], note);
        continue;
      }
      if (!controls.length || !isFree(controls) || !put(controls, value)) continue;
      say(controls[0], note);
      isChanged = true;
    }
    if (isChanged) form.dispatchEvent(new Event("change", { bubbles: true }));
  };

  document.addEventListener("autosave:follows", (event) => fill(event.target, event.detail));

  document.addEventListener("input", (event) => {
    if (event.isTrusted && event.target.name) event.target.dataset.touched = "yes";
  }, true);

  document.addEventListener("change", (event) => {
    const tick = event.target;
    if (!tick.matches || !tick.matches('input[type="checkbox"]') || !tick.form) return;
    for (const [key, text] of Object.entries(tick.dataset)) {
      if (!key.startsWith("fills")) continue;
      const [control] = controlsOf(tick.form, key.slice("fills".length).toLowerCase());
      if (!control) continue;
      if (tick.checked && control.value === "") {
        control.value = text;
        control.dataset.followed = text;
      } else if (!tick.checked && control.value === control.dataset.followed) {
        control.value = "";
      }
    }
  });
})();
