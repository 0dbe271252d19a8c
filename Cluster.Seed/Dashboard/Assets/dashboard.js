// Keeps a page fresh: every other second the page is asked for again, and what is marked with data-live is put in the place of what it was.
(() => {
    'use strict';
    const every = 2000, deadline = 15000;
    const cut = document.getElementById('cut-off');
    let since = null, asking = false;

    const clock = () => new Date().toISOString().slice(11, 19) + ' UTC';

    const say = text => {
        if (cut.textContent !== text) cut.textContent = text;
        cut.hidden = text === '';
        document.body.classList.toggle('cut', text !== '');
    };

    // A choice that was made, a part that was unfolded, and where the keyboard is, stay as they were.
    const replace = (old, fresh) => {
        if (old.isEqualNode(fresh)) return;
        const chosen = [...old.querySelectorAll('input:checked')].map(input => input.id);
        const open = [...old.querySelectorAll('details[open]')].map(part => part.id);
        const focused = old.contains(document.activeElement) ? document.activeElement : null;
        const target = focused && (focused.id || focused.getAttribute('href') || focused.getAttribute('aria-label'));
        const places = [...old.querySelectorAll('.scroll')].map(part => part.scrollLeft);
        old.replaceWith(fresh);
        for (const id of chosen) { const input = document.getElementById(id); if (input) input.checked = true; }
        for (const id of open) { const part = id && document.getElementById(id); if (part) part.open = true; }
        [...fresh.querySelectorAll('.scroll')].forEach((part, i) => { part.scrollLeft = places[i] || 0; });
        if (!target) return;
        const again = [...fresh.querySelectorAll('a, button, input, [tabindex], summary')].find(
            part => part.id === target || part.getAttribute('href') === target || part.getAttribute('aria-label') === target);
        if (again) again.focus({ preventScroll: true });
    };

    const refresh = async () => {
        if (asking || document.hidden) return;
        asking = true;
        const late = new AbortController();
        const timer = setTimeout(() => late.abort(), deadline);
        try {
            const answer = await fetch(location.pathname + location.search, { cache: 'no-store', redirect: 'manual', signal: late.signal });
            if (answer.type === 'opaqueredirect') {
                say('The session is over. Load the page again to log in.');
                return;
            }
            if (answer.status === 404) {
                say(document.getElementById('missing') ? '' : 'There is no such job any more: what is shown is as it was.');
                return;
            }
            if (!answer.ok) throw new Error(String(answer.status));
            const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
            for (const old of document.querySelectorAll('[data-live]')) {
                const fresh = page.getElementById(old.id);
                if (fresh) replace(old, document.adoptNode(fresh));
            }
            since = null;
            say('');
        } catch {
            since ??= clock();
            say(`Cut off from the seed since ${since}: what is shown is as it was then. Trying again.`);
        } finally {
            clearTimeout(timer);
            asking = false;
        }
    };

    setInterval(refresh, every);
    document.addEventListener('visibilitychange', refresh);
})();
