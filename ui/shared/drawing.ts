// A picture wider than its frame shows where the matter stands, or where it begins.

for (const frame of document.querySelectorAll('.drawing')) {
  const at = (frame.querySelector('.luoshi-now') ?? frame.querySelector('.luoshi-start'))?.getBoundingClientRect();
  const seen = frame.getBoundingClientRect();
  if (at) frame.scrollLeft += at.left + at.width / 2 - seen.left - seen.width / 2;
}

export {};
