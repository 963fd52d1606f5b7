// How the page looks: its name, logo, colors and corners. `npm test` checks that all texts have enough contrast.

interface Colors {
  /** Behind everything. */
  readonly surface: string;
  /** Buttons, links, and what is chosen; and the text on them. */
  readonly accent: string;
  readonly "accent-hover": string;
  readonly "on-accent": string;
  /** Behind text in the accent color. */
  readonly "accent-soft": string;
  /** One's own messages. */
  readonly "own-bubble": string;
  readonly "on-own-bubble": string;
}

export const brandName = "Parlor";

/** What search engines show. */
export const description = "Chat rooms that you own. Create a room, share its link, talk.";

/** Filled paths in a square of 32 by 32, the lowest first. */
export const logo = [
  {
    fill: "#0f6e5f",
    path: "M7 3h18a4 4 0 0 1 4 4v13a4 4 0 0 1-4 4H15l-6.4 5.1A1 1 0 0 1 7 28.3V24a4 4 0 0 1-4-4V7a4 4 0 0 1 4-4Z",
  },
  { fill: "#fff", path: "M11 18.5V9h5.6a3.4 3.4 0 0 1 0 6.8h-3v2.7Zm2.6-4.9h2.7a1.2 1.2 0 0 0 0-2.4h-2.7Z" },
];

/** Of corners: of fields and small buttons, of cards and menus, and of dialogs. */
export const radius = { small: "8px", normal: "12px", large: "18px" };

export const light: Colors = {
  surface: "#ffffff",
  accent: "#0f6e5f",
  "accent-hover": "#0b5b4e",
  "on-accent": "#ffffff",
  "accent-soft": "#e2f1ed",
  "own-bubble": "#0f6e5f",
  "on-own-bubble": "#ffffff",
};

export const dark: Colors = {
  surface: "#17181a",
  accent: "#5fd0b6",
  "accent-hover": "#7cdcc5",
  "on-accent": "#06231d",
  "accent-soft": "#1b3832",
  "own-bubble": "#14574b",
  "on-own-bubble": "#effcf8",
};
