/* Boxes over the video. Trackers differ by their lines, identities by colour and number. */

const DASHES = [[], [9, 4], [2, 3], [12, 3, 2, 3], [5, 2]];
const TRUTH_DASH = [4, 4];
const WRONG = '#ff5a36';

/* Give a canvas the pixels of its place on the screen; returns its context in CSS pixels. */
function sized(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

function styleOf(page, tracks) {
  if (tracks.truth) return { dash: TRUTH_DASH, width: 1.5 };
  return { dash: DASHES[page.trackers.indexOf(tracks) % DASHES.length], width: 2 };
}

function drawBoxes(canvas, page, frame, chosen) {
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  const context = sized(canvas, width, height);
  const scale = [width / page.width, height / page.height];
  context.font = '600 12px system-ui, sans-serif';
  for (const tracks of page.sets) {
    if (!tracks.visible) continue;
    const { dash, width: line } = styleOf(page, tracks);
    for (let row = tracks.first[frame]; row < tracks.first[frame + 1]; row++) {
      const identity = tracks.identities[tracks.who[row]];
      const [x, y, w, h] = tracks.box(row).map((value, side) => value * scale[side % 2]);
      const wrong = tracks.truth
        ? chosen && chosen.visible && lasts(chosen.missed.get(identity), frame)
        : lasts(tracks.false.get(identity), frame);
      const colour = tracks.truth ? '#ffffff' : tracks.colours[tracks.who[row]];
      outline(context, [x, y, w, h], { colour, dash, line });
      const note = wrong ? (tracks.truth ? ' missed' : ' false') : '';
      // The ground truth's labels stand below, so that both can be read.
      const top = tracks.truth ? y + h : y - 16;
      label(context, x, Math.min(Math.max(top, 0), height - 16), {
        text: (tracks.truth ? 'GT ' : '') + identity + note,
        colour: wrong ? WRONG : colour,
      });
    }
  }
}

function outline(context, box, { colour, dash, line }) {
  context.setLineDash([]);
  context.strokeStyle = 'rgba(0, 0, 0, .55)';
  context.lineWidth = line + 2;
  context.strokeRect(...box);
  context.setLineDash(dash);
  context.strokeStyle = colour;
  context.lineWidth = line;
  context.strokeRect(...box);
}

function label(context, x, y, { text, colour }) {
  context.fillStyle = 'rgba(20, 22, 28, .82)';
  context.fillRect(x, y, context.measureText(text).width + 8, 16);
  context.fillStyle = colour;
  context.fillText(text, x + 4, y + 12);
}
