//! Training: every gradient, the optimisers, whole runs.

mod gradients;
mod harness;
mod optimizers;
