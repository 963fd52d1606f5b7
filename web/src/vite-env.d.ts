/// <reference types="vite/client" />

declare module "virtual:emoji-rows" {
  const rows: import("./text/emoji-search.ts").EmojiRow[][];
  export default rows;
}
