// A list of places to go to, with what is new in each. Its links are one tab stop; the arrow keys go from one to another, and
// to the right to a row's options.
import type { ComponentChildren, TargetedFocusEvent, TargetedKeyboardEvent } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { nextItem, setTabStop } from "../../browser/roving-focus.ts";
import { Icon } from "../icons.tsx";
import { MenuButton } from "./menu-button.tsx";
import type { MenuEntry } from "./menu-entry.ts";

export interface NavItemProps {
  href: string;
  name: string;
  /** Below the name. Empty keeps its height, so that the list does not move when it comes. */
  line?: string | undefined;
  isCurrent?: boolean;
  /** How much is unread: "3", "99+". Empty for nothing. */
  unread?: string;
  isMentioned?: boolean;
  isMuted?: boolean;
  isPinned?: boolean;
  /** Shown like a muted one: there is nothing to read any more. */
  isOver?: boolean;
  menu?: readonly MenuEntry[];
  /** More marks after the name. */
  children?: ComponentChildren;
}

const linksOf = (list: HTMLElement) => [...list.querySelectorAll<HTMLElement>("a")];

/** `children`: NavItems with keys. */
export function NavList({ title, children }: { title: string; children: ComponentChildren }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <NavLinks>{children}</NavLinks>
    </section>
  );
}

/** The list without a title. `children`: items with keys, in each a link. */
export function NavLinks({ children }: { children: ComponentChildren }) {
  const list = useRef<HTMLUListElement>(null);

  useLayoutEffect(() => {
    const element = list.current as HTMLElement;
    const links = linksOf(element);
    if (element.contains(document.activeElement)) return;
    const stop = links.find((link) => link.hasAttribute("aria-current")) ?? links[0];
    if (stop) setTabStop(links, stop);
  });

  function onKeyDown(event: TargetedKeyboardEvent<HTMLElement>) {
    const row = (event.target as Element).closest("li");
    const link = row?.querySelector("a") ?? undefined;
    const options = row?.querySelector<HTMLElement>(".menu-button");
    const next =
      event.key === "ArrowRight"
        ? options
        : event.key === "ArrowLeft"
          ? link
          : nextItem(linksOf(event.currentTarget), link, event.key);
    if (!next || event.ctrlKey || event.metaKey || event.altKey) return;
    next.focus();
    event.preventDefault();
  }

  function onFocusIn({ target, currentTarget }: TargetedFocusEvent<HTMLElement>) {
    if (target instanceof HTMLAnchorElement) setTabStop(linksOf(currentTarget), target);
  }

  return (
    <ul ref={list} class="nav-list" onKeyDown={onKeyDown} onFocusIn={onFocusIn}>
      {children}
    </ul>
  );
}

export function NavItem(item: NavItemProps) {
  const { href, name, line, isCurrent, unread = "", isMentioned, isMuted, isPinned, isOver, menu, children } = item;
  const row = useRef<HTMLLIElement>(null);
  return (
    <li
      ref={row}
      class={["nav-item", (isMuted || isOver) && "muted", unread && "unread"].filter(Boolean).join(" ")}
      onContextMenu={(event) => {
        if (!menu || (event.target as Element).closest(".menu")) return;
        event.preventDefault();
        row.current?.querySelector<HTMLElement>(".menu-button")?.click();
      }}
    >
      <a href={href} tabIndex={-1} aria-current={isCurrent ? "page" : undefined}>
        <span class="nav-text">
          <span class="nav-title">
            <bdi class="nav-name">{name}</bdi>
            {isPinned && <Mark icon="pin" label="pinned" />}
            {isMuted && <Mark icon="mute" label="muted" />}
          </span>
          {line !== undefined && (
            <span class="nav-line" dir="auto">
              {line || "\u00a0"}
            </span>
          )}
        </span>
        {children}
        {isMentioned && <Mark icon="mention" label="you are mentioned" />}
        <UnreadCount text={unread} />
      </a>
      {menu && <MenuButton label={`Options for ${name}`} entries={() => menu} />}
    </li>
  );
}

/** `text`: "3", "99+". Empty for nothing. */
export function UnreadCount({ text }: { text: string }) {
  if (!text) return null;
  return (
    <span class="unread-count">
      {text}
      <span class="visually-hidden"> unread</span>
    </span>
  );
}

export function Mark({ icon, label }: { icon: "pin" | "mute" | "mention"; label: string }) {
  return (
    <span class={`nav-mark ${icon}-mark`}>
      <Icon name={icon} />
      <span class="visually-hidden">, {label}</span>
    </span>
  );
}
