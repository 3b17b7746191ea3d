/* A row for each track, of the ground truth first; only rows in sight are drawn. */

const ROW = 14;

class Timeline {
  constructor(canvas, scroller, { page, axis, onJump }) {
    Object.assign(this, { canvas, scroller, page, axis });
    this.rows = [];
    for (const tracks of page.sets) {
      this.rows.push({ tracks, heading: true });
      tracks.identities.forEach((_, who) => this.rows.push({ tracks, who }));
    }
    // The canvas stays in sight; what is below it makes the scroll bar's length.
    this.height = Math.min(240, this.rows.length * ROW + 4);
    scroller.append(document.createElement('div'));
    scroller.lastChild.style.height = `${this.rows.length * ROW + 4 - this.height}px`;
    canvas.style.height = `${this.height}px`;
    scroller.addEventListener('scroll', () => this.draw());
    canvas.addEventListener('click', (event) => {
      onJump(axis.frameAt(event.offsetX, canvas.clientWidth));
    });
  }

  draw(frame = this.frame, chosen = this.chosen) {
    Object.assign(this, { frame, chosen });
    const width = this.canvas.clientWidth;
    const context = sized(this.canvas, width, this.height);
    const colours = theme();
    const hatch = hatching(context, colours.bad);
    const top = this.scroller.scrollTop;
    const first = Math.floor(top / ROW);
    const last = Math.min(this.rows.length, first + Math.ceil(this.height / ROW) + 1);
    for (let row = first; row < last; row++) {
      this.drawRow(context, row * ROW - top, this.rows[row], { colours, hatch, width });
    }
    playhead(context, this.axis.x(frame, width), this.height, colours.accent);
  }

  drawRow(context, y, { tracks, heading, who }, { colours, hatch, width }) {
    context.font = heading ? '600 11px system-ui, sans-serif' : '11px system-ui, sans-serif';
    context.fillStyle = heading ? colours.ink : colours.soft;
    if (heading) {
      context.fillText(tracks.name, 4, y + 11);
      return;
    }
    const identity = tracks.identities[who];
    context.fillText(identity, 12, y + 11, GUTTER - 16);
    context.save();
    context.beginPath();
    context.rect(GUTTER, y, width - GUTTER, ROW);
    context.clip();
    const bar = ([from, to]) => {
      const x = this.axis.x(from, width);
      return [x, y + 3, Math.max(2, this.axis.x(to + 1, width) - x), ROW - 5];
    };
    context.fillStyle = tracks.truth ? colours.line : tracks.colours[who];
    context.strokeStyle = colours.soft;
    context.lineWidth = 0.75;
    for (const run of tracks.runs[who]) {
      context.fillRect(...bar(run));
      context.strokeRect(...bar(run));
    }
    const errors = tracks.truth ? this.chosen?.missed : tracks.false;
    for (const event of errors?.get(identity) ?? []) {
      context.fillStyle = colours.ground;
      context.fillRect(...bar([event.frame, event.last]));
      context.fillStyle = hatch;
      context.fillRect(...bar([event.frame, event.last]));
    }
    for (const event of (tracks.truth && this.chosen?.switches.get(identity)) || []) {
      mark(context, this.axis.x(event.frame, width), y, colours);
    }
    context.restore();
  }
}

function hatching(context, colour) {
  const tile = document.createElement('canvas');
  tile.width = tile.height = 5;
  const inner = tile.getContext('2d');
  inner.strokeStyle = colour;
  inner.lineWidth = 1.4;
  inner.beginPath();
  for (const shift of [-5, 0, 5]) {
    inner.moveTo(shift, 5);
    inner.lineTo(shift + 5, 0);
  }
  inner.stroke();
  return context.createPattern(tile, 'repeat');
}

function mark(context, x, y, colours) {
  context.beginPath();
  context.moveTo(x - 5, y + 1);
  context.lineTo(x + 5, y + 1);
  context.lineTo(x, y + ROW - 2);
  context.closePath();
  context.fillStyle = colours.bad;
  context.strokeStyle = colours.ground;
  context.fill();
  context.stroke();
}
