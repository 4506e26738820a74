//! GPU = reference, over awkward shapes: size 1, primes, tile +/- 1, stride 4
//! with padding 2, overlapping pools, groups, batch 1 and more.

mod conv2d;
mod linear;
