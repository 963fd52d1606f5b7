// Which of the stage's bots answer in a room, for its owner.
import type { Room } from "../../../../client/src/index.ts";
import { type BotSettings, knownConfig } from "../../state/config.ts";
import { roomDetails } from "../../state/joined-room.ts";
import { setBot } from "../../state/room-settings.ts";
import { Avatar } from "../avatar.tsx";
import { useAttempt } from "../use-attempt.tsx";

export function RoomBots({ room }: { room: Room }) {
  const bots = knownConfig.value?.bots ?? [];
  const { attempt, problem } = useAttempt();
  if (bots.length === 0) return null;
  const isHere = (id: string) => roomDetails.value?.bots?.some(({ userId }) => userId === id) ?? false;
  return (
    <>
      <p class="hint">Bots that answer here when somebody mentions them:</p>
      <ul class="people-list">
        {bots.map((bot) => (
          <BotRow
            key={bot.name}
            bot={bot}
            isHere={isHere(idOf(bot))}
            onSet={(isAllowed) => attempt(() => setBot(room, bot.name, isAllowed))}
          />
        ))}
      </ul>
      {problem}
    </>
  );
}

const idOf = ({ name }: BotSettings) => `bot:${name}`;

interface BotRowProps {
  bot: BotSettings;
  isHere: boolean;
  onSet: (isAllowed: boolean) => void;
}

function BotRow({ bot, isHere, onSet }: BotRowProps) {
  return (
    <li class="person">
      <Avatar person={{ userId: idOf(bot), name: bot.title }} />
      <span class="bot-about">
        <bdi>{bot.title}</bdi>
        {bot.description && <span class="hint">{bot.description}</span>}
      </span>
      <button
        type="button"
        class="button"
        aria-label={`${isHere ? "Remove" : "Allow"} ${bot.title}`}
        onClick={() => onSet(!isHere)}
      >
        {isHere ? "Remove" : "Allow"}
      </button>
    </li>
  );
}
