// The icons of the page: decoration beside a text, so hidden from screen readers.
import { unsafeSVG } from 'lit/directives/unsafe-svg.js';
import { html } from 'lit';
import alert from 'lucide-static/icons/triangle-alert.svg?raw';
import camera from 'lucide-static/icons/camera.svg?raw';
import check from 'lucide-static/icons/check.svg?raw';
import close from 'lucide-static/icons/x.svg?raw';
import download from 'lucide-static/icons/download.svg?raw';
import file from 'lucide-static/icons/image-plus.svg?raw';
import info from 'lucide-static/icons/info.svg?raw';
import link from 'lucide-static/icons/link.svg?raw';
import lock from 'lucide-static/icons/lock.svg?raw';
import moon from 'lucide-static/icons/moon.svg?raw';
import paste from 'lucide-static/icons/clipboard-paste.svg?raw';
import pause from 'lucide-static/icons/pause.svg?raw';
import play from 'lucide-static/icons/play.svg?raw';
import plus from 'lucide-static/icons/plus.svg?raw';
import remove from 'lucide-static/icons/trash-2.svg?raw';
import retry from 'lucide-static/icons/refresh-cw.svg?raw';
import reset from 'lucide-static/icons/rotate-ccw.svg?raw';
import step from 'lucide-static/icons/step-forward.svg?raw';
import stop from 'lucide-static/icons/square.svg?raw';
import sun from 'lucide-static/icons/sun.svg?raw';
import system from 'lucide-static/icons/sun-moon.svg?raw';
import timer from 'lucide-static/icons/timer.svg?raw';

const SOURCES = {
  alert,
  camera,
  check,
  close,
  download,
  file,
  info,
  link,
  lock,
  moon,
  paste,
  pause,
  play,
  plus,
  remove,
  reset,
  retry,
  step,
  stop,
  sun,
  system,
  timer,
};

/** @param {keyof typeof SOURCES} name */
export const icon = (name) =>
  html`<span class="icon" aria-hidden="true">${unsafeSVG(SOURCES[name])}</span>`;
