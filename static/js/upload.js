/* Drag and drop, a progress bar and a preview for a form that also works as an ordinary form.

   form[data-upload]          includes/upload.html; holds one file input. data-upload-max-bytes is checked before
                              sending; what kind a file is the server says, and what to do about it. A large
                              photograph is scaled down first where the browser can.
   data-upload-list="#id"     the element that lists the files. The answer to the form is an ordinary page (after its
                              redirect); the element of the same id is taken from it and put in place of the old one.
   [data-upload-progress], [data-upload-status], [data-upload-hint]
                              the bar; the line that speaks, with its wording in data-colon, data-sending, data-too-large,
                              data-busy, data-still-busy, data-failed, data-expired; the line that invites dropping
   An answer of 400 or 413 may hold the same form with its errors in .field__errors, or, where no more files fit, the
   section that the form stood in with its errors; they are shown as they are.
   An answer of 503 with Retry-After comes at once while many files are being sent: the file is sent again by itself,
   after a growing pause, and the line says so meanwhile.
   An answer of 403 may mean that the sign-in was renewed in another tab: the forms of this page then get the token
   of now, and the file is sent once more.
   A row that is still being read has htmx attributes, by which the list is asked for again until all are read; then the
   line speaks.
   The list may hold fields of the form (`form="…"`), which say what it listed; all files chosen together are sent with
   those that stood there when they were chosen: what came meanwhile was not read yet.
   Each file that was not taken keeps its line until other files are chosen. The steps of the filing, and what the form
   says of the next file, follow the answer.
   After a replacement the list gets the event "upload:done"; htmx attributes in it are set to work.
*/
(() => {
  "use strict";

  const TOKEN = "csrfmiddlewaretoken";
  const SEEN = "seen";
  const STEPS = "ol.steps";
  // Enough to read every letter of a photographed sheet, and what a canvas holds on every phone.
  const MOST_PIXELS = 16e6;
  const LARGE_BYTES = 3e6;
  // Some four minutes.
  const MOST_TIMES = 30;
  const LONGEST_PAUSE = 5;
  // A browser that cannot decode one of these leaves it as it is. Many do not know the type of a HEIC file.
  const isPhotograph = (file) => /^image\/(jpeg|heic|heif|webp)$/.test(file.type) || /\.hei[cf]$/i.test(file.name);

  const setUp = (form) => {
    const input = form.querySelector("input[type=file]");
    const bar = form.querySelector("[data-upload-progress]");
    const status = form.querySelector("[data-upload-status]");
    const list = () => document.querySelector(form.dataset.uploadList);
    let queue = Promise.resolve();
    // A line for each file that was not taken, of those chosen last: the next file's words do not take their place.
    let refused = [];

    const say = (text) => {
      status.textContent = [...refused, text].filter(Boolean).join("\n");
      status.classList.toggle("drop-zone__status--bad", refused.length > 0);
    };

    const refuse = (text) => {
      refused.push(text);
      say("");
    };

    const most = Number(form.dataset.uploadMaxBytes || 0);

    const fault = (file) => (most && file.size > most ? status.dataset.tooLarge : "");

    const scaled = async (file) => {
      if (!isPhotograph(file) || file.size < LARGE_BYTES) return file;
      try {
        const photograph = await createImageBitmap(file);
        const part = Math.sqrt(MOST_PIXELS / (photograph.width * photograph.height));
        if (part >= 1) return file;
        const canvas = document.createElement("canvas");
        canvas.width = Math.round(photograph.width * part);
        canvas.height = Math.round(photograph.height * part);
        canvas.getContext("2d").drawImage(photograph, 0, 0, canvas.width, canvas.height);
        photograph.close();
        const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
        // Fewer pixels may have more bytes than a tighter format; the server counts both.
        const fits = made && (made.size < file.size || made.size <= most);
        return fits ? new File([made], file.name, { type: made.type }) : file;
      } catch {
        return file;
      }
    };

    document.addEventListener("htmx:afterSwap", (event) => {
      if (event.target !== list() || list().querySelector("[hx-get]")) return;
      const last = [...list().querySelectorAll(".file-row")].pop();
      if (!last) return;
      const texts = [".file-row__name", ".status", ".file-row__reason"].map((each) => last.querySelector(each)?.textContent.trim());
      say(texts.filter(Boolean).join(status.dataset.colon));
    });

    // Shown while the file is sent; after that its row has its picture.
    const endPreview = () => form.querySelectorAll("[data-upload-preview]").forEach((old) => {
      URL.revokeObjectURL(old.src);
      old.remove();
    });

    const preview = (file) => {
      endPreview();
      if (!file.type.startsWith("image/")) return;
      const image = new Image();
      image.className = "drop-zone__preview";
      image.alt = "";
      image.dataset.uploadPreview = "";
      image.src = URL.createObjectURL(file);
      bar.before(image);
    };

    // What the page says around the list: the steps, and whether the next file takes the place of this one.
    const follow = (page) => {
      const steps = page.querySelectorAll(STEPS);
      document.querySelectorAll(STEPS).forEach((old, index) => steps[index] && old.replaceWith(steps[index]));
      const fresh = page.querySelector(`form[data-upload][action="${form.getAttribute("action")}"]`);
      for (const part of fresh ? [".field__label", ".field__help"] : []) {
        const [now, then] = [form.querySelector(part), fresh.querySelector(part)];
        if (now && then) now.textContent = then.textContent;
      }
    };

    const heed = (request, file) => {
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const old = list();
      const fresh = old && page.getElementById(old.id);
      if (request.status >= 200 && request.status < 300 && fresh) {
        old.replaceWith(fresh);
        if (window.htmx) window.htmx.process(fresh);
        fresh.dispatchEvent(new CustomEvent("upload:done", { bubbles: true }));
        follow(page);
        say(file.name);
        return;
      }
      const section = form.closest("section[id]");
      const inForm = page.querySelector(`form[data-upload][action="${form.getAttribute("action")}"] .field__errors`);
      const told = inForm || (section && [...page.querySelectorAll(`#${section.id} .field__errors`)].pop());
      if (told) refuse(`${file.name}${status.dataset.colon}${told.textContent.trim()}`);
      else if (request.status === 413) refuse(`${file.name}${status.dataset.colon}${status.dataset.tooLarge}`);
      else if (request.status === 403 || request.status === 200) refuse(status.dataset.expired);
      else refuse(`${file.name}${status.dataset.colon}${status.dataset.failed}`);
    };

    const renewToken = async () => {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "manual" });
      if (!answer.ok) return false;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector(`form[data-upload] input[name="${TOKEN}"]`);
      if (!fresh) return false;
      for (const old of document.querySelectorAll(`input[name="${TOKEN}"]`)) old.value = fresh.value;
      return true;
    };

    const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

    const isPutOff = (request) => request.status === 503 && request.getResponseHeader("Retry-After");

    // Many browsers are told at once: they come back at different moments.
    const sendUntilTaken = async (file, seen) => {
      let request = await post(file, seen);
      for (let times = 1; isPutOff(request) && times < MOST_TIMES; times += 1) {
        say(`${file.name}${status.dataset.colon}${status.dataset.busy}`);
        const least = Number(request.getResponseHeader("Retry-After")) || 0;
        await pause(least * (1 + Math.random() * Math.min(times, LONGEST_PAUSE)));
        request = await post(file, seen);
      }
      return request;
    };

    const send = async (file, seen) => {
      let request = await sendUntilTaken(file, seen);
      if (request.status === 403 && (await renewToken().catch(() => false))) request = await sendUntilTaken(file, seen);
      if (isPutOff(request)) refuse(`${file.name}${status.dataset.colon}${status.dataset.stillBusy}`);
      else if (request.status) heed(request, file);
      else refuse(`${file.name}${status.dataset.colon}${status.dataset.failed}`);
      bar.hidden = true;
    };

    const post = (file, seen) =>
      new Promise((done) => {
        const data = new FormData(form);
        data.delete(SEEN);
        seen.forEach((each) => data.append(SEEN, each));
        data.delete(input.name);
        data.append(input.name, file, file.name);
        const request = new XMLHttpRequest();
        request.open("POST", form.action);
        request.setRequestHeader("Accept", "text/html");
        request.setRequestHeader("Prefer", "wait=0");
        request.upload.addEventListener("progress", (event) => {
          if (event.lengthComputable) bar.value = Math.round((event.loaded / event.total) * 100);
        });
        request.addEventListener("loadend", () => {
          endPreview();
          done(request);
        });
        bar.value = 0;
        bar.hidden = false;
        say(`${status.dataset.sending} ${file.name}`);
        preview(file);
        request.send(data);
      });

    const take = async (files) => {
      const chosen = input.multiple ? [...files] : [...files].slice(0, 1);
      const seen = new FormData(form).getAll(SEEN);
      const ready = [];
      for (const file of chosen) ready.push(await scaled(file));
      refused = [];
      say("");
      for (const file of ready) {
        const why = fault(file);
        if (why) refuse(`${file.name}${status.dataset.colon}${why}`);
        else queue = queue.then(() => send(file, seen));
      }
      queue = queue.then(() => {
        input.value = "";
      });
    };

    form.addEventListener("dragover", (event) => {
      event.preventDefault();
      form.classList.add("drop-zone--over");
    });
    form.addEventListener("dragleave", () => form.classList.remove("drop-zone--over"));
    form.addEventListener("drop", (event) => {
      event.preventDefault();
      form.classList.remove("drop-zone--over");
      take(event.dataTransfer.files);
    });
    form.addEventListener("submit", (event) => {
      if (!input.files.length) return;
      event.preventDefault();
      take(input.files);
    });
    input.addEventListener("change", () => {
      if (input.files.length) take(input.files);
    });
  };

  for (const form of document.querySelectorAll("form[data-upload]")) setUp(form);
})();
