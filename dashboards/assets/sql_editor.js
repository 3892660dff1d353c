// A text field with colours and completion. Data: {text, revision, words: [[name, note, kind]]}.
// State "text"; trigger "run" (Ctrl+Enter). The text given is taken only when the revision changes.
const KEYWORDS = new Set(("select from where group by order having limit offset join inner left right full cross on using with as "
  + "and or not in is null like ilike between case when then else end distinct union all except intersect by asc desc nulls "
  + "last first filter over partition qualify recursive values describe summarize show exists cast true false lateral "
  + "rows range preceding following unbounded current row window sample exclude replace columns pivot unpivot explain").split(" "));
const TOKEN = /(--[^\n]*|\/\*[\s\S]*?\*\/)|('(?:[^']|'')*'?)|("(?:[^"]|"")*"?)|(\b\d+(?:\.\d+)?\b)|([\p{L}_][\p{L}\p{N}_]*)|([\s\S])/gu;
const WORD = /(?:"[^"\n]*|[\p{L}_][\p{L}\p{N}_]*)$/u;
const BEFORE_TABLE = /\b(?:from|join|describe|summarize)\s+$/i;
const MOST = 12;

const coloured = (text) => {
  const part = document.createDocumentFragment();
  for (const [whole, comment, string, quoted, number, word] of text.matchAll(TOKEN)) {
    const kind = comment ? "c" : string ? "s" : quoted ? "t" : number ? "n" : word && KEYWORDS.has(word.toLowerCase()) ? "k" : "";
    if (!kind) { part.append(whole); continue; }
    const span = document.createElement("span");
    span.className = kind;
    span.textContent = whole;
    part.append(span);
  }
  part.append("\n");
  return part;
};

const build = (parent) => {
  const root = parent.querySelector("[data-editor]");
  const area = root.querySelector("textarea"), view = root.querySelector("pre"), menu = root.querySelector("ul");
  const editor = { area, words: [], revision: null, sent: null, chosen: 0, found: [], send: null, run: null };
  const paint = () => { view.replaceChildren(coloured(area.value)); view.scrollTop = area.scrollTop; };
  const close = () => { editor.found = []; menu.replaceChildren(); area.setAttribute("aria-expanded", "false"); };
  const typed = () => (area.value.slice(0, area.selectionStart).match(WORD) || [""])[0];
  const insert = (name) => {
    const end = area.selectionStart, start = end - typed().length;
    area.setRangeText(name, start, end, "end");
    close(); paint(); area.focus();
  };
  const offer = () => {
    const typedNow = typed(), sought = typedNow.replace(/^"/, "").toLowerCase();
    close();
    if (!sought) return;
    const wantsTable = BEFORE_TABLE.test(area.value.slice(0, area.selectionStart - typedNow.length));
    const rank = ([name, note, kind]) => {
      if (wantsTable && kind !== "表") return 9;
      const plain = name.replaceAll('"', "").toLowerCase();
      return plain.startsWith(sought) ? 0 : note.startsWith(sought) ? 1 : plain.includes(sought) || note.toLowerCase().includes(sought) ? 2 : 9;
    };
    editor.found = editor.words.map((word) => [rank(word), word]).filter(([place, word]) => place < 9 && word[0] !== typedNow)
      .sort((a, b) => a[0] - b[0]).slice(0, MOST).map(([, word]) => word);
    editor.chosen = 0;
    draw();
  };
  const draw = () => {
    menu.replaceChildren(...editor.found.map(([name, note, kind], place) => {
      const line = document.createElement("li"), label = document.createElement("span"), said = document.createElement("small");
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", String(place === editor.chosen));
      label.textContent = name; said.textContent = `${kind} ${note}`;
      line.append(label, said);
      line.onmousedown = (event) => { event.preventDefault(); insert(name); };
      return line;
    }));
    area.setAttribute("aria-expanded", String(editor.found.length > 0));
    menu.children[editor.chosen]?.scrollIntoView({ block: "nearest" });
  };
  const send = () => { if (area.value !== editor.sent) { editor.sent = area.value; editor.send("text", area.value); } };
  area.oninput = () => { paint(); offer(); };
  area.onscroll = () => { view.scrollTop = area.scrollTop; };
  area.onblur = () => { close(); send(); };
  area.onkeydown = (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault(); close(); send(); editor.run("run", true); return;
    }
    if (!editor.found.length) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { editor.chosen = (editor.chosen + step + editor.found.length) % editor.found.length; draw(); }
    else if (event.key === "Enter" || event.key === "Tab") insert(editor.found[editor.chosen][0]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  };
  editor.take = (text) => { area.value = text; editor.sent = text; paint(); };
  return editor;
};

const editors = new WeakMap();

export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  let editor = editors.get(parentElement);
  if (!editor) { editor = build(parentElement); editors.set(parentElement, editor); }
  editor.send = setStateValue;
  editor.run = setTriggerValue;
  editor.words = data.words;
  if (editor.revision !== data.revision) { editor.revision = data.revision; editor.take(data.text); }
}
