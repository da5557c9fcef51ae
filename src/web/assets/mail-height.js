/* The height of the mail is known to a browser only: it is measured in the frame, which then shows the mail without a scroll bar of its own. */
const frame = document.getElementById('mail');
const badge = document.querySelector('[data-height-limit]');

function measure() {
  const page = frame.contentDocument;
  if (page === null || page.readyState !== 'complete') return;
  // A document is never less tall than its frame.
  frame.style.height = '0';
  const height = page.documentElement.scrollHeight;
  frame.style.height = `${height + 2}px`;
  if (badge === null) return;
  const over = height > Number(badge.dataset.heightLimit);
  badge.querySelector('.value').textContent = `${height.toLocaleString(document.documentElement.lang)} px`;
  badge.classList.toggle('ok', !over);
  badge.classList.toggle('over', over);
}

frame.addEventListener('load', measure);
measure();
