//! Training: every gradient, the optimisers, whole runs.

mod alexnet;
mod dropout;
mod gradients;
mod harness;
mod optimizers;
mod runs;
mod trajectory;
