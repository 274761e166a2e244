// Choosing a family marks its places in the text and shows two of them beside each other.
(() => {
  'use strict';
  const most = 200;
  const by = (id) => document.getElementById(id);
  const rows = [...document.querySelectorAll('.row')];
  const pair = by('pair');
  if (!rows.length || !pair) return;
  let lit = [];
  let chosen = null;
  let turn = 0;

  const range = (text) => text.split('-').map(Number);
  const copies = (row) => row.dataset.copies.split(' ').map(range);

  const light = ([start, end]) => {
    for (let i = start; i < end; i += 1) {
      const segment = by('s' + i);
      if (segment) {
        segment.classList.add('lit');
        lit.push(segment);
      }
    }
  };

  // The text of a place, taken from the page as nodes, never as source.
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

  const go = ([start]) => {
    const segment = by('s' + start);
    if (segment) segment.scrollIntoView({ block: 'start' });
  };

  const close = () => {
    lit.forEach((node) => node.classList.remove('lit'));
    lit = [];
    if (chosen) chosen.setAttribute('aria-pressed', 'false');
    chosen = null;
    pair.hidden = true;
    document.body.classList.remove('open');
  };

  const turnTo = (to) => {
    const all = copies(chosen);
    turn = (to + all.length) % all.length;
    show(by('again'), all[turn]);
    by('which').textContent = all.length > 1 ? 'Copy ' + (turn + 1) + ' of ' + all.length : '';
    by('before').hidden = by('next').hidden = all.length < 2;
    go(all[turn]);
  };

  const choose = (row) => {
    const same = row === chosen;
    close();
    if (same) return;
    chosen = row;
    row.setAttribute('aria-pressed', 'true');
    // Beside the row in the page, so that the next tab reaches it.
    row.after(pair);
    pair.hidden = false;
    document.body.classList.add('open');
    const original = range(row.dataset.original);
    [original, ...copies(row)].forEach(light);
    document.querySelectorAll('.plot [data-row="' + row.dataset.number + '"]').forEach((dots) => {
      dots.classList.add('lit');
      lit.push(dots);
    });
    show(by('first'), original);
    turnTo(0);
  };

  rows.forEach((row) => row.addEventListener('click', () => choose(row)));
  document.querySelectorAll('.plot [data-row]').forEach((dots) => {
    const row = rows[Number(dots.dataset.row)];
    if (row) dots.addEventListener('click', () => choose(row));
  });
  by('before').addEventListener('click', () => turnTo(turn - 1));
  by('next').addEventListener('click', () => turnTo(turn + 1));
  by('go-first').addEventListener('click', () => go(range(chosen.dataset.original)));
  by('go-again').addEventListener('click', () => go(copies(chosen)[turn]));
  by('close').addEventListener('click', () => {
    const row = chosen;
    close();
    if (row) row.focus();
  });
  document.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = rows.indexOf(document.activeElement);
    if (event.key === 'Escape' && chosen) {
      by('close').click();
    } else if (step && rows[at] && rows[at + step]) {
      rows[at + step].focus();
      event.preventDefault();
    }
  });
})();
