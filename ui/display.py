"""The Reading menu: theme and text size, chosen at the top of every page and kept by the browser alone.

Streamlit has no call that sets a theme (streamlit#14172), but takes one from the page that frames it
(SET_CUSTOM_THEME_CONFIG). Nobody may frame ours, so the only page that can send that message is ours itself:
`client.allowedOrigins` names it. The choice is in localStorage; it never reaches the server.
"""

from html import escape

import streamlit as st

THEMES = {"device": "As on my device", "light": "Light", "dark": "Dark", "calm": "Calm: soft colours, no motion"}
SIZES = {"standard": "Standard", "large": "Large", "larger": "Larger"}
_COLOURS = ("primaryColor", "backgroundColor", "secondaryBackgroundColor", "textColor", "linkColor")
# Streamlit knows two themes. This one's text has a contrast of 8 to 1, where the light one has 15
CALM = dict(zip(_COLOURS, ("#2f5d59", "#e9e4d9", "#e1dbce", "#3b3a36", "#2f5d59"), strict=True))

_JS = """
const KEY = 'whosaid-reading';
const root = document.documentElement, device = matchMedia('(prefers-color-scheme: dark)');
let here = {};  // for a browser that lets us keep nothing
function kept() {
  try { return JSON.parse(localStorage.getItem(KEY)) ?? {}; } catch { return here; }
}
// What is read stays where it is on the screen while the page is laid out anew.
function inPlace(change) {
  const scroller = document.querySelector('.stMain');
  const first = scroller.getBoundingClientRect().top + scroller.clientHeight / 5;  // below the line at the top
  const read = [...scroller.querySelectorAll('p, li, h1, h2, button, summary, .ws-words')]
    .find(element => element.checkVisibility() && element.getBoundingClientRect().top >= first);
  const top = read?.getBoundingClientRect().top, until = performance.now() + 600;
  change();
  const settle = () => {
    if (!read?.isConnected || performance.now() > until) return;
    scroller.dispatchEvent(new WheelEvent('wheel'));  // Streamlit keeps a chat at its end for whoever is there
    scroller.scrollTop += read.getBoundingClientRect().top - top;
    requestAnimationFrame(settle);
  };
  if (scroller.scrollTop) settle();
}
export default function ({ data, parentElement }) {
  const themes = Object.fromEntries(data);
  const button = parentElement.querySelector('button'), panel = parentElement.querySelector('[popover]');
  const choices = [...panel.querySelectorAll('input')];
  const place = () => {
    const below = button.getBoundingClientRect();
    panel.style.top = `${Math.max(8, below.bottom + 4)}px`;  // with larger text a phone's line at the top scrolls away
    panel.style.left = `${Math.max(8, Math.min(below.left, root.clientWidth - panel.offsetWidth - 8))}px`;
  };
  const show = chosen => {
    const followsDevice = !(chosen.theme in themes);
    const name = followsDevice ? (device.matches ? 'dark' : 'light') : chosen.theme, theme = themes[name];
    const isNew = name !== root.dataset.wsTheme && !(followsDevice && !root.dataset.wsTheme);
    Object.assign(root.dataset, { wsTheme: name, wsSize: chosen.size ?? 'standard' });
    root.style.setProperty('--ws-background', theme.backgroundColor);
    root.style.setProperty('--ws-text', theme.textColor);
    if (isNew) postMessage({ stCommVersion: 1, type: 'SET_CUSTOM_THEME_CONFIG', themeInfo: theme }, location.origin);
    const wanted = { theme: followsDevice ? 'device' : name, size: root.dataset.wsSize };
    for (const choice of choices) choice.checked = choice.value === wanted[choice.name.slice(3)];
    if (panel.matches(':popover-open')) place();
  };
  const choose = () => {
    here = Object.fromEntries(choices.filter(c => c.checked).map(c => [c.name.slice(3), c.value]));
    try { localStorage.setItem(KEY, JSON.stringify(here)); } catch { /* then it holds for this page */ }
    inPlace(() => show(here));
  };
  const again = () => show(kept());
  let closes = false;  // whoever taps beside the menu to close it does not press what is below
  const press = event => {
    closes = panel.matches(':popover-open') && !panel.contains(event.target) && !button.contains(event.target);
  };
  const click = event => {
    if (closes) { event.preventDefault(); event.stopPropagation(); }
    closes = false;
  };
  addEventListener('pointerdown', press, true);
  addEventListener('click', click, true);
  panel.addEventListener('change', choose);
  panel.addEventListener('toggle', place);
  device.addEventListener('change', again);
  addEventListener('storage', again);
  again();
  return () => {
    device.removeEventListener('change', again);
    removeEventListener('storage', again);
    removeEventListener('pointerdown', press, true);
    removeEventListener('click', click, true);
  };
}
"""


def _choices(legend: str, name: str, labels: dict[str, str]) -> str:
    radios = "".join(
        f'<label><input type="radio" name="ws-{name}" value="{value}"> {escape(label)}</label>'
        for value, label in labels.items()
    )
    return f"<fieldset><legend>{legend}</legend>{radios}</fieldset>"


_HTML = (
    '<button type="button" class="ws-reading" popovertarget="ws-reading">Reading</button>'
    '<div id="ws-reading" popover role="group" aria-label="Reading">'
    f"{_choices('Theme', 'theme', THEMES)}{_choices('Text size', 'size', SIZES)}</div>"
)
_component = st.components.v2.component("whosaid_display", html=_HTML, js=_JS, isolate_styles=False)


def display() -> None:
    """Draw the menu, and show the page as its reader has chosen."""
    dark = _configured("dark")
    themes = {"light": _configured("light"), "dark": dark | {"base": 1}, "calm": CALM}
    # A list: Streamlit looks whether a value of a dict is a data frame, and imports pandas for that (0.3 s)
    _component(key="display_component", data=list(themes.items()))


def _configured(theme: str) -> dict[str, object]:
    return {name: st.get_option(f"theme.{theme}.{name}") for name in _COLOURS}
