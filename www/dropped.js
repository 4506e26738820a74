// What was dropped: to be looked at while the event is told, since afterwards it is gone.

/**
 * @typedef {{ entries: FileSystemEntry[], files: File[] }} Dropped
 *
 * @param {DataTransfer} transfer
 * @returns {Dropped}
 */
export const droppedOf = (transfer) => ({
  entries: [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean),
  files: [...transfer.files],
});
