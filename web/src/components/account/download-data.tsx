// Saves everything about this person as a file.
import { exportData } from "../../state/my-data.ts";
import { count } from "../../text/count.ts";
import { type FileContent, type ReadProgress, SaveFile } from "../save-file.tsx";

export function DownloadData() {
  return (
    <SaveFile
      action="Download your data"
      reading="Reading your data"
      failure="Couldn't read everything."
      read={readData}
    />
  );
}

async function readData(signal: AbortSignal, onProgress: (progress: ReadProgress) => void): Promise<FileContent> {
  const text = await exportData(signal, (messages) => onProgress({ text: count(messages, "message") }));
  return { name: `parlor-${new Date().toISOString().slice(0, 10)}.json`, type: "application/json", text };
}
