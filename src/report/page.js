// Selecting a family highlights its occurrences in the text and shows the original beside a copy.
(() => {
  'use strict';
  // The number of segments of an occurrence that are shown at most.
  const most = 200;
  const by = (id) => document.getElementById(id);
  const rows = [...document.querySelectorAll('.row')];
  const pair = by('pair');
  if (!rows.length || !pair) return;
  let lit = [];
  let selected = null;
  let current = 0;

  const range = (text) => text.split('-').map(Number);
  const copies = (row) => row.dataset.copies.split(' ').map(range);

  const highlight = ([start, end]) => {
    for (let i = start; i < end; i += 1) {
      const segment = by('s' + i);
      if (segment) {
        segment.classList.add('lit');
        lit.push(segment);
      }
    }
  };

  // Shows the text of an occurrence. The text is copied as nodes and never parsed.
  const show = (place, [start, end]) => {
    const last = Math.min(end, start + most) - 1;
    const [from, to] = [by('s' + start), by('s' + last)];
    place.replaceChildren();
    if (!from || !to) return;
    const part = document.createRange();
    part.setStartBefore(from);
    part.setEndAfter(to);
    place.append(part.cloneContents());
    place.querySelectorAll('[id]').forEach((node) => node.removeAttribute('id'));
    if (last + 1 < end) place.append('\n…');
    place.scrollTop = 0;
  };

  const scrollTo = ([start]) => {
    const segment = by('s' + start);
    if (segment) segment.scrollIntoView({ block: 'start' });
  };

  const close = () => {
    lit.forEach((node) => node.classList.remove('lit'));
    lit = [];
    if (selected) selected.setAttribute('aria-pressed', 'false');
    selected = null;
    pair.hidden = true;
    document.body.classList.remove('open');
  };

  const showCopy = (number) => {
    const all = copies(selected);
    current = (number + all.length) % all.length;
    show(by('copy'), all[current]);
    by('which').textContent = all.length > 1 ? 'Copy ' + (current + 1) + ' of ' + all.length : '';
    by('previous').hidden = by('next').hidden = all.length < 2;
    scrollTo(all[current]);
  };

  const select = (row) => {
    const same = row === selected;
    close();
    if (same) return;
    selected = row;
    row.setAttribute('aria-pressed', 'true');
    // The pair follows the row in the page, so the Tab key reaches the pair next.
    row.after(pair);
    pair.hidden = false;
    document.body.classList.add('open');
    const original = range(row.dataset.original);
    [original, ...copies(row)].forEach(highlight);
    document.querySelectorAll('.plot [data-row="' + row.dataset.number + '"]').forEach((dots) => {
      dots.classList.add('lit');
      lit.push(dots);
    });
    show(by('original'), original);
    showCopy(0);
  };

  rows.forEach((row) => row.addEventListener('click', () => select(row)));
  const filters = [...document.querySelectorAll('.filter button')];
  filters.forEach((filter) => filter.addEventListener('click', () => {
    close();
    filters.forEach((other) => other.setAttribute('aria-pressed', String(other === filter)));
    rows.forEach((row) => {
      row.parentElement.hidden = filter.dataset.reason !== '' && filter.dataset.reason !== row.parentElement.dataset.reason;
    });
  }));
  document.querySelectorAll('.plot [data-row]').forEach((dots) => {
    const row = rows[Number(dots.dataset.row)];
    if (row) dots.addEventListener('click', () => select(row));
  });
  by('previous').addEventListener('click', () => showCopy(current - 1));
  by('next').addEventListener('click', () => showCopy(current + 1));
  by('to-original').addEventListener('click', () => scrollTo(range(selected.dataset.original)));
  by('to-copy').addEventListener('click', () => scrollTo(copies(selected)[current]));
  by('close').addEventListener('click', () => {
    const row = selected;
    close();
    if (row) row.focus();
  });
  document.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const shown = rows.filter((row) => !row.parentElement.hidden);
    const at = shown.indexOf(document.activeElement);
    if (event.key === 'Escape' && selected) {
      by('close').click();
    } else if (step && shown[at] && shown[at + step]) {
      shown[at + step].focus();
      event.preventDefault();
    }
  });
})();
