// What `Inspection.read` (src/web/inspect.rs) is asked for.
export const VALUE = 0;
export const STATISTICS = 1;
export const GRADIENT = 2;
export const GUIDED_GRADIENT = 3;
