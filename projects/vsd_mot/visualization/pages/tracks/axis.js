/* The frames that curves and rows show, and where they stand. */

const GUTTER = 96; // pixels for names at the left

class Axis {
  constructor(times) {
    this.times = times;
    this.seconds = 0; // of the part that is shown; 0 is all
    this.from = 0;
    this.to = times[times.length - 1];
  }

  /* Keep a frame in the part that is shown. */
  follow(frame) {
    const end = this.times[this.times.length - 1];
    const now = this.times[frame];
    if (!this.seconds || this.seconds >= end) {
      [this.from, this.to] = [0, end];
    } else if (now < this.from || now > this.to || this.to - this.from !== this.seconds) {
      this.from = Math.min(Math.max(0, now - this.seconds / 4), end - this.seconds);
      this.to = this.from + this.seconds;
    }
  }

  x(frame, width) {
    const time = this.times[Math.min(frame, this.times.length - 1)];
    return GUTTER + ((time - this.from) / (this.to - this.from || 1)) * (width - GUTTER - 8);
  }

  /* The frame whose time is nearest to a place. */
  frameAt(x, width) {
    const share = Math.min(1, Math.max(0, (x - GUTTER) / (width - GUTTER - 8)));
    const time = this.from + share * (this.to - this.from);
    const after = this.times.findIndex((one) => one >= time);
    if (after < 1) return Math.max(0, after);
    return time - this.times[after - 1] < this.times[after] - time ? after - 1 : after;
  }
}

function playhead(context, x, height, colour) {
  context.fillStyle = colour;
  context.fillRect(Math.round(x) - 0.75, 0, 1.5, height);
}

/* Colours of the style sheet, which follow light and dark. */
function theme() {
  const style = getComputedStyle(document.documentElement);
  const names = ['ground', 'ink', 'soft', 'line', 'panel', 'bad', 'good', 'weight', 'accent'];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}
