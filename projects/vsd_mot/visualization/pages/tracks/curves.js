/* Quality and semantic weight of the chosen tracker, and the damage of frames. */

const CURVES = {
  quality: { words: 'quality', colour: 'good', dash: [] },
  semantic_weight: { words: 'semantic weight', colour: 'weight', dash: [6, 3] },
};

class Curves {
  constructor(canvas, { page, axis, onJump }) {
    Object.assign(this, { canvas, page, axis });
    canvas.addEventListener('click', (event) => {
      onJump(axis.frameAt(event.offsetX, canvas.clientWidth));
    });
  }

  draw(frame, chosen) {
    const width = this.canvas.clientWidth;
    const height = this.canvas.clientHeight;
    const context = sized(this.canvas, width, height);
    const colours = theme();
    const floor = height - 12;
    const y = (share) => floor - 4 - share * (floor - 10);
    context.font = '11px system-ui, sans-serif';
    context.fillStyle = colours.soft;
    context.strokeStyle = colours.line;
    for (const share of [0, 0.5, 1]) {
      context.fillText(String(share), GUTTER - 24, y(share) + 4);
      context.strokeRect(GUTTER, y(share), width - GUTTER - 8, 0);
    }
    context.save();
    context.beginPath();
    context.rect(GUTTER, 0, width - GUTTER, height);
    context.clip();
    for (const { name, values } of chosen ? chosen.curves : []) {
      if (CURVES[name]) this.line(context, values, { ...CURVES[name], y, width, colours });
    }
    context.fillStyle = colours.bad;
    for (const { frame: from, last } of this.page.damage) {
      const x = this.axis.x(from, width);
      context.fillRect(x, floor, Math.max(2, this.axis.x(last + 1, width) - x), 8);
    }
    playhead(context, this.axis.x(frame, width), height, colours.accent);
    context.restore();
  }

  line(context, values, { colour, dash, y, width, colours }) {
    context.strokeStyle = colours[colour];
    context.setLineDash(dash);
    context.lineWidth = 1.6;
    context.beginPath();
    let pen = false;
    values.forEach((value, frame) => {
      if (value === NO_VALUE) { pen = false; return; }
      const place = [this.axis.x(frame, width), y(value / (NO_VALUE - 1))];
      if (pen) context.lineTo(...place);
      else context.moveTo(...place);
      pen = true;
    });
    context.stroke();
    context.setLineDash([]);
  }
}
