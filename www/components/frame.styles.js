// A frame around a part of a picture: `--x`, `--y`, `--width` and `--height` are shares
// of the picture's sides.
import { css } from 'lit';

export const frameStyles = css`
  .frame {
    position: absolute;
    left: calc(100% * var(--x));
    top: calc(100% * var(--y));
    width: calc(100% * var(--width));
    height: calc(100% * var(--height));
    outline: 2px solid var(--ink);
    pointer-events: none;
  }
`;
