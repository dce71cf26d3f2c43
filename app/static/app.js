/* Small comforts. Every page works without this file. */
(function () {
  "use strict";

  const SENT_FOR_MS = 10000;

  document.documentElement.classList.add("scripted");

  /* The menu on phones: shown in full without a script, behind a button with one. */
  function foldMenu() {
    const button = document.querySelector(".site-menu-button");
    if (!button) {
      return;
    }
    button.hidden = false;
    button.addEventListener("click", function () {
      const open = button.getAttribute("aria-expanded") !== "true";
      button.setAttribute("aria-expanded", String(open));
    });
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") {
        button.setAttribute("aria-expanded", "false");
        button.focus();
      }
    });
  }

  /* The second click of a double click is dropped. The server would notice it too; this saves the person the message. */
  function sendOnce() {
    document.addEventListener("submit", function (event) {
      const form = event.target;
      if (form.method !== "post") {
        return;
      }
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "yes";
      markButtons(form, true);
      window.setTimeout(release, SENT_FOR_MS, form);
    });
    /* Coming back with the browser's own button shows the page as it was left. */
    window.addEventListener("pageshow", function () {
      document.querySelectorAll("form[data-sent]").forEach(release);
    });
  }

  function release(form) {
    delete form.dataset.sent;
    markButtons(form, false);
  }

  /* Not `disabled`: a disabled button loses the focus and its own name and value are not sent. */
  function markButtons(form, sent) {
    form.querySelectorAll("button[type=submit]").forEach(function (button) {
      button.setAttribute("aria-disabled", String(sent));
    });
  }

  /* Long texts are not lost by a slip: leaving asks first, on forms that want it. */
  function guardText() {
    document.querySelectorAll("form[data-guard]").forEach(function (form) {
      let changed = false;
      form.addEventListener("input", function () {
        changed = true;
      });
      window.addEventListener("beforeunload", function (event) {
        if (changed && !form.dataset.sent) {
          event.preventDefault();
        }
      });
    });
  }

  /* Questions that only follow from an answer wait for it. */
  function followAnswers() {
    document.querySelectorAll(".shown-when").forEach(function (part) {
      const wanted = part.dataset.shownWhen.split(" ");
      const controls = part.dataset.shownBy.split(" ").flatMap(function (name) {
        return Array.from(document.getElementsByName(name));
      });
      function update() {
        const answers = controls.filter(isChosen).map(function (control) {
          return control.value;
        });
        part.hidden = !answers.some(function (answer) {
          return wanted.includes(answer);
        });
      }
      controls.forEach(function (control) {
        control.addEventListener("change", update);
      });
      update();
    });
  }

  function isChosen(control) {
    return !["radio", "checkbox"].includes(control.type) || control.checked;
  }

  document.addEventListener("DOMContentLoaded", function () {
    foldMenu();
    sendOnce();
    guardText();
    followAnswers();
    if (window.DKFDS) {
      window.DKFDS.init();
    }
  });
})();
