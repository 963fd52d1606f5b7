// What chooses emoji.
export { EmojiList } from "./emoji-list.tsx";
export { EmojiPicker } from "./emoji-picker.tsx";
