/* The list of events; only those in sight are elements. */

const LINE = 26;
const KINDS = {
  switch: 'switches', missed: 'missed', false: 'false', birth: 'births', death: 'deaths',
  damage: 'damage',
};

class EventList {
  constructor(box, kinds, { page, onJump }) {
    Object.assign(this, { box, kinds, page, onJump });
    this.list = box.querySelector('ol');
    this.hidden = new Set();
    this.all = [];
    this.events = [];
    box.addEventListener('scroll', () => this.draw());
  }

  choose(tracker) {
    this.all = [...(tracker ? tracker.events : []), ...this.page.damage]
      .sort((one, other) => one.frame - other.frame);
    this.kinds.replaceChildren(...Object.entries(KINDS).flatMap(([kind, words]) => {
      const count = this.all.filter((event) => event.kind === kind).length;
      if (!count) return [];
      const input = Object.assign(document.createElement('input'),
        { type: 'checkbox', checked: !this.hidden.has(kind) });
      input.dataset.kind = kind;
      input.addEventListener('change', () => {
        this.hidden[input.checked ? 'delete' : 'add'](kind);
        this.filter();
      });
      const label = document.createElement('label');
      label.append(input, `${words} ${count}`);
      return [label];
    }));
    this.filter();
  }

  filter() {
    this.events = this.all.filter((event) => !this.hidden.has(event.kind));
    this.list.style.height = `${this.events.length * LINE}px`;
    this.follow(this.frame ?? 0);
  }

  /* Index of the last event that has begun. */
  current(frame) {
    let last = -1;
    for (let i = 0; i < this.events.length && this.events[i].frame <= frame; i++) last = i;
    return last;
  }

  /* The event after a frame, or the one before it. */
  next(frame, direction) {
    return direction > 0
      ? this.events.find((event) => event.frame > frame)
      : this.events.findLast((event) => event.frame < frame);
  }

  follow(frame) {
    this.frame = frame;
    const current = this.current(frame);
    const top = current * LINE;
    const { scrollTop, clientHeight } = this.box;
    if (current >= 0 && (top < scrollTop || top + LINE > scrollTop + clientHeight)) {
      this.box.scrollTop = top - clientHeight / 2;
    }
    this.draw();
  }

  draw() {
    const first = Math.max(0, Math.floor(this.box.scrollTop / LINE) - 2);
    const last = first + Math.ceil(this.box.clientHeight / LINE) + 4;
    const focused = this.list.contains(document.activeElement)
      ? document.activeElement.dataset.index : null;
    const here = this.events[this.current(this.frame ?? 0)]?.frame;
    this.list.replaceChildren(...this.events.slice(first, last).map((event, i) => {
      const button = document.createElement('button');
      button.dataset.index = first + i;
      button.dataset.kind = event.kind;
      button.style.top = `${(first + i) * LINE}px`;
      button.title = event.text;
      const when = document.createElement('small');
      const number = this.page.numbers[event.frame];
      when.textContent = event.last > event.frame
        ? `${number} to ${this.page.numbers[event.last]}` : `${number}`;
      button.append(when, ' ', event.text);
      if (event.frame === here) button.setAttribute('aria-current', 'true');
      button.addEventListener('click', () => this.onJump(event.frame));
      const item = document.createElement('li');
      item.append(button);
      return item;
    }));
    if (focused !== null) this.list.querySelector(`[data-index="${focused}"]`)?.focus();
  }
}
