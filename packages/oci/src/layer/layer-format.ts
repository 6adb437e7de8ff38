/** Changes whenever the bytes of a packed tree would: a DiffID that was made with another number cannot be packed again. */
export const LAYER_FORMAT = 1;
