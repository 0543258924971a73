/** The whole style sheet of the device page. Contrast of text is at least 4.5:1 in both schemes. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: #f3f4f6; --card: #ffffff; --line: #d5d9e0; --text: #1b2330; --muted: #556072;
  --accent: #1d5bb8; --on-accent: #ffffff; --accent-strong: #164a98;
  --code-ground: #eef3fb; --note-ground: #fdf5e3; --note-line: #d9a93a;
  --alert-ground: #fdeceb; --alert-line: #c4372c; --good: #1c7a46;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12161d; --card: #1b212b; --line: #353e4c; --text: #e7eaf0; --muted: #a4aebd;
    --accent: #86b4ff; --on-accent: #0d1a2e; --accent-strong: #a9caff;
    --code-ground: #232d3c; --note-ground: #2d2718; --note-line: #c9982f;
    --alert-ground: #351d1c; --alert-line: #f0776c; --good: #63cf93;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; display: flex; flex-direction: column; align-items: center;
  padding: clamp(1rem, 5vmin, 4.5rem) 1rem 2rem; background: var(--ground); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
}
.brand { display: flex; align-items: center; gap: .6rem; width: 100%; max-width: 33rem; margin: 0 0 .9rem; padding: 0 .25rem; }
.brand svg { width: 1.9rem; height: 1.9rem; flex: none; color: var(--accent); }
.brand p { margin: 0; line-height: 1.3; }
.brand strong { font-weight: 650; }
.brand span { display: block; font-size: .85rem; color: var(--muted); }
main {
  width: 100%; max-width: 33rem; padding: clamp(1.25rem, 5vw, 2.25rem); background: var(--card);
  border: 1px solid var(--line); border-radius: .9rem; box-shadow: 0 1px 2px rgb(0 0 0 / 6%), 0 8px 28px rgb(0 0 0 / 5%);
}
h1 { margin: 0 0 .6rem; font-size: 1.4rem; line-height: 1.3; font-weight: 650; text-wrap: balance; }
main p { margin: 0 0 1rem; }
main p:last-child { margin-bottom: 0; }
.code {
  margin: 1.25rem 0; padding: .9rem .5rem; border-radius: .6rem; background: var(--code-ground); text-align: center;
  font: 650 clamp(1.6rem, 8vw, 2.2rem)/1.2 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  letter-spacing: .08em;
}
dl { margin: 0 0 1.25rem; display: grid; grid-template-columns: max-content 1fr; gap: .4rem 1.1rem; font-size: .93rem; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
.note, .alert { margin: 0 0 1.4rem; padding: .75rem .95rem; border-left: 3px solid var(--note-line); border-radius: .35rem; background: var(--note-ground); }
.note { font-size: .95rem; }
h1 + .alert { margin-top: 1rem; }
.alert { border-color: var(--alert-line); background: var(--alert-ground); }
label { display: block; margin-bottom: .35rem; font-weight: 600; }
.hint { margin: .4rem 0 1.25rem; font-size: .9rem; color: var(--muted); }
input[type=text] {
  width: 100%; padding: .7rem .8rem; border: 1px solid var(--muted); border-radius: .5rem; background: transparent; color: inherit;
  font: 600 1.35rem/1.3 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; letter-spacing: .08em; text-transform: uppercase;
}
input::placeholder { color: var(--muted); opacity: .65; font-weight: 400; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; }
button {
  flex: 1 1 9rem; min-height: 2.9rem; padding: .55rem 1.2rem; border: 1px solid var(--accent); border-radius: .5rem;
  background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer;
}
button:hover { background: var(--accent-strong); border-color: var(--accent-strong); }
button.quiet { background: transparent; color: var(--text); border-color: var(--muted); }
button.quiet:hover { background: var(--code-ground); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.mark { display: block; width: 2.6rem; height: 2.6rem; margin-bottom: .8rem; color: var(--good); }
.mark.stopped { color: var(--muted); }
@media (max-width: 20rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
@media (forced-colors: active) { main, button, .code { border: 1px solid; } }
`
