/* Put the parts together. */

const element = (id) => document.getElementById(id);
const page = readPage();
const axis = new Axis(page.times);
let chosen = page.trackers[0]; // whose errors and curves are shown

const jump = (frame) => { video.pause(); player.seek(frame); };
const video = element('video');
const player = new Player(video, page.times, draw);
const curves = new Curves(element('curves'), { page, axis, onJump: jump });
const timeline = new Timeline(
  element('rows'), element('scroller'), { page, axis, onJump: jump });
const events = new EventList(element('list'), element('kinds'), { page, onJump: jump });

function draw() {
  const frame = player.frame;
  axis.follow(frame);
  drawBoxes(element('boxes'), page, frame, chosen);
  curves.draw(frame, chosen);
  timeline.draw(frame, chosen);
  events.follow(frame);
  element('position').value = frame;
  element('place').textContent = `frame ${page.numbers[frame]} of `
    + `${page.numbers[page.numbers.length - 1]}, ${page.times[frame].toFixed(2)} s`;
}

function choose(tracker) {
  chosen = tracker;
  const shown = (tracker ? tracker.curves : []).filter(({ name }) => CURVES[name]);
  const legend = shown.map(({ name }) => [CURVES[name].words, name === 'quality' ? name : 'weight']);
  if (page.damage.length) legend.push(['damaged frames', 'damage']);
  element('legend').replaceChildren(...legend.flatMap(([words, kind]) => {
    const mark = document.createElement('b');
    mark.className = kind;
    mark.textContent = { quality: '\u2501 ', weight: '\u2505 ', damage: '\u25ae ' }[kind];
    return [mark, `${words}   `];
  }));
  element('curves').hidden = !legend.length;
  events.choose(tracker);
  draw();
}

function listSets() {
  page.sets.forEach((tracks, index) => {
    const input = Object.assign(document.createElement('input'), { type: 'checkbox', checked: true });
    input.dataset.set = index;
    input.addEventListener('change', () => { tracks.visible = input.checked; draw(); });
    const sample = document.createElement('canvas');
    const label = document.createElement('label');
    label.append(input, sample, tracks.name);
    element('sets').append(label);
    const context = sized(sample, 36, 12);
    const colour = tracks.truth ? '#ffffff' : tracks.colours[0] || '#888888';
    outline(context, [2, 2, 32, 8], { colour, ...styleOf(page, tracks), line: 2 });
  });
  element('chosen').append(...page.trackers.map((one) => new Option(one.name)));
  element('chosen').addEventListener('change', (event) => {
    choose(page.trackers[event.target.selectedIndex]);
  });
}

function listScores() {
  const scored = page.trackers.filter((one) => Object.keys(one.metrics).length);
  if (!scored.length) return;
  element('scores-title').hidden = false;
  const row = (kind, cells) => {
    const line = element('scores').insertRow();
    for (const text of cells) {
      line.append(Object.assign(document.createElement(kind), { textContent: text }));
    }
  };
  row('th', ['', ...Object.keys(scored[0].metrics)]);
  for (const { name, metrics } of scored) {
    row('td', [name, ...Object.values(metrics).map((value) => (100 * value).toFixed(1))]);
  }
}

/* As large as there is room for, and no higher than two thirds of the window. */
function fit() {
  const stage = element('stage');
  const room = stage.parentElement.clientWidth;
  const width = Math.min(room, (0.62 * window.innerHeight * page.width) / page.height);
  stage.style.width = `${width}px`;
  stage.style.height = `${(width * page.height) / page.width}px`;
  draw();
}

const goTo = (event) => { if (event) jump(event.frame); };
const here = () => player.wanted ?? player.frame;
const KEYS = {
  ' ': () => player.toggle(),
  ArrowLeft: (event) => (event.shiftKey ? player.stepSeconds(-1) : player.step(-1)),
  ArrowRight: (event) => (event.shiftKey ? player.stepSeconds(1) : player.step(1)),
  Home: () => jump(0),
  End: () => jump(page.times.length - 1),
  n: () => goTo(events.next(here(), 1)),
  p: () => goTo(events.next(here(), -1)),
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === 'SELECT') return;
  const box = document.querySelector(`[data-set="${Number(event.key) - 1}"]`);
  // A button that has the focus is pressed by space itself.
  if (event.key === ' ' && ['BUTTON', 'INPUT'].includes(event.target.tagName)) return;
  if (box) box.click();
  else if (KEYS[event.key]) KEYS[event.key](event);
  else return;
  event.preventDefault();
}

function begin() {
  element('title').textContent = page.title;
  video.src = page.video;
  element('position').max = page.times.length - 1;
  element('position').addEventListener('input', (event) => jump(Number(event.target.value)));
  element('play').addEventListener('click', () => player.toggle());
  element('back').addEventListener('click', () => player.step(-1));
  element('forward').addEventListener('click', () => player.step(1));
  element('speed').addEventListener('change', (event) => {
    video.playbackRate = Number(event.target.value);
  });
  element('zoom').addEventListener('change', (event) => {
    axis.seconds = Number(event.target.value);
    draw();
  });
  for (const kind of ['play', 'pause']) {
    video.addEventListener(kind, () => {
      element('play').textContent = video.paused ? 'Play' : 'Pause';
    });
  }
  document.addEventListener('keydown', onKey);
  // Who has clicked something wants the space bar to play, not to press it again.
  document.addEventListener('click', (event) => {
    if (event.detail && document.activeElement.tagName !== 'SELECT') document.activeElement.blur();
  });
  window.addEventListener('resize', fit);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  listSets();
  listScores();
  choose(chosen);
  fit();
}

begin();
