/** An invalid setting or an unknown stage. The message tells the operator what to change. */
export class SettingError extends Error {}
