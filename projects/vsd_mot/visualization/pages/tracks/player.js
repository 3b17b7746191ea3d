/* A video by the index of its frames. */

const SLACK = 0.0005; // seconds; frames are at least twice as far apart

class Player {
  constructor(video, times, onFrame) {
    this.video = video;
    this.times = times;
    this.onFrame = onFrame;
    this.frame = 0;
    this.wanted = null; // where a seek under way leads
    video.addEventListener('seeked', () => {
      this.wanted = null;
      this.show(video.currentTime);
    });
    if (video.requestVideoFrameCallback) {
      const next = (_now, shown) => {
        if (this.wanted === null) this.show(shown.mediaTime);
        video.requestVideoFrameCallback(next);
      };
      video.requestVideoFrameCallback(next);
    } else {
      const next = () => {
        if (!video.paused && this.wanted === null) this.show(video.currentTime);
        requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
    }
  }

  /* The last frame that is not later than a time. */
  frameAt(time) {
    let low = 0;
    let high = this.times.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.times[middle] <= time + SLACK) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  show(time) {
    const frame = this.frameAt(time);
    if (frame === this.frame) return;
    this.frame = frame;
    this.onFrame(frame);
  }

  /* To the middle of a frame: its borders may round to a neighbour. */
  seek(frame) {
    this.wanted = Math.max(0, Math.min(this.times.length - 1, frame));
    const begin = this.times[this.wanted];
    const end = this.times[this.wanted + 1] ?? this.video.duration;
    this.video.currentTime = end > begin ? (begin + end) / 2 : begin;
  }

  step(frames) {
    this.video.pause();
    this.seek((this.wanted ?? this.frame) + frames);
  }

  stepSeconds(seconds) {
    const here = this.wanted ?? this.frame;
    const there = this.frameAt(Math.max(0, this.times[here] + seconds));
    this.step(there === here ? Math.sign(seconds) : there - here);
  }

  toggle() {
    if (this.video.paused) this.video.play();
    else this.video.pause();
  }
}
