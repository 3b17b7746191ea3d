'use strict';

/* What track_page.py has packed, as typed arrays. Frames are indices from 0 throughout. */

const NO_VALUE = 65535;

const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const unpack = (text, Kind) => new Kind(bytesOf(text).buffer);

class Tracks {
  constructor(packed) {
    Object.assign(this, packed); // name, truth, identities, colours, unit, events, metrics
    this.visible = true;
    this.who = unpack(packed.who, Uint32Array);
    this.places = unpack(packed.boxes, Int16Array);
    this.scores = unpack(packed.scores, Uint8Array);
    const counts = unpack(packed.counts, Uint16Array);
    this.first = new Uint32Array(counts.length + 1);
    counts.forEach((count, frame) => { this.first[frame + 1] = this.first[frame] + count; });
    this.curves = Object.entries(packed.curves).map(
      ([name, text]) => ({ name, values: unpack(text, Uint16Array) }));
    this.runs = this.findRuns(counts.length);
  }

  /* [first, last] frames of each identity, one pair for every time it is there. */
  findRuns(frames) {
    const runs = this.identities.map(() => []);
    for (let frame = 0; frame < frames; frame++) {
      for (let row = this.first[frame]; row < this.first[frame + 1]; row++) {
        const mine = runs[this.who[row]];
        const last = mine[mine.length - 1];
        if (last && last[1] >= frame - 1) last[1] = frame;
        else mine.push([frame, frame]);
      }
    }
    return runs;
  }

  box(row) {
    return [0, 1, 2, 3].map((side) => this.places[4 * row + side] * this.unit);
  }
}

/* The events of one kind by identity, to be asked for by row and frame. */
function eventsByIdentity(events, kind) {
  const groups = new Map();
  for (const event of events) {
    if (event.kind !== kind) continue;
    if (!groups.has(event.identity)) groups.set(event.identity, []);
    groups.get(event.identity).push(event);
  }
  return groups;
}

const lasts = (events, frame) =>
  (events || []).some((event) => event.frame <= frame && frame <= event.last);

function readPage() {
  const packed = JSON.parse(document.getElementById('data').textContent);
  const page = { ...packed, sets: packed.sets.map((one) => new Tracks(one)) };
  page.times = Float64Array.from(unpack(packed.times, Uint32Array), (tick) => tick / 10000);
  page.numbers = unpack(packed.numbers, Uint32Array);
  page.truth = page.sets.find((one) => one.truth);
  page.trackers = page.sets.filter((one) => !one.truth);
  for (const one of page.trackers) {
    one.missed = eventsByIdentity(one.events, 'missed');
    one.switches = eventsByIdentity(one.events, 'switch');
    one.false = eventsByIdentity(one.events, 'false');
  }
  const mp4 = document.getElementById('mp4');
  page.video = URL.createObjectURL(new Blob([bytesOf(mp4.textContent)], { type: 'video/mp4' }));
  mp4.remove(); // the text is not needed again
  return page;
}
