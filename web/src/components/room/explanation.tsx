// What a moderator said about a ban, a mute or a kick.

export function Explanation({ text }: { text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <q class="explanation" dir="auto">
      {text}
    </q>
  );
}
