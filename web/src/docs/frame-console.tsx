// The console for frames: connect, choose an action, edit its frame, send it, and see what comes back.
import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { Description } from "./description.tsx";
import { connect, disconnect, entries, phase, sendFrame } from "./frame-socket.ts";
import { type Action, type Field, frameText } from "./frames.ts";

const phaseTexts = { closed: "Not connected", opening: "Connecting…", open: "Connected" };
const kindTexts = { sent: "Sent", received: "Received", note: "Connection" };

export function FrameConsole({ actions }: { actions: readonly Action[] }) {
  const chosen = useSignal(actions.find(({ name }) => name === "ping") ?? actions[0]);
  const action = chosen.value;
  if (!action) return null;
  return (
    <div class="console">
      <div class="console-forms">
        <ConnectForm />
        <FrameForm
          actions={actions}
          action={action}
          onChoose={(next) => {
            chosen.value = next;
          }}
        />
      </div>
      <FrameLog />
      <FieldList fields={action.fields} />
    </div>
  );
}

function ConnectForm() {
  const token = useSignal("");
  const id = useId();
  const submit = () => {
    if (phase.value === "closed") void connect(token.value.trim());
    else disconnect();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div class="field">
        <label for={id}>
          Token <span class="hint">optional, from POST /sessions; without one you are a new guest</span>
        </label>
        <input
          id={id}
          type="text"
          autoComplete="off"
          spellcheck={false}
          value={token.value}
          onInput={(event) => {
            token.value = event.currentTarget.value;
          }}
        />
      </div>
      <div class="console-buttons">
        <button class={phase.value === "closed" ? "button primary" : "button"} type="submit">
          {phase.value === "closed" ? "Connect" : "Disconnect"}
        </button>
        <span class="console-phase" role="status">
          {phaseTexts[phase.value]}
        </span>
      </div>
    </form>
  );
}

interface FrameFormProps {
  actions: readonly Action[];
  action: Action;
  onChoose: (next: Action) => void;
}

function FrameForm({ actions, action, onChoose }: FrameFormProps) {
  const text = useSignal(frameText(action));
  const id = useId();
  const startFrom = (next: Action) => {
    onChoose(next);
    text.value = frameText(next, text.value);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (phase.value === "open") sendFrame(text.value);
      }}
    >
      <div class="field">
        <label for={`${id}-action`}>Action</label>
        <select
          id={`${id}-action`}
          value={action.name}
          onChange={(event) => {
            const next = actions.find(({ name }) => name === event.currentTarget.value);
            if (next) startFrom(next);
          }}
        >
          {actions.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      <p class="console-text">
        <Description text={action.description} />
      </p>
      <div class="field">
        <label for={`${id}-frame`}>
          Frame <span class="hint">Ctrl+Enter sends it</span>
        </label>
        <textarea
          id={`${id}-frame`}
          rows={text.value.split("\n").length + 1}
          autoComplete="off"
          spellcheck={false}
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
          }}
        />
      </div>
      <div class="console-buttons">
        <button class="button primary" type="submit" disabled={phase.value !== "open"}>
          Send
        </button>
        <button class="button" type="button" onClick={() => startFrom(action)}>
          New example
        </button>
      </div>
    </form>
  );
}

function FieldList({ fields }: { fields: readonly Field[] }) {
  if (fields.length === 0) return null;
  return (
    <ul class="console-fields" aria-label="Fields">
      {fields.map(({ name, type, required, description }) => (
        <li key={name}>
          <code>{name}</code>{" "}
          <span class="hint">
            {type}
            {required ? "" : ", optional"}
          </span>
          {description && (
            <p class="hint">
              <Description text={description} />
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

function FrameLog() {
  const log = useRef<HTMLDivElement>(null);
  const shown = entries.value;
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [shown]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it.
    <div class="console-log" role="log" aria-label="Frames sent and received" tabIndex={0} ref={log}>
      {shown.length === 0 && <p class="hint">Frames appear here.</p>}
      {shown.map(({ key, kind, at, text }) => (
        <article key={key} class={`console-entry ${kind}`}>
          <h3>
            {kindTexts[kind]} <time dateTime={at.toISOString()}>{at.toLocaleTimeString()}</time>
          </h3>
          {kind === "note" ? <p>{text}</p> : <pre>{text}</pre>}
        </article>
      ))}
    </div>
  );
}
