// Lists the keyboard shortcuts of a room.
import type { ComponentChildren } from "preact";
import { isMac, questionMarkOpens, setQuestionMarkOpens } from "../../state/shortcuts.ts";
import { Dialog } from "../dialog.tsx";
import { OptionBox } from "../option-box.tsx";

const groups: readonly (readonly [
  title: string,
  keys: readonly (readonly [keys: ComponentChildren, what: string])[],
])[] = [
  [
    "Writing",
    [
      ["Any letter", "Write, from anywhere in the room"],
      [<kbd>Enter</kbd>, "Send, or save an edit"],
      [keys("Shift", "Enter"), "Start a new line"],
      [<kbd>↑</kbd>, "In an empty field: edit your last message"],
      [<kbd>@</kbd>, "Mention somebody"],
      [<kbd>Esc</kbd>, "Cancel an edit or a reply"],
    ],
  ],
  [
    "Rooms",
    [
      [keys(isMac ? "⌘" : "Ctrl", "K"), "Go to a room by its name"],
      [either("↑", "↓"), "In a list of rooms: go from one to another"],
      [<kbd>→</kbd>, "Go to a room's options"],
    ],
  ],
  [
    "Messages",
    [
      [either("↑", "↓"), "With the focus on the messages: go from one to another"],
      [either("←", "→"), "Go through a message's buttons and links"],
      [either("Page Up", "Page Down"), "Scroll, with the focus on the messages"],
      [<kbd>Esc</kbd>, "Close a menu or a dialog"],
    ],
  ],
];

function keys(one: string, other: string) {
  return (
    <>
      <kbd>{one}</kbd> + <kbd>{other}</kbd>
    </>
  );
}

function either(one: string, other: string) {
  return (
    <>
      <kbd>{one}</kbd> or <kbd>{other}</kbd>
    </>
  );
}

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" class="dialog settings shortcuts" onClose={onClose}>
      {groups.map(([title, rows]) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl>
            {rows.map(([pressed, what]) => (
              <div key={what}>
                <dt>{pressed}</dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <OptionBox
        title="Open this list with ?"
        icon="keyboard"
        checked={questionMarkOpens.value}
        onChange={setQuestionMarkOpens}
      >
        Otherwise ? is written like any other character.
      </OptionBox>
    </Dialog>
  );
}
