// The look of a table: quiet heads, digits of one width, scrolled where it is wide.
import { css } from 'lit';

export const tableStyles = css`
  table {
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  th {
    color: var(--muted);
    font-weight: 500;
    text-align: left;
  }
  .scroll {
    position: relative; /* what is hidden inside scrolls along */
    max-width: 100%;
    overflow-x: auto;
  }
  .number {
    text-align: right;
    font-variant-numeric: tabular-nums;
  }
`;
